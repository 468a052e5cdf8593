// SPDX-License-Identifier: Apache-2.0
#include "azure/azurite.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.hpp"
#include "base/guid.hpp"

namespace sluice::azure {
namespace {

namespace fs = std::filesystem;

/// The account that every Azurite has, and its key (documented).
constexpr auto account_name = "devstoreaccount1";
constexpr auto account_key =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

auto services_directory() -> fs::path {
  const auto* source = std::getenv("SLUICE_SOURCE_DIR");
  return fs::path{source == nullptr ? "." : source} / "tests" / "services";
}

auto words_of(const fs::path& directory, Azurite::Transport transport) -> std::vector<std::string> {
  const auto services = services_directory();
  std::vector<std::string> words{(services / "node").string(),
                                 (services / "node_modules/.bin/azurite").string(),
                                 "--silent",
                                 "--inMemoryPersistence",
                                 "--disableTelemetry",
                                 "--blobPort=0",
                                 "--queuePort=0",
                                 "--tablePort=0"};
  if (transport == Azurite::Transport::https) {
    words.insert(words.end(),
                 {"--oauth=basic",
                  "--cert=" + (directory / "certificate.pem").string(),
                  "--key=" + (directory / "key.pem").string()});
  }
  return words;
}

[[noreturn]] void become(const std::vector<std::string>& words, int output) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(output, STDOUT_FILENO);
  std::vector<char*> arguments;
  for (const auto& word : words) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

/// Reads until the line that tells of `service`, and gives its address with the account.
auto address_of(std::string& said, int input, std::string_view service) -> std::string {
  const auto mark = fmt::format("Azurite {} service is successfully listening at ", service);
  std::array<char, 1024> piece{};
  while (true) {
    const auto at = said.find(mark);
    const auto end = at == std::string::npos ? at : said.find('\n', at);
    if (end != std::string::npos) {
      const auto begin = at + mark.size();
      return fmt::format("{}/{}", said.substr(begin, end - begin), account_name);
    }
    const auto got = ::read(input, piece.data(), piece.size());
    if (got <= 0) {
      ADD_FAILURE() << "Azurite did not start; scripts/bootstrap installs it. It said: " << said;
      std::abort();
    }
    said.append(piece.data(), static_cast<std::size_t>(got));
  }
}

} // namespace

Azurite::Azurite(Transport transport) {
  auto pattern = (fs::temp_directory_path() / "sluice-azurite-XXXXXX").string();
  directory_ = ::mkdtemp(pattern.data());
  http::CurlClient::Options options;
  if (transport == Transport::https) {
    make_authority();
    options.authorities_file = authority_file();
  }
  client_ = http::CurlClient::create(options).value();
  start(transport);
}

Azurite::~Azurite() {
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  ::close(output_);
  fs::remove_all(directory_);
}

auto Azurite::shared() -> Azurite& {
  static Azurite azurite;
  return azurite;
}

auto Azurite::authority_file() const -> fs::path {
  return directory_ / "certificate.pem";
}

void Azurite::make_authority() {
  const auto command =
      fmt::format("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=azurite "
                  "-addext subjectAltName=IP:127.0.0.1 -keyout {}/key.pem -out {} 2>/dev/null",
                  directory_.string(),
                  authority_file().string());
  CHECK(std::system(command.c_str()) == 0);
}

void Azurite::start(Transport transport) {
  std::array<int, 2> output{};
  CHECK(::pipe2(output.data(), O_CLOEXEC) == 0);
  const auto words = words_of(directory_, transport);
  process_ = ::fork();
  CHECK(process_ >= 0);
  if (process_ == 0) {
    CHECK(::chdir(directory_.c_str()) == 0);
    become(words, output[1]);
  }
  ::close(output[1]);
  std::string said;
  const auto blob = address_of(said, output[0], "Blob");
  const auto queue = address_of(said, output[0], "Queue");
  const auto table = address_of(said, output[0], "Table");
  account_ = std::make_unique<StorageAccount>(
      custom_storage_account(account_name, blob, queue, table).value());
  output_ = output[0]; // Left open: what else it says must not break it.
}

auto Azurite::key() -> Secret {
  return Secret{std::string{account_key}};
}

auto Azurite::key_authorization() -> std::shared_ptr<Authorization> {
  return shared_key(account_name, key()).value();
}

auto Azurite::fresh_name() -> std::string {
  auto name = "t" + random_guid();
  std::erase(name, '-'); // Names of tables have none.
  return name;
}

auto Azurite::table() -> Table {
  return {StorageResource{
              *client_, clock_, StorageService::table, account_->table, key_authorization()},
          fresh_name()};
}

auto Azurite::resource(StorageService service) -> StorageResource {
  return resource(service, fresh_name(), key_authorization());
}

auto Azurite::resource(StorageService service,
                       std::string_view name,
                       std::shared_ptr<Authorization> authorization) -> StorageResource {
  const auto& root = service == StorageService::blob
                         ? account_->blob
                         : (service == StorageService::queue ? account_->queue : account_->table);
  return {*client_, clock_, service, below(root, name).value(), std::move(authorization)};
}

} // namespace sluice::azure

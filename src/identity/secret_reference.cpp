// SPDX-License-Identifier: Apache-2.0
#include "identity/secret_reference.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/log.hpp"

namespace sluice::identity {
namespace {

constexpr std::string_view file_scheme = "file:";
constexpr std::size_t max_secret_bytes = 64 * 1024;

auto refuse(const std::filesystem::path& path, std::string_view why) -> Error {
  return Error{ErrorKind::invalid_input, fmt::format("the secret file {} {}", path.string(), why)};
}

auto check_file(const std::filesystem::path& path) -> Result<> {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    return refuse(path, error ? "cannot be reached" : "does not exist");
  }
  if (!std::filesystem::is_regular_file(status)) {
    return refuse(path, "is no regular file");
  }
  constexpr auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
  if ((status.permissions() & others) != std::filesystem::perms::none) {
    log(LogLevel::warning,
        "secret_file_open_to_others",
        "others than the owner may use a secret file; set its mode to 0600",
        {{"path", path.string()}});
  }
  return {};
}

} // namespace

auto resolve_secret(std::string_view reference) -> Result<Secret> {
  if (!reference.starts_with(file_scheme)) {
    return Error{ErrorKind::invalid_input, "a secret must be given by reference"}.with_hint(
        "put it in a file and write file:/absolute/path");
  }
  const std::filesystem::path path{reference.substr(file_scheme.size())};
  if (!path.is_absolute()) {
    return Error{ErrorKind::invalid_input, "a secret's file needs an absolute path"};
  }
  TRY_DO(check_file(path));
  auto text = read_file(path, max_secret_bytes);
  if (!text) {
    return refuse(path, fmt::format("cannot be used: {}", text.error().message()));
  }
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) {
    text->pop_back();
  }
  if (text->empty()) {
    return refuse(path, "is empty");
  }
  return Secret{*std::move(text)};
}

} // namespace sluice::identity

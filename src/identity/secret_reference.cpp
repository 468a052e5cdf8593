// SPDX-License-Identifier: Apache-2.0
#include "identity/secret_reference.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/log.hpp"
#include "identity/endings.hpp"
#include "identity/key_vault.hpp"

namespace sluice::identity {
namespace {

constexpr std::string_view file_scheme = "file:";
constexpr std::string_view unit_scheme = "cred:";
constexpr std::string_view vault_scheme = "keyvault:";
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

/// PFX files are binary, and their last byte may look like a line end.
auto is_binary(std::string_view text) -> bool {
  return text.find('\0') != std::string_view::npos;
}

auto read_secret_file(const std::filesystem::path& path) -> Result<Secret> {
  auto text = read_file(path, max_secret_bytes);
  if (!text) {
    return refuse(path, fmt::format("cannot be used: {}", text.error().message()));
  }
  while (!is_binary(*text) && (text->ends_with('\n') || text->ends_with('\r'))) {
    text->pop_back();
  }
  if (text->empty()) {
    return refuse(path, "is empty");
  }
  return Secret{*std::move(text)};
}

auto read_own_file(std::string_view name) -> Result<Secret> {
  const std::filesystem::path path{name};
  if (!path.is_absolute()) {
    return Error{ErrorKind::invalid_input, "a secret's file needs an absolute path"};
  }
  TRY_DO(check_file(path));
  return read_secret_file(path);
}

auto read_unit_credential(const Environment& environment, std::string_view name) -> Result<Secret> {
  const auto directory = environment("CREDENTIALS_DIRECTORY");
  if (!directory) {
    return Error{ErrorKind::invalid_input, "there are no systemd credentials here"}.with_hint(
        "run as a systemd unit with LoadCredential= or LoadCredentialEncrypted=");
  }
  if (name.empty() || name.find('/') != std::string_view::npos || name == "." || name == "..") {
    return Error{ErrorKind::invalid_input, "cred: needs the plain name of a credential"};
  }
  return read_secret_file(std::filesystem::path{*directory} / name);
}

} // namespace

auto SecretReader::read(std::string_view reference, const std::stop_token& stop) const
    -> Result<Secret> {
  if (reference.starts_with(file_scheme)) {
    return read_own_file(reference.substr(file_scheme.size()));
  }
  if (reference.starts_with(unit_scheme)) {
    return read_unit_credential(environment_, reference.substr(unit_scheme.size()));
  }
  if (!reference.starts_with(vault_scheme)) {
    return Error{ErrorKind::invalid_input, "a secret must be given by reference"}.with_hint(
        "put it in a file and write file:/absolute/path, or use cred:NAME or keyvault:NAME");
  }
  if (vault_ == nullptr) {
    return Error{ErrorKind::invalid_input, "there is no key vault to read a secret from"}.with_hint(
        "give its address as key_vault.url");
  }
  const auto name = reference.substr(vault_scheme.size());
  TRY(auto secret, vault_->secret(name, stop));
  if (secret.expires && endings_ != nullptr) {
    endings_->note(fmt::format("the secret {} of the key vault", name), *secret.expires);
  }
  return std::move(secret.value);
}

auto SecretReader::read_certificate(std::string_view reference, const std::stop_token& stop) const
    -> Result<Secret> {
  if (!reference.starts_with(vault_scheme) || vault_ == nullptr) {
    return read(reference, stop);
  }
  auto certificate = vault_->certificate(reference.substr(vault_scheme.size()), stop);
  if (certificate) {
    return std::move(certificate->value);
  }
  const auto& error = certificate.error();
  if (error.kind() != ErrorKind::forbidden && error.code() != "CertificateNotFound") {
    return std::move(certificate).error();
  }
  log(LogLevel::info,
      "certificate_from_secret",
      "the key vault shows no certificate of that name; its secret is read",
      {{"reason", error.message()}});
  return read(reference, stop);
}

auto resolve_secret(std::string_view reference) -> Result<Secret> {
  return SecretReader{process_environment()}.read(reference, {});
}

} // namespace sluice::identity

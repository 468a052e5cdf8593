// SPDX-License-Identifier: Apache-2.0
#include "kusto/own_staging.hpp"

#include <utility>

#include <fmt/format.h>

#include "azure/signed_address.hpp"
#include "base/log.hpp"

namespace sluice::kusto {
namespace {

/// The cluster may try for a day (documented).
constexpr auto reading_time = std::chrono::hours{24};

} // namespace

auto OwnStaging::put(const std::string& name,
                     std::string bytes,
                     DateTime now,
                     const std::stop_token& stop) const -> Result<Secret> {
  TRY_DO(container_.put(name, std::move(bytes), {}, stop));
  TRY(const auto access, access_(name, now, stop));
  return Secret{fmt::format(
      "{}{}{}", container_.resource().url().text(), azure::blob_path(name), access.reveal())};
}

void OwnStaging::remove(const std::string& name, const std::stop_token& stop) const {
  if (const auto removed = container_.remove(name, {}, stop);
      !removed && removed.error().kind() != ErrorKind::gone) {
    log(LogLevel::warning, "staged_blob_left", removed.error().message(), {{"blob", name}});
  }
}

auto read_by_managed_identity(std::string_view identity) -> OwnStaging::Access {
  return [text = fmt::format(";managed_identity={}", identity)](
             std::string_view, DateTime, const std::stop_token&) -> Result<Secret> {
    return Secret{std::string{text}};
  };
}

auto read_by_signature(std::shared_ptr<identity::RenewedSecret> signature) -> OwnStaging::Access {
  return [signature = std::move(signature)](
             std::string_view, DateTime, const std::stop_token& stop) -> Result<Secret> {
    const auto current = signature->current(stop);
    const auto text = current->reveal();
    return Secret{fmt::format("{}{}", text.starts_with('?') ? "" : "?", text)};
  };
}

auto read_by_account_key(azure::StorageAccount account,
                         std::string container,
                         std::shared_ptr<identity::RenewedSecret> key) -> OwnStaging::Access {
  return [account = std::move(account), container = std::move(container), key = std::move(key)](
             std::string_view blob, DateTime now, const std::stop_token& stop) -> Result<Secret> {
    TRY(const auto signature,
        azure::signature_for(account,
                             *key->current(stop),
                             azure::StorageService::blob,
                             container,
                             blob,
                             {.permissions = "r", .expires = now + reading_time}));
    return Secret{fmt::format("?{}", signature.reveal())};
  };
}

} // namespace sluice::kusto

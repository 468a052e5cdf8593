// SPDX-License-Identifier: Apache-2.0
#include "azure/signed_address.hpp"

#include <fmt/format.h>

#include "azure/hmac.hpp"

namespace sluice::azure {
namespace {

constexpr std::string_view version = "2021-12-02";

/// The fields in the order that the service signs them (documented); those that are not set are
/// empty lines.
auto text_to_sign(StorageService service,
                  std::string_view resource,
                  std::string_view kind,
                  std::string_view permissions,
                  std::string_view expires) -> std::string {
  const auto common =
      fmt::format("{}\n\n{}\n{}\n\n\n\n{}", permissions, expires, resource, version);
  return service == StorageService::queue ? common
                                          : fmt::format("{}\n{}\n\n\n\n\n\n\n", common, kind);
}

} // namespace

auto signature_for(const StorageAccount& account,
                   const Secret& key_base64,
                   StorageService service,
                   std::string_view name,
                   std::string_view blob,
                   const Grant& grant) -> Result<Secret> {
  if (service == StorageService::table) {
    return Error{ErrorKind::invalid_input, "tables are not signed for"};
  }
  const bool is_queue = service == StorageService::queue;
  const std::string_view kind = blob.empty() ? "c" : "b";
  const auto resource = fmt::format("/{}/{}/{}{}{}",
                                    is_queue ? "queue" : "blob",
                                    account.name,
                                    name,
                                    blob.empty() ? "" : "/",
                                    blob);
  const auto expires = to_iso8601(grant.expires, 0);
  TRY(const auto signature,
      hmac_sha256_base64(key_base64,
                         text_to_sign(service, resource, kind, grant.permissions, expires)));
  http::Parameters query{
      {"sv", std::string{version}}, {"se", expires}, {"sp", grant.permissions}, {"sig", signature}};
  if (!is_queue) {
    query.emplace_back("sr", kind);
  }
  return Secret{http::encoded(query)};
}

} // namespace sluice::azure

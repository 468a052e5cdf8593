// SPDX-License-Identifier: Apache-2.0
#include "azure/blob_lease.hpp"

#include "base/guid.hpp"

namespace sluice::azure {
namespace {

auto ask(const BlobContainer& container,
         std::string_view name,
         http::Headers headers,
         const std::stop_token& stop) -> Result<> {
  TRY_DO(container.resource().send({.method = http::Method::put,
                                    .path = blob_path(name),
                                    .query = "comp=lease",
                                    .headers = std::move(headers)},
                                   stop));
  return {};
}

} // namespace

auto BlobLease::acquire(const BlobContainer& container,
                        std::string name,
                        std::chrono::seconds duration,
                        const std::stop_token& stop) -> Result<BlobLease> {
  // A repetition of the request proposes the same id, which the service grants again (documented).
  auto id = random_guid();
  TRY_DO(ask(container,
             name,
             {{"x-ms-lease-action", "acquire"},
              {"x-ms-lease-duration", std::to_string(duration.count())},
              {"x-ms-proposed-lease-id", id}},
             stop));
  return BlobLease{container, std::move(name), std::move(id)};
}

auto BlobLease::renew(const std::stop_token& stop) -> Result<> {
  return ask(*container_, name_, {{"x-ms-lease-action", "renew"}, {"x-ms-lease-id", id_}}, stop);
}

auto BlobLease::release(const std::stop_token& stop) -> Result<> {
  return ask(*container_, name_, {{"x-ms-lease-action", "release"}, {"x-ms-lease-id", id_}}, stop);
}

auto break_lease(const BlobContainer& container, std::string_view name, const std::stop_token& stop)
    -> Result<> {
  return ask(
      container, name, {{"x-ms-lease-action", "break"}, {"x-ms-lease-break-period", "0"}}, stop);
}

} // namespace sluice::azure

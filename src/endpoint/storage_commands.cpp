// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "endpoint/command.hpp"
#include "endpoint/storage.hpp"

namespace sluice::endpoint {
namespace {

/// Clients ask for all five kinds again and again when one is missing (observed).
auto ingestion_resources(CommandCall& call) -> CommandOutcome {
  const auto& service = call.service;
  const auto at = [&](std::string_view name) {
    return service.storage.address(service.origin, name);
  };
  std::vector<std::vector<std::string>> rows{
      {"SecuredReadyForAggregationQueue", at(Storage::requests)},
      {"TempStorage", at(Storage::blobs)},
      {"FailedIngestionsQueue", at(Storage::failures)},
      {"SuccessfulIngestionsQueue", at(Storage::successes)}};
  if (service.lent != nullptr) {
    const auto lent = service.lent->addresses();
    if (!lent) {
      return tl::unexpected{to_failure(lent.error())};
    }
    rows.clear();
    for (const auto& [kind, address] : *lent) {
      rows.push_back({std::string{kind}, std::string{address.reveal()}});
    }
  }
  rows.push_back({"IngestionsStatusTable", at(Storage::statuses)});
  return text_result({"ResourceTypeName", "StorageRoot"}, std::move(rows));
}

auto identity_token(CommandCall&) -> CommandOutcome {
  return text_result({"AuthorizationContext"}, {{"none"}});
}

constexpr std::array table{
    Command{"get ingestion resources", false, ingestion_resources},
    Command{"get kusto identity token", false, identity_token},
};

} // namespace

auto storage_commands() -> std::span<const Command> {
  return table;
}

} // namespace sluice::endpoint

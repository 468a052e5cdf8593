// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace sluice::app {

/// What a variable of a runbook is for.
enum class Meaning : std::uint8_t {
  tenant_id,
  tenant_name,
  client_id,
  client_secret,
  management_host, ///< Tells the cloud.
  publisher,
  content_types,
  cluster,
  ingestion, ///< The cluster's data management service.
  database,
  cluster_client_id,
  cluster_secret,
  cluster_tenant,
  storage_account,
  storage_container,
  storage_key,
  storage_signature,
  vault,
  none, ///< Known, and without a counterpart.
  unknown,
};

struct VariableMeaning {
  Meaning meaning = Meaning::unknown;
  /// The option of the configuration, or of `none` the reason why there is none.
  std::string_view about;
};

/// Runbooks were changed by whoever installed them, so names are matched by the words in them, in
/// any case and however they are joined: `KustoAccessAppKey`, `ADX_App_Secret` and
/// `kusto-client-secret` mean the same.
[[nodiscard]] auto meaning_of(std::string_view name) -> VariableMeaning;

/// Its value never stands in a configuration.
[[nodiscard]] auto is_secret(Meaning meaning) noexcept -> bool;

} // namespace sluice::app

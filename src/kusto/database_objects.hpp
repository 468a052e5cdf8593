// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice::kusto {

constexpr std::string_view records_table = "AuditRecords";
constexpr std::string_view cases_table = "Cases";
/// Names of JSON mappings of those tables.
constexpr std::string_view records_mapping = "sluice_records";
constexpr std::string_view cases_mapping = "sluice_cases";

/// One thing that a database must have, and the command that makes it. The command may be run any
/// number of times: what is there stays, and a table gets the columns that it lacks.
struct DatabaseObject {
  std::string subject; ///< `table AuditRecords`
  std::string command;
  std::string role;         ///< The least that whoever runs it must be (documented).
  bool is_required = false; ///< Without it nothing can be ingested.
};

/// All of them, in the order in which they are made.
[[nodiscard]] auto database_objects() -> std::vector<DatabaseObject>;

/// Lets ingestion read blobs of ours as a managed identity of the cluster: `system`, or an object
/// id.
[[nodiscard]] auto managed_identity_policy(std::string_view database, std::string_view identity)
    -> DatabaseObject;

/// The command that lets an application ingest into a database.
[[nodiscard]] auto ingestor_grant(std::string_view database,
                                  std::string_view client_id,
                                  std::string_view tenant) -> std::string;

} // namespace sluice::kusto

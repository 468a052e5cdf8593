// SPDX-License-Identifier: Apache-2.0
#include "kusto/database_objects.hpp"

#include <utility>

#include <fmt/format.h>

#include "record/case_columns.hpp"
#include "record/columns.hpp"

namespace sluice::kusto {
namespace {

/// A column and the mapping's properties that fill it.
struct ColumnSource {
  std::string name;
  std::string type;
  std::string properties;
};

auto by_name(std::string_view name, record::ColumnType type) -> ColumnSource {
  return {
      std::string{name}, std::string{record::name_of(type)}, fmt::format(R"("Path":"$.{}")", name)};
}

/// Every column of the wide table; what no column knows, and the record as a whole.
auto record_columns() -> std::vector<ColumnSource> {
  std::vector<ColumnSource> columns;
  for (const auto& column : record::wide_table_columns()) {
    columns.push_back(by_name(column.name, column.type));
  }
  columns.push_back(
      {"AdditionalFields", "dynamic", R"("Path":"$","Transform":"DropMappedFields")"});
  columns.push_back({"RawRecord", "string", R"("Path":"$")"});
  return columns;
}

auto case_columns() -> std::vector<ColumnSource> {
  std::vector<ColumnSource> columns;
  for (const auto& column : record::case_columns()) {
    columns.push_back(by_name(column.name, column.type));
  }
  columns.push_back(by_name("Epoch", record::ColumnType::string));
  return columns;
}

auto table_command(std::string_view table, const std::vector<ColumnSource>& columns)
    -> std::string {
  std::string list;
  for (const auto& column : columns) {
    list += fmt::format("{}['{}']:{}", list.empty() ? "" : ", ", column.name, column.type);
  }
  return fmt::format(".create-merge table {} ({})", table, list);
}

auto mapping_command(std::string_view table,
                     std::string_view mapping,
                     const std::vector<ColumnSource>& columns) -> std::string {
  std::string list;
  for (const auto& column : columns) {
    list += fmt::format(R"({}{{"Column":"{}","DataType":"{}","Properties":{{{}}}}})",
                        list.empty() ? "" : ",",
                        column.name,
                        column.type,
                        column.properties);
  }
  return fmt::format(
      R"(.create-or-alter table {} ingestion json mapping "{}" '[{}]')", table, mapping, list);
}

/// Rows come at most half a minute after they were handed in, not five.
constexpr auto batching = R"('{"MaximumBatchingTimeSpan":"00:00:30"}')";

constexpr auto records_once =
    ".create async ifnotexists materialized-view with (backfill=true, folder='Sluice', "
    "docstring='AuditRecords, each record once') AuditRecordsOnce on table AuditRecords { "
    "AuditRecords | extend RecordKey = iff(isempty(Id), RawRecord, Id) "
    "| summarize take_any(*) by OrganizationId, RecordKey }";

constexpr auto case_versions =
    ".create async ifnotexists materialized-view with (backfill=true, folder='Sluice', "
    "docstring='the newest version of each case, in each history') CaseVersions on table Cases { "
    "Cases | summarize arg_max(Version, *) by Epoch, CaseId }";

constexpr auto unique_records =
    ".create-or-alter function with (folder='Sluice', docstring='AuditRecords, each record once', "
    "skipvalidation='true') UniqueAuditRecords() { materialized_view('AuditRecordsOnce') "
    "| project-away RecordKey }";

constexpr auto latest_cases =
    ".create-or-alter function with (folder='Sluice', docstring='the newest version of each case', "
    "skipvalidation='true') LatestCases() { let current = toscalar(Cases "
    "| summarize arg_max(EmittedTime, Epoch) | project Epoch); materialized_view('CaseVersions') "
    "| where Epoch == current | project-away Epoch | project-reorder CaseId, Version }";

} // namespace

auto database_objects() -> std::vector<DatabaseObject> {
  const auto records = record_columns();
  const auto cases = case_columns();
  std::vector<DatabaseObject> objects{
      {"table AuditRecords", table_command(records_table, records), "Database User", true},
      {"table Cases", table_command(cases_table, cases), "Database User", true},
      {"mapping of AuditRecords",
       mapping_command(records_table, records_mapping, records),
       "Table Ingestor",
       true},
      {"mapping of Cases",
       mapping_command(cases_table, cases_mapping, cases),
       "Table Ingestor",
       true}};
  for (const auto table : {records_table, cases_table}) {
    objects.push_back(
        {fmt::format("batching of {}", table),
         fmt::format(".alter-merge table {} policy ingestionbatching {}", table, batching),
         "Table Admin",
         false});
    objects.push_back(
        {fmt::format("streaming into {}", table),
         fmt::format(R"(.alter table {} policy streamingingestion '{{"IsEnabled":true}}')", table),
         "Table Admin",
         false});
  }
  objects.push_back({"view of records, each once", records_once, "Database Admin", false});
  objects.push_back({"view of cases by version", case_versions, "Database Admin", false});
  objects.push_back({"function UniqueAuditRecords()", unique_records, "Database User", false});
  objects.push_back({"function LatestCases()", latest_cases, "Database User", false});
  objects.push_back({"what streaming knows of the tables",
                     ".clear database cache streamingingestion schema",
                     "Database Ingestor",
                     false});
  return objects;
}

auto managed_identity_policy(std::string_view database, std::string_view identity)
    -> DatabaseObject {
  return {fmt::format("policy for the managed identity {}", identity),
          fmt::format(".alter-merge database ['{}'] policy managed_identity "
                      R"('[{{"ObjectId":"{}","AllowedUsages":"NativeIngestion"}}]')",
                      database,
                      identity),
          "AllDatabasesAdmin",
          false};
}

auto ingestor_grant(std::string_view database, std::string_view client_id, std::string_view tenant)
    -> std::string {
  return fmt::format(
      ".add database ['{}'] ingestors ('aadapp={};{}') 'Sluice'", database, client_id, tenant);
}

} // namespace sluice::kusto

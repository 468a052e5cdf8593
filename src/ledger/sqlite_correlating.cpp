// SPDX-License-Identifier: Apache-2.0
#include "ledger/sqlite_correlating.hpp"

#include <algorithm>

#include "base/failpoint.hpp"
#include "ledger/claims.hpp"
#include "ledger/sqlite_contents.hpp"

namespace sluice::ledger::sqlite {
namespace {

/// Findings that are kept; the ones seen least lately go first.
constexpr std::int64_t most_findings = 1'000;

auto bytes_of(std::string_view text) -> Blob {
  return std::as_bytes(std::span{text.data(), text.size()});
}

auto text_of(Blob bytes) -> std::string {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

auto write_state(Database& database, const StateItem& item) -> Result<> {
  if (item.value.empty()) {
    TRY_DO(database.run("DELETE FROM correlation_state WHERE key = ?", {item.key}));
    return {};
  }
  TRY_DO(database.run("INSERT INTO correlation_state (key, value) VALUES (?, ?) "
                      "ON CONFLICT DO UPDATE SET value = excluded.value",
                      {item.key, bytes_of(item.value)}));
  return {};
}

auto write_case(Database& database, const NewCase& told, DateTime now) -> Result<> {
  TRY_DO(database.run("INSERT INTO cases (organization, case_id, version, told_at, row) "
                      "SELECT ?1, ?2, coalesce(max(version), 0) + 1, ?3, ?4 "
                      "FROM cases WHERE case_id = ?2",
                      {told.organization, told.case_id, ticks(now), told.row}));
  return {};
}

auto write_finding(Database& database, const CaseFinding& finding, DateTime now) -> Result<> {
  TRY_DO(database.run(
      "INSERT INTO case_findings (kind, text, times, last_seen) VALUES (?, ?, ?, ?) "
      "ON CONFLICT DO UPDATE SET times = times + excluded.times, last_seen = excluded.last_seen",
      {finding.kind, finding.text, static_cast<std::int64_t>(finding.times), ticks(now)}));
  return {};
}

auto destination_number(Database& database, std::string_view name)
    -> Result<std::optional<std::int64_t>> {
  return database.number("SELECT destination_no FROM destinations WHERE name = ? AND active",
                         {name});
}

} // namespace

auto uncorrelated(Database& database, std::size_t limit) -> Result<std::vector<Delivery>> {
  TRY(auto row,
      database.query("SELECT t.tenant, f.content_type, c.content_id, c.created, c.generation, "
                     "c.duplicates, c.kept, c.staged_name, c.staged_bytes, c.staged_sha256 "
                     "FROM contents c INDEXED BY contents_uncorrelated "
                     "CROSS JOIN feeds f USING (feed_no) CROSS JOIN tenants t USING (tenant_no) "
                     "WHERE c.staged_name IS NOT NULL AND c.state IN (1, 2) "
                     "AND c.correlated <= c.generation "
                     "ORDER BY c.created, c.content_id, c.content_no LIMIT ?",
                     {static_cast<std::int64_t>(limit)}));
  std::vector<Delivery> contents;
  while (true) {
    TRY(const bool found, row.next());
    if (!found) {
      return contents;
    }
    contents.push_back({.key = {{row.text(0), row.text(1)}, row.text(2)},
                        .created = time_of(row.integer(3)),
                        .generation = static_cast<std::uint32_t>(row.count(4)),
                        .staged = object_of(row, 7),
                        .duplicates = unpack(row.blob(5)),
                        .kept = row.count(6)});
  }
}

auto correlation_state(Database& database,
                       const std::function<auto(const StateItem&)->Result<>>& visit) -> Result<> {
  TRY(auto row, database.query("SELECT key, value FROM correlation_state"));
  while (true) {
    TRY(const bool found, row.next());
    if (!found) {
      return {};
    }
    TRY_DO(visit({row.text(0), text_of(row.blob(1))}));
  }
}

auto correlation_state_of(Database& database, std::string_view key) -> Result<std::string> {
  TRY(auto row, database.query("SELECT value FROM correlation_state WHERE key = ?", {key}));
  TRY(const bool found, row.next());
  return found ? text_of(row.blob(0)) : std::string{};
}

auto record_correlated(Database& database, const Correlated& correlated, DateTime now) -> Result<> {
  for (const auto& item : correlated.state) {
    TRY_DO(write_state(database, item));
  }
  FAILPOINT("ledger.state_before_cases");
  for (const auto& told : correlated.cases) {
    TRY_DO(write_case(database, told, now));
  }
  for (const auto& finding : correlated.findings) {
    TRY_DO(write_finding(database, finding, now));
  }
  if (!correlated.findings.empty()) {
    TRY_DO(database.run("DELETE FROM case_findings WHERE (kind, text) NOT IN (SELECT kind, text "
                        "FROM case_findings ORDER BY last_seen DESC, times DESC LIMIT ?)",
                        {most_findings}));
  }
  FAILPOINT("ledger.cases_before_position");
  for (const auto& content : correlated.contents) {
    TRY(const auto row, find_content(database, content.key));
    TRY_DO(database.run("UPDATE contents SET correlated = ? WHERE content_no = ?",
                        {std::int64_t{content.generation} + 1, row.content_no}));
  }
  return {};
}

auto correlated_until(Database& database) -> Result<std::optional<DateTime>> {
  TRY(const auto listed, database.number("SELECT max(watermark) FROM feeds"));
  // What nobody can collect any more does not hold the time back.
  TRY(const auto waiting,
      database.number("SELECT min(created) FROM contents INDEXED BY contents_waiting "
                      "WHERE state = 0 AND (raw_name IS NOT NULL OR expiration > ?)",
                      {listed.value_or(0)}));
  TRY(const auto staged,
      database.number("SELECT min(created) FROM contents INDEXED BY contents_uncorrelated "
                      "WHERE staged_name IS NOT NULL AND state IN (1, 2) "
                      "AND correlated <= generation"));
  std::optional<std::int64_t> until = listed;
  for (const auto& earlier : {waiting, staged}) {
    if (earlier && (!until || *earlier < *until)) {
      until = earlier;
    }
  }
  return until ? std::optional{time_of(*until)} : std::nullopt;
}

auto case_epoch(Database& database) -> Result<std::string> {
  TRY(auto row, database.query("SELECT value FROM memory WHERE name = 'case_epoch'"));
  TRY(const bool found, row.next());
  return found ? row.text(0) : std::string{};
}

auto begin_case_epoch(Database& database) -> Result<> {
  TRY_DO(database.run("INSERT INTO memory (name, value) "
                      "VALUES ('case_epoch', lower(hex(randomblob(16)))) "
                      "ON CONFLICT DO UPDATE SET value = excluded.value"));
  for (const auto* table : {"correlation_state", "cases", "case_deliveries", "case_findings"}) {
    TRY_DO(database.run(std::string{"DELETE FROM "} + table));
  }
  TRY_DO(database.run("UPDATE contents SET correlated = 0 WHERE correlated <> 0"));
  return {};
}

auto undelivered_cases(Database& database, std::string_view destination, std::size_t limit)
    -> Result<std::vector<CaseVersion>> {
  TRY(const auto number, destination_number(database, destination));
  TRY(auto row,
      database.query("SELECT sequence, organization, case_id, version, told_at, row FROM cases "
                     "WHERE sequence > coalesce((SELECT sequence FROM case_deliveries "
                     "WHERE destination_no = ?), 0) ORDER BY sequence LIMIT ?",
                     {number.value_or(0), static_cast<std::int64_t>(limit)}));
  std::vector<CaseVersion> versions;
  while (true) {
    TRY(const bool found, row.next());
    if (!found) {
      return versions;
    }
    versions.push_back({.sequence = row.count(0),
                        .organization = row.text(1),
                        .case_id = row.text(2),
                        .version = static_cast<std::uint32_t>(row.count(3)),
                        .told_at = time_of(row.integer(4)),
                        .row = row.text(5)});
  }
}

auto mark_cases_delivered(Database& database, std::string_view destination, std::uint64_t sequence)
    -> Result<> {
  TRY(const auto number, destination_number(database, destination));
  if (!number) {
    return Error{ErrorKind::invalid_input, "there is no such destination"};
  }
  TRY_DO(database.run("INSERT INTO case_deliveries (destination_no, sequence) VALUES (?, ?) "
                      "ON CONFLICT DO UPDATE SET sequence = max(sequence, excluded.sequence)",
                      {*number, static_cast<std::int64_t>(sequence)}));
  return {};
}

auto forget_cases(Database& database, DateTime before) -> Result<std::uint64_t> {
  return database.run(
      "DELETE FROM cases WHERE told_at < ? AND EXISTS (SELECT 1 FROM cases newer "
      "WHERE newer.case_id = cases.case_id AND newer.version > cases.version) "
      "AND NOT EXISTS (SELECT 1 FROM destinations d WHERE d.active AND cases.sequence > coalesce("
      "(SELECT sequence FROM case_deliveries c WHERE c.destination_no = d.destination_no), 0))",
      {ticks(before)});
}

auto case_findings(Database& database, std::size_t limit) -> Result<std::vector<CaseFinding>> {
  TRY(auto row,
      database.query("SELECT kind, text, times, last_seen FROM case_findings "
                     "ORDER BY last_seen DESC, kind, text LIMIT ?",
                     {static_cast<std::int64_t>(limit)}));
  std::vector<CaseFinding> findings;
  while (true) {
    TRY(const bool found, row.next());
    if (!found) {
      return findings;
    }
    findings.push_back({row.text(0), row.text(1), row.count(2), time_of(row.integer(3))});
  }
}

} // namespace sluice::ledger::sqlite

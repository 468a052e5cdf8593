// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "base/failpoint.hpp"
#include "ledger/claims.hpp"
#include "ledger/collected_content.hpp"
#include "ledger/sqlite_contents.hpp"
#include "ledger/sqlite_correlating.hpp"

namespace sluice::ledger::sqlite {
namespace {

constexpr std::size_t max_reason_bytes = 2'048;

auto signed_of(std::uint64_t count) -> std::int64_t {
  return static_cast<std::int64_t>(count);
}

auto name_or_null(const std::optional<StoredObject>& object) -> Value {
  return object ? Value{std::string_view{object->name}} : Value{nullptr};
}

auto bytes_or_null(const std::optional<StoredObject>& object) -> Value {
  return object ? Value{signed_of(object->bytes)} : Value{nullptr};
}

auto digest_or_null(const std::optional<StoredObject>& object) -> Value {
  return object ? Value{Blob{object->sha256}} : Value{nullptr};
}

auto stored_outcome(Database& database, const ContentRow& row) -> Result<CollectOutcome> {
  TRY(auto columns,
      database.query("SELECT duplicates FROM contents WHERE content_no = ?", {row.content_no}));
  TRY_DO(columns.next());
  return CollectOutcome{
      .duplicates = unpack(columns.blob(0)), .state = row.state, .former_staged = {}};
}

auto write_rule_counts(Database& database,
                       std::int64_t content_no,
                       std::span<const RuleCount> rules) -> Result<> {
  TRY_DO(database.run("DELETE FROM rule_counts WHERE content_no = ?", {content_no}));
  for (const auto& rule : rules) {
    TRY_DO(database.run("INSERT INTO rule_counts (content_no, rule, matched) VALUES (?, ?, ?) "
                        "ON CONFLICT DO UPDATE SET matched = matched + excluded.matched",
                        {content_no, rule.rule, signed_of(rule.matched)}));
  }
  return {};
}

auto write_collected(Database& database,
                     const CollectedContent& content,
                     std::int64_t content_no,
                     const CollectOutcome& outcome,
                     DateTime now) -> Result<> {
  const auto duplicate = outcome.duplicates.size();
  const auto raw = std::optional{content.raw};
  TRY_DO(database.run(
      "UPDATE contents SET state = ?, collected_at = ?, attempts = 0, code = '', reason = '', "
      "records = ?, kept = ?, dropped = ?, duplicate = ?, quarantined = ?, "
      "raw_name = ?, raw_bytes = ?, raw_sha256 = ?, "
      "staged_name = ?, staged_bytes = ?, staged_sha256 = ?, duplicates = ? WHERE content_no = ?",
      {number_of(outcome.state),
       ticks(now),
       signed_of(content.records),
       signed_of(content.claims.size() - duplicate),
       signed_of(content.dropped),
       signed_of(duplicate),
       signed_of(content.quarantined),
       name_or_null(raw),
       bytes_or_null(raw),
       digest_or_null(raw),
       name_or_null(content.staged),
       bytes_or_null(content.staged),
       digest_or_null(content.staged),
       Blob{pack(outcome.duplicates)},
       content_no}));
  return {};
}

} // namespace

auto due_work(Database& database,
              const WorkQuery& query,
              const std::function<auto(const ContentKey&)->bool>& taken)
    -> Result<std::vector<WorkItem>> {
  TRY(auto row,
      database.query("SELECT t.tenant, f.content_type, c.content_id, c.created, c.expiration, "
                     "c.attempts, c.generation, c.raw_name, c.raw_bytes, c.raw_sha256 "
                     "FROM contents c INDEXED BY contents_waiting "
                     "CROSS JOIN feeds f USING (feed_no) CROSS JOIN tenants t USING (tenant_no) "
                     "WHERE c.state = 0 AND c.next_attempt <= ?1 AND (?2 IS NULL OR t.tenant = ?2) "
                     "ORDER BY c.expiration, c.content_no",
                     {ticks(query.now),
                      query.tenant ? Value{std::string_view{*query.tenant}} : Value{nullptr}}));
  std::vector<WorkItem> items;
  while (items.size() < query.limit) {
    TRY(const bool found, row.next());
    if (!found) {
      break;
    }
    auto key = ContentKey{{row.text(0), row.text(1)}, row.text(2)};
    if (!taken(key)) {
      items.push_back({.key = std::move(key),
                       .created = time_of(row.integer(3)),
                       .expiration = time_of(row.integer(4)),
                       .attempts = static_cast<std::uint32_t>(row.count(5)),
                       .generation = static_cast<std::uint32_t>(row.count(6)),
                       .raw = object_of(row, 7)});
    }
  }
  return items;
}

auto next_attempt(Database& database, const std::string& tenant)
    -> Result<std::optional<DateTime>> {
  TRY(const auto value,
      database.number("SELECT min(c.next_attempt) FROM contents c INDEXED BY contents_waiting "
                      "CROSS JOIN feeds f USING (feed_no) CROSS JOIN tenants t USING (tenant_no) "
                      "WHERE c.state = 0 AND t.tenant = ?",
                      {std::string_view{tenant}}));
  return value ? std::optional{time_of(*value)} : std::nullopt;
}

auto record_collected(Database& database, const CollectedContent& content, DateTime now)
    -> Result<CollectOutcome> {
  TRY(const auto row, find_content(database, content.key));
  TRY_DO(check_collected(content, row.state, row.generation));
  if (row.state != State::listed) {
    return stored_outcome(database, row);
  }
  CollectOutcome outcome;
  TRY(outcome.duplicates, claim(database, row.feed.tenant_no, row.content_no, content.claims, now));
  FAILPOINT("ledger.claims_before_counts");
  // A destination that has rows of an earlier generation must hear that there are none now.
  TRY(const auto delivered_before,
      database.number("SELECT count(*) FROM deliveries WHERE content_no = ?", {row.content_no}));
  const bool nothing_to_deliver =
      outcome.duplicates.size() == content.claims.size() && delivered_before == 0;
  outcome.state = nothing_to_deliver ? State::delivered : State::collected;
  if (row.staged && (!content.staged || row.staged->name != content.staged->name)) {
    outcome.former_staged = row.staged;
  }
  TRY_DO(write_collected(database, content, row.content_no, outcome, now));
  TRY_DO(write_rule_counts(database, row.content_no, content.rules));
  return outcome;
}

auto record_failure(Database& database,
                    const ContentKey& key,
                    const Error& error,
                    DateTime next_attempt) -> Result<> {
  TRY(const auto row, find_content(database, key));
  // Only what still waits: a late report of a failure must not undo a success.
  TRY_DO(database.run("UPDATE contents SET attempts = attempts + 1, next_attempt = ?, code = ?, "
                      "reason = ? WHERE content_no = ? AND state = 0",
                      {ticks(next_attempt),
                       std::string_view{error.code()}.substr(0, max_reason_bytes),
                       std::string_view{error.message()}.substr(0, max_reason_bytes),
                       row.content_no}));
  return {};
}

auto give_up(Database& database, const ContentKey& key, State end, const Error& error) -> Result<> {
  TRY(const auto row, find_content(database, key));
  const bool allowed = row.state == end || row.state == State::listed ||
                       (row.state == State::collected && end == State::quarantined);
  if (!allowed) {
    return Error{
        ErrorKind::invalid_input,
        fmt::format("a content that is {} cannot become {}", name_of(row.state), name_of(end))};
  }
  TRY_DO(database.run("UPDATE contents SET state = ?, code = ?, reason = ? WHERE content_no = ?",
                      {number_of(end),
                       std::string_view{error.code()}.substr(0, max_reason_bytes),
                       std::string_view{error.message()}.substr(0, max_reason_bytes),
                       row.content_no}));
  return {};
}

auto retry_quarantined(Database& database, const std::optional<std::string>& tenant)
    -> Result<std::uint64_t> {
  return database.run(
      "UPDATE contents SET state = 0, attempts = 0, next_attempt = 0, "
      "correlated = 0 WHERE state = 4 AND (?1 IS NULL OR feed_no IN (SELECT feed_no FROM feeds "
      "JOIN tenants USING (tenant_no) WHERE tenant = ?1))",
      {tenant ? Value{std::string_view{*tenant}} : Value{nullptr}});
}

auto request_replay(Database& database, const std::optional<std::string>& tenant)
    -> Result<std::uint64_t> {
  TRY_DO(begin_case_epoch(database));
  return database.run(
      "UPDATE contents SET state = 0, generation = generation + 1, attempts = 0, next_attempt = 0 "
      "WHERE state IN (1, 2) AND raw_name IS NOT NULL AND (?1 IS NULL OR feed_no IN "
      "(SELECT feed_no FROM feeds JOIN tenants USING (tenant_no) WHERE tenant = ?1))",
      {tenant ? Value{std::string_view{*tenant}} : Value{nullptr}});
}

} // namespace sluice::ledger::sqlite

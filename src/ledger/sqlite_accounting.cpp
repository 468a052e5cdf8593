// SPDX-License-Identifier: Apache-2.0
#include "ledger/sqlite_contents.hpp"

namespace sluice::ledger::sqlite {
namespace {

auto or_null(const std::optional<std::string>& tenant) -> Value {
  return tenant ? Value{std::string_view{*tenant}} : Value{nullptr};
}

auto feed_accounts(Database& database, const std::optional<std::string>& tenant)
    -> Result<std::vector<FeedAccount>> {
  TRY(auto row,
      database.query(
          "SELECT t.tenant, f.content_type, count(c.content_no), "
          "count(*) FILTER (WHERE c.state = 0), count(*) FILTER (WHERE c.state = 1), "
          "count(*) FILTER (WHERE c.state = 2), count(*) FILTER (WHERE c.state = 3), "
          "count(*) FILTER (WHERE c.state = 4), f.late, "
          "sum(c.records), sum(c.kept), sum(c.dropped), sum(c.duplicate), sum(c.quarantined), "
          "min(c.created) FILTER (WHERE c.state IN (0, 1)), f.watermark "
          "FROM feeds f JOIN tenants t USING (tenant_no) LEFT JOIN contents c USING (feed_no) "
          "WHERE ?1 IS NULL OR t.tenant = ?1 "
          "GROUP BY f.feed_no ORDER BY t.tenant, f.content_type",
          {or_null(tenant)}));
  std::vector<FeedAccount> feeds;
  while (true) {
    TRY(const bool found, row.next());
    if (!found) {
      return feeds;
    }
    feeds.push_back({.feed = {row.text(0), row.text(1)},
                     .entered = row.count(2),
                     .waiting = row.count(3),
                     .collected = row.count(4),
                     .delivered = row.count(5),
                     .expired = row.count(6),
                     .quarantined = row.count(7),
                     .late = row.count(8),
                     .records = {.records = row.count(9),
                                 .kept = row.count(10),
                                 .dropped = row.count(11),
                                 .duplicate = row.count(12),
                                 .quarantined = row.count(13)},
                     .oldest_in_flight = time_at(row, 14),
                     .watermark = time_at(row, 15)});
  }
}

auto rule_accounts(Database& database, const std::optional<std::string>& tenant)
    -> Result<std::vector<RuleAccount>> {
  TRY(auto row,
      database.query("SELECT t.tenant, r.rule, sum(r.matched) FROM rule_counts r "
                     "JOIN contents c USING (content_no) JOIN feeds f USING (feed_no) "
                     "JOIN tenants t USING (tenant_no) WHERE ?1 IS NULL OR t.tenant = ?1 "
                     "GROUP BY t.tenant_no, r.rule ORDER BY t.tenant, r.rule",
                     {or_null(tenant)}));
  std::vector<RuleAccount> rules;
  while (true) {
    TRY(const bool found, row.next());
    if (!found) {
      return rules;
    }
    rules.push_back({row.text(0), row.text(1), row.count(2)});
  }
}

} // namespace

auto account(Database& database, const std::optional<std::string>& tenant) -> Result<Account> {
  Account account;
  TRY(account.feeds, feed_accounts(database, tenant));
  TRY(account.rules, rule_accounts(database, tenant));
  TRY(const auto untrusted, database.number("SELECT value FROM counters WHERE name = 'untrusted'"));
  account.untrusted = static_cast<std::uint64_t>(untrusted.value_or(0));
  return account;
}

auto troubles(Database& database, std::size_t limit) -> Result<std::vector<Trouble>> {
  TRY(auto row,
      database.query(
          "SELECT t.tenant, f.content_type, c.content_id, c.state, c.created, "
          "c.expiration, c.attempts, c.next_attempt, c.code, c.reason "
          "FROM contents c JOIN feeds f USING (feed_no) JOIN tenants t USING (tenant_no) "
          "WHERE c.state = 4 OR (c.state = 0 AND c.attempts > 0) "
          "ORDER BY c.state DESC, c.created, c.content_no LIMIT ?",
          {static_cast<std::int64_t>(limit)}));
  std::vector<Trouble> all;
  while (true) {
    TRY(const bool found, row.next());
    if (!found) {
      return all;
    }
    all.push_back({.key = {{row.text(0), row.text(1)}, row.text(2)},
                   .state = state_of(row.integer(3)),
                   .created = time_of(row.integer(4)),
                   .expiration = time_of(row.integer(5)),
                   .attempts = static_cast<std::uint32_t>(row.count(6)),
                   .next_attempt = time_of(row.integer(7)),
                   .code = row.text(8),
                   .reason = row.text(9)});
  }
}

auto findings(Database& database, std::size_t limit) -> Result<std::vector<Finding>> {
  TRY(auto row,
      database.query(
          "SELECT t.tenant, f.content_type, n.entry, n.why, n.last_seen, n.times "
          "FROM findings n JOIN feeds f USING (feed_no) JOIN tenants t USING (tenant_no) "
          "ORDER BY n.last_seen DESC, n.finding_no DESC LIMIT ?",
          {static_cast<std::int64_t>(limit)}));
  std::vector<Finding> all;
  while (true) {
    TRY(const bool found, row.next());
    if (!found) {
      return all;
    }
    all.push_back({.feed = {row.text(0), row.text(1)},
                   .entry = row.text(2),
                   .why = row.text(3),
                   .last_seen = time_of(row.integer(4)),
                   .times = row.count(5)});
  }
}

auto remember(Database& database, std::string_view name, std::string_view value) -> Result<> {
  TRY_DO(database.run("INSERT INTO memory (name, value) VALUES (?, ?) "
                      "ON CONFLICT DO UPDATE SET value = excluded.value",
                      {name, value}));
  return {};
}

auto recall(Database& database, std::string_view name) -> Result<std::optional<std::string>> {
  TRY(auto row, database.query("SELECT value FROM memory WHERE name = ?", {name}));
  TRY(const bool found, row.next());
  return found ? std::optional{row.text(0)} : std::nullopt;
}

} // namespace sluice::ledger::sqlite

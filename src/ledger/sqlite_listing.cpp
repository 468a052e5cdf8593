// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/failpoint.hpp"
#include "ledger/sqlite_contents.hpp"

namespace sluice::ledger::sqlite {
namespace {

/// What is kept of a text from outside.
constexpr std::size_t max_finding_bytes = 2'048;
constexpr std::int64_t max_findings = 1'000;

auto watermark_of(Database& database, const FeedRow& feed) -> Result<std::optional<DateTime>> {
  TRY(const auto value,
      database.number("SELECT watermark FROM feeds WHERE feed_no = ?", {feed.feed_no}));
  return value ? std::optional{time_of(*value)} : std::nullopt;
}

} // namespace

auto enter(Database& database, const Listing& listing) -> Result<EnterReport> {
  TRY(const auto feed, require_feed(database, listing.feed));
  TRY(const auto watermark, watermark_of(database, feed));
  EnterReport report;
  for (const auto& entry : listing.entries) {
    TRY(const auto added,
        database.run(
            "INSERT INTO contents (feed_no, content_id, created, expiration, listed_at, "
            "raw_name, raw_bytes, raw_sha256) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            {feed.feed_no,
             entry.content_id,
             ticks(entry.created),
             ticks(entry.expiration),
             ticks(listing.listed_at),
             entry.raw ? Value{std::string_view{entry.raw->name}} : Value{nullptr},
             entry.raw ? Value{static_cast<std::int64_t>(entry.raw->bytes)} : Value{nullptr},
             entry.raw ? Value{std::span<const std::byte>{entry.raw->sha256}} : Value{nullptr}}));
    report.added += added;
    report.known += added == 0 ? 1 : 0;
    report.late += added != 0 && watermark && entry.created < *watermark ? 1 : 0;
  }
  FAILPOINT("ledger.entries_before_watermark");
  if (report.late != 0) {
    TRY_DO(database.run("UPDATE feeds SET late = late + ? WHERE feed_no = ?",
                        {static_cast<std::int64_t>(report.late), feed.feed_no}));
  }
  if (listing.complete_until && (!watermark || *listing.complete_until > *watermark)) {
    TRY_DO(database.run("UPDATE feeds SET watermark = ? WHERE feed_no = ?",
                        {ticks(*listing.complete_until), feed.feed_no}));
  }
  return report;
}

auto watermark(Database& database, const Feed& feed) -> Result<std::optional<DateTime>> {
  TRY(const auto row, find_feed(database, feed));
  if (!row) {
    return std::nullopt;
  }
  return watermark_of(database, *row);
}

auto postpone_subscription_start(Database& database, const Feed& feed, DateTime until) -> Result<> {
  TRY(const auto row, require_feed(database, feed));
  TRY_DO(database.run("UPDATE feeds SET start_after = ? WHERE feed_no = ?",
                      {ticks(until), row.feed_no}));
  return {};
}

auto subscription_start_postponed(Database& database, const Feed& feed)
    -> Result<std::optional<DateTime>> {
  TRY(const auto row, find_feed(database, feed));
  if (!row) {
    return std::nullopt;
  }
  TRY(const auto value,
      database.number("SELECT start_after FROM feeds WHERE feed_no = ?", {row->feed_no}));
  return value ? std::optional{time_of(*value)} : std::nullopt;
}

auto record_untrusted(Database& database, const Finding& finding) -> Result<> {
  TRY(const auto feed, require_feed(database, finding.feed));
  const auto entry = std::string_view{finding.entry}.substr(0, max_finding_bytes);
  const auto why = std::string_view{finding.why}.substr(0, max_finding_bytes);
  TRY_DO(database.run(
      "INSERT INTO findings (feed_no, entry, why, last_seen, times) VALUES (?, ?, ?, ?, 1) "
      "ON CONFLICT DO UPDATE SET times = times + 1, last_seen = excluded.last_seen",
      {feed.feed_no, entry, why, ticks(finding.last_seen)}));
  TRY_DO(database.run("DELETE FROM findings WHERE finding_no IN (SELECT finding_no FROM findings "
                      "ORDER BY last_seen DESC, finding_no DESC LIMIT -1 OFFSET ?)",
                      {max_findings}));
  TRY_DO(database.run("INSERT INTO counters (name, value) VALUES ('untrusted', 1) "
                      "ON CONFLICT DO UPDATE SET value = value + 1"));
  return {};
}

} // namespace sluice::ledger::sqlite

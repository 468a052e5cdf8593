// SPDX-License-Identifier: Apache-2.0
#include "ledger/sqlite_contents.hpp"

#include <algorithm>

namespace sluice::ledger {

auto name_of(State state) noexcept -> std::string_view {
  switch (state) {
  case State::listed:
    return "listed";
  case State::collected:
    return "collected";
  case State::delivered:
    return "delivered";
  case State::expired:
    return "expired";
  case State::quarantined:
    return "quarantined";
  }
  return "unknown";
}

namespace sqlite {

auto ticks(DateTime time) -> std::int64_t {
  return time.since_year_one.count();
}

auto time_of(std::int64_t ticks) -> DateTime {
  return {Ticks{std::clamp<std::int64_t>(ticks, 0, DateTime::max_ticks)}};
}

auto number_of(State state) -> std::int64_t {
  return static_cast<std::int64_t>(state);
}

auto state_of(std::int64_t number) -> State {
  const bool known = number >= 0 && number <= number_of(State::quarantined);
  return known ? static_cast<State>(number) : State::listed;
}

auto find_feed(Database& database, const Feed& feed) -> Result<std::optional<FeedRow>> {
  TRY(auto row,
      database.query("SELECT f.feed_no, f.tenant_no FROM feeds f JOIN tenants t USING (tenant_no) "
                     "WHERE t.tenant = ? AND f.content_type = ?",
                     {feed.tenant, feed.content_type}));
  TRY(const bool found, row.next());
  return found ? std::optional{FeedRow{row.integer(0), row.integer(1)}} : std::nullopt;
}

auto require_feed(Database& database, const Feed& feed) -> Result<FeedRow> {
  TRY(const auto known, find_feed(database, feed));
  if (known) {
    return *known;
  }
  TRY_DO(database.run("INSERT OR IGNORE INTO tenants (tenant) VALUES (?)", {feed.tenant}));
  TRY_DO(database.run("INSERT INTO feeds (tenant_no, content_type) "
                      "SELECT tenant_no, ? FROM tenants WHERE tenant = ?",
                      {feed.content_type, feed.tenant}));
  TRY(const auto made, find_feed(database, feed));
  if (!made) {
    return Error{ErrorKind::corrupt, "the ledger: a feed that was just entered is not there"};
  }
  return *made;
}

auto find_content(Database& database, const ContentKey& key) -> Result<ContentRow> {
  TRY(auto row,
      database.query(
          "SELECT c.content_no, c.state, c.generation, f.feed_no, f.tenant_no, "
          "c.staged_name, c.staged_bytes, c.staged_sha256 "
          "FROM contents c JOIN feeds f USING (feed_no) JOIN tenants t USING (tenant_no) "
          "WHERE t.tenant = ? AND f.content_type = ? AND c.content_id = ?",
          {key.feed.tenant, key.feed.content_type, key.content_id}));
  TRY(const bool found, row.next());
  if (!found) {
    return Error{ErrorKind::invalid_input, "the ledger does not know the content"};
  }
  return ContentRow{.content_no = row.integer(0),
                    .feed = {row.integer(3), row.integer(4)},
                    .state = state_of(row.integer(1)),
                    .generation = static_cast<std::uint32_t>(row.count(2)),
                    .staged = object_of(row, 5)};
}

auto object_of(const Statement& row, int column) -> std::optional<StoredObject> {
  if (row.is_null(column)) {
    return std::nullopt;
  }
  StoredObject object{.name = row.text(column), .bytes = row.count(column + 1)};
  const auto digest = row.blob(column + 2);
  std::copy_n(digest.begin(), std::min(digest.size(), object.sha256.size()), object.sha256.begin());
  return object;
}

auto time_at(const Statement& row, int column) -> std::optional<DateTime> {
  return row.is_null(column) ? std::nullopt : std::optional{time_of(row.integer(column))};
}

} // namespace sqlite
} // namespace sluice::ledger

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/failpoint.hpp"
#include "ledger/claims.hpp"
#include "ledger/sqlite_contents.hpp"

namespace sluice::ledger::sqlite {
namespace {

/// A content that every active destination has in its present generation.
constexpr std::string_view finish_all =
    "UPDATE contents SET state = 2 WHERE state = 1 "
    "AND EXISTS (SELECT 1 FROM destinations WHERE active) AND NOT EXISTS ("
    "SELECT 1 FROM destinations x WHERE x.active AND NOT EXISTS ("
    "SELECT 1 FROM deliveries d WHERE d.content_no = contents.content_no "
    "AND d.destination_no = x.destination_no AND d.generation = contents.generation))";
constexpr std::string_view finish_one =
    "UPDATE contents SET state = 2 WHERE content_no = ? AND state = 1 AND NOT EXISTS ("
    "SELECT 1 FROM destinations x WHERE x.active AND NOT EXISTS ("
    "SELECT 1 FROM deliveries d WHERE d.content_no = contents.content_no "
    "AND d.destination_no = x.destination_no AND d.generation = contents.generation))";

auto find_destination(Database& database, std::string_view name) -> Result<std::int64_t> {
  TRY(const auto number,
      database.number("SELECT destination_no FROM destinations WHERE name = ? AND active", {name}));
  if (!number) {
    return Error{ErrorKind::invalid_input, fmt::format("no destination is called '{}'", name)};
  }
  return *number;
}

} // namespace

auto configure_destinations(Database& database, std::span<const std::string> names) -> Result<> {
  TRY_DO(database.run("UPDATE destinations SET active = 0"));
  for (const auto& name : names) {
    TRY_DO(database.run("INSERT INTO destinations (name, active) VALUES (?, 1) "
                        "ON CONFLICT DO UPDATE SET active = 1",
                        {name}));
  }
  TRY_DO(database.run(finish_all));
  return {};
}

auto undelivered(Database& database, std::string_view destination, std::size_t limit)
    -> Result<std::vector<Delivery>> {
  TRY(const auto destination_no, find_destination(database, destination));
  TRY(auto row,
      database.query("SELECT t.tenant, f.content_type, c.content_id, c.created, c.generation, "
                     "c.duplicates, c.kept, c.staged_name, c.staged_bytes, c.staged_sha256 "
                     "FROM contents c INDEXED BY contents_undelivered "
                     "CROSS JOIN feeds f USING (feed_no) CROSS JOIN tenants t USING (tenant_no) "
                     "WHERE c.state = 1 AND NOT EXISTS (SELECT 1 FROM deliveries d "
                     "WHERE d.content_no = c.content_no AND d.destination_no = ? "
                     "AND d.generation = c.generation) "
                     "ORDER BY c.created, c.content_id, c.content_no LIMIT ?",
                     {destination_no, static_cast<std::int64_t>(limit)}));
  std::vector<Delivery> deliveries;
  while (true) {
    TRY(const bool found, row.next());
    if (!found) {
      return deliveries;
    }
    deliveries.push_back({.key = {{row.text(0), row.text(1)}, row.text(2)},
                          .created = time_of(row.integer(3)),
                          .generation = static_cast<std::uint32_t>(row.count(4)),
                          .staged = object_of(row, 7),
                          .duplicates = unpack(row.blob(5)),
                          .kept = row.count(6)});
  }
}

auto mark_delivered(Database& database,
                    std::string_view destination,
                    std::span<const Delivery> deliveries) -> Result<> {
  TRY(const auto destination_no, find_destination(database, destination));
  for (const auto& delivery : deliveries) {
    TRY(const auto row, find_content(database, delivery.key));
    if (row.generation != delivery.generation || row.state == State::listed) {
      continue;
    }
    TRY_DO(database.run("INSERT INTO deliveries (content_no, destination_no, generation) "
                        "VALUES (?, ?, ?) "
                        "ON CONFLICT DO UPDATE SET generation = excluded.generation",
                        {row.content_no, destination_no, std::int64_t{row.generation}}));
    FAILPOINT("ledger.delivery_before_state");
    TRY_DO(database.run(finish_one, {row.content_no}));
  }
  return {};
}

auto reset_destination(Database& database, std::string_view destination) -> Result<std::uint64_t> {
  TRY(const auto destination_no, find_destination(database, destination));
  TRY_DO(database.run("DELETE FROM deliveries WHERE destination_no = ?", {destination_no}));
  TRY_DO(database.run("DELETE FROM case_deliveries WHERE destination_no = ?", {destination_no}));
  TRY_DO(database.run("UPDATE contents SET state = 1 WHERE state = 2 AND kept > 0"));
  TRY(const auto count, database.number("SELECT count(*) FROM contents WHERE state = 1"));
  return static_cast<std::uint64_t>(count.value_or(0));
}

} // namespace sluice::ledger::sqlite

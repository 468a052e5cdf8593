// SPDX-License-Identifier: Apache-2.0
#include "ledger/claims.hpp"

#include "ledger/record_key.hpp"

namespace sluice::ledger::sqlite {
namespace {

// In `owned.keys` each key has its length in front.
void append_key(std::vector<std::byte>& keys, std::span<const std::byte> key) {
  keys.push_back(static_cast<std::byte>(key.size()));
  keys.insert(keys.end(), key.begin(), key.end());
}

/// Gives up all that a content owns. Returns how many ids.
auto give_up(Database& database, std::int64_t tenant_no, std::int64_t content_no)
    -> Result<std::uint64_t> {
  std::vector<std::byte> keys;
  {
    TRY(auto row, database.query("SELECT keys FROM owned WHERE content_no = ?", {content_no}));
    TRY(const bool found, row.next());
    if (!found) {
      return 0;
    }
    keys.assign(row.blob(0).begin(), row.blob(0).end());
  }
  std::uint64_t count = 0;
  for (auto rest = Blob{keys}; !rest.empty(); ++count) {
    const auto size = std::to_integer<std::size_t>(rest.front());
    if (size >= rest.size()) {
      return Error{ErrorKind::corrupt, "the ledger: a list of claims is cut short"};
    }
    TRY_DO(database.run("DELETE FROM claims WHERE tenant_no = ? AND record_key = ?",
                        {tenant_no, rest.subspan(1, size)}));
    rest = rest.subspan(1 + size);
  }
  TRY_DO(database.run("DELETE FROM owned WHERE content_no = ?", {content_no}));
  return count;
}

} // namespace

auto claim(Database& database,
           std::int64_t tenant_no,
           std::int64_t content_no,
           std::span<const std::string> record_ids,
           DateTime now) -> Result<std::vector<std::uint32_t>> {
  TRY_DO(give_up(database, tenant_no, content_no));
  std::vector<std::uint32_t> duplicates;
  std::vector<std::byte> keys;
  for (std::uint32_t position = 0; position < record_ids.size(); ++position) {
    const auto key = record_key(record_ids[position]);
    // Having given up its former claims, a content meets its own only within itself.
    TRY(const auto added,
        database.run("INSERT INTO claims (tenant_no, record_key, content_no) VALUES (?, ?, ?) "
                     "ON CONFLICT DO NOTHING",
                     {tenant_no, Blob{key}, content_no}));
    if (added == 0) {
      duplicates.push_back(position);
    } else {
      append_key(keys, key);
    }
  }
  if (!keys.empty()) {
    TRY_DO(database.run("INSERT INTO owned (content_no, claimed_at, keys) VALUES (?, ?, ?)",
                        {content_no, now.since_year_one.count(), Blob{keys}}));
  }
  return duplicates;
}

auto forget_claims(Database& database, DateTime before, std::size_t limit) -> Result<Forgotten> {
  struct Owner {
    std::int64_t content_no;
    std::int64_t tenant_no;
  };
  std::vector<Owner> owners;
  {
    TRY(auto rows,
        database.query("SELECT o.content_no, f.tenant_no FROM owned o "
                       "JOIN contents c ON c.content_no = o.content_no "
                       "JOIN feeds f ON f.feed_no = c.feed_no "
                       "WHERE o.claimed_at < ? AND c.state = 2 ORDER BY o.claimed_at LIMIT ?",
                       {before.since_year_one.count(), static_cast<std::int64_t>(limit)}));
    while (true) {
      TRY(const bool row, rows.next());
      if (!row) {
        break;
      }
      owners.push_back({rows.integer(0), rows.integer(1)});
    }
  }
  Forgotten forgotten{.contents = owners.size()};
  for (const auto& owner : owners) {
    TRY(const auto ids, give_up(database, owner.tenant_no, owner.content_no));
    forgotten.ids += ids;
  }
  return forgotten;
}

auto pack(std::span<const std::uint32_t> positions) -> std::vector<std::byte> {
  std::vector<std::byte> bytes;
  bytes.reserve(positions.size() * sizeof(std::uint32_t));
  for (const auto position : positions) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
      bytes.push_back(static_cast<std::byte>(position >> shift));
    }
  }
  return bytes;
}

auto unpack(Blob bytes) -> std::vector<std::uint32_t> {
  std::vector<std::uint32_t> positions;
  for (; bytes.size() >= sizeof(std::uint32_t); bytes = bytes.subspan(sizeof(std::uint32_t))) {
    std::uint32_t position = 0;
    for (unsigned i = 0; i < sizeof(std::uint32_t); ++i) {
      position |= std::to_integer<std::uint32_t>(bytes[i]) << (8 * i);
    }
    positions.push_back(position);
  }
  return positions;
}

} // namespace sluice::ledger::sqlite

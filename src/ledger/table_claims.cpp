// SPDX-License-Identifier: Apache-2.0
#include "ledger/table_claims.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "ledger/record_key.hpp"
#include "ledger/table_keys.hpp"

namespace sluice::ledger::tables {
namespace {

using Kind = azure::TableChange::Kind;

/// Text of the ids in one row; as base64 in UTF-16 that is three times as much, of 1 MiB.
constexpr std::size_t owned_row_bytes = 300'000;
/// Claims in one request. Fewer would be more requests, more would fail more often as a whole.
constexpr std::size_t claims_in_request = 50;
/// Tries to find out whose a claim is that comes and goes.
constexpr int most_looks = 10;

using Keys = std::set<std::string>;

/// Where the claim of one id is.
struct Place {
  std::string partition;
  std::string row;

  friend auto operator<=>(const Place&, const Place&) = default;
};

auto key_text(std::string_view record_id) -> std::string {
  std::string text;
  for (const auto byte : record_key(record_id)) {
    text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  }
  return text;
}

auto place_of(std::string_view tenant, std::string_view key) -> Place {
  return {fmt::format("claims|{}|{}", key_part(tenant), key.substr(0, 1)), std::string{key}};
}

auto keys_of(std::span<const std::string> record_ids) -> Keys {
  Keys keys;
  for (const auto& id : record_ids) {
    keys.insert(key_text(id));
  }
  return keys;
}

/// Rows that say what `key` owns, in place of `former` ones.
auto owned_rows(const ContentKey& key, const Keys& keys, DateTime claimed_at, std::size_t former)
    -> ChangeGroup {
  ChangeGroup rows;
  auto next = keys.begin();
  const auto partition = tenant_partition(key.feed.tenant);
  std::size_t piece = 0;
  for (; next != keys.end(); ++piece) {
    std::string text;
    for (; next != keys.end() && text.size() < owned_row_bytes; ++next) {
      text += *next + "\n";
    }
    azure::TableEntity entity{.partition_key = partition, .row_key = owned_row(key, piece)};
    put_bytes(entity, "Keys", text);
    entity.properties.insert_or_assign("Type", escaped(key.feed.content_type));
    entity.properties.insert_or_assign("Id", escaped(key.content_id));
    entity.properties.insert_or_assign("ClaimedAt", claimed_at.since_year_one.count());
    rows.push_back({Kind::insert_or_replace, std::move(entity)});
  }
  for (; piece < former; ++piece) {
    rows.push_back({Kind::remove,
                    {.partition_key = partition, .row_key = owned_row(key, piece), .etag = "*"}});
  }
  return rows;
}

struct Owned {
  Keys keys;
  std::size_t rows = 0;
  DateTime claimed_at{};
};

auto add_keys(Owned& into, const azure::TableEntity& entity) -> Result<> {
  TRY(const auto text, bytes_of(entity, "Keys"));
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    into.keys.emplace(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  ++into.rows;
  into.claimed_at = {Ticks{entity.number("ClaimedAt")}};
  return {};
}

auto owned_by(const Space& space, const ContentKey& key) -> Result<Owned> {
  Owned all;
  TRY_DO(space.each({.filter = rows_of(tenant_partition(key.feed.tenant),
                                       std::string{rows::owned} + content_mark(key) + "|")},
                    [&](const auto& entity) { return add_keys(all, entity); }));
  return all;
}

/// Removes those of the claims that are `key`'s. Returns how many.
auto remove_claims(const Space& space, const ContentKey& key, const Keys& keys)
    -> Result<std::uint64_t> {
  const std::vector<std::string> all{keys.begin(), keys.end()};
  std::atomic<std::uint64_t> removed{0};
  const auto mark = content_mark(key);
  TRY_DO(in_parallel(all.size(), [&](std::size_t i) -> Result<> {
    const auto place = place_of(key.feed.tenant, all[i]);
    auto found = space.claims().find(place.partition, place.row, {});
    if (!found) {
      return is_overtaken(found.error()) ? Result<>{} : std::move(found).error();
    }
    if (found->text("Owner") != mark) {
      return {};
    }
    auto gone = space.claims().remove(place.partition, place.row, found->etag, {});
    removed += gone ? 1U : 0U;
    return gone || is_overtaken(gone.error()) ? Result<>{} : std::move(gone);
  }));
  return removed;
}

/// A claim that is to be made: by whom first, and whose it is in the end.
struct Wish {
  std::string owner;
  bool settled = false;
};
using Wishes = std::map<Place, Wish>;

auto claim_entity(const Place& place, const std::string& owner) -> azure::TableEntity {
  return {.partition_key = place.partition, .row_key = place.row, .properties = {{"Owner", owner}}};
}

/// Makes one claim, or learns whose it is.
auto settle(const Space& space, const Place& place, Wish& wish) -> Result<> {
  for (int look = 0; look < most_looks; ++look) {
    auto found = space.claims().find(place.partition, place.row, {});
    if (found) {
      wish = {std::string{found->text("Owner")}, true};
      return {};
    }
    if (!is_overtaken(found.error())) {
      return std::move(found).error();
    }
    auto made = space.claims().insert(claim_entity(place, wish.owner), {});
    if (made) {
      wish.settled = true;
      return {};
    }
    if (!is_overtaken(made.error())) {
      return std::move(made).error();
    }
  }
  return Error{ErrorKind::unavailable, "the ledger: a claim comes and goes"};
}

using WishEntry = Wishes::value_type;

auto settle_some(const Space& space, std::span<WishEntry* const> some) -> Result<> {
  ChangeGroup group;
  for (const auto* entry : some) {
    group.push_back({Kind::insert, claim_entity(entry->first, entry->second.owner)});
  }
  auto made = space.claims().transact(group, {});
  if (!made && !is_overtaken(made.error())) {
    return std::move(made).error();
  }
  if (made) {
    return {};
  }
  return in_parallel(some.size(),
                     [&](std::size_t i) { return settle(space, some[i]->first, some[i]->second); });
}

auto settle_all(const Space& space, Wishes& wishes) -> Result<> {
  std::vector<std::vector<WishEntry*>> requests;
  for (auto& entry : wishes) {
    const bool fits = !requests.empty() && requests.back().size() < claims_in_request &&
                      requests.back().front()->first.partition == entry.first.partition;
    if (!fits) {
      requests.emplace_back();
    }
    requests.back().push_back(&entry);
  }
  return in_parallel(requests.size(),
                     [&](std::size_t i) { return settle_some(space, requests[i]); });
}

} // namespace

auto announce_claims(const Space& space, const Claimant& claimant, DateTime now)
    -> Result<ChangeGroup> {
  auto keys = keys_of(claimant.record_ids);
  if (claimant.owns) {
    TRY(auto former, owned_by(space, *claimant.key));
    keys.merge(former.keys);
  }
  return owned_rows(*claimant.key, keys, now, 0);
}

auto claim(const Space& space, std::span<const Claimant> claimants)
    -> Result<std::vector<std::vector<std::uint32_t>>> {
  Wishes wishes;
  for (const auto& claimant : claimants) {
    for (const auto& id : claimant.record_ids) {
      wishes.try_emplace(place_of(claimant.key->feed.tenant, key_text(id)),
                         Wish{.owner = content_mark(*claimant.key)});
    }
  }
  TRY_DO(settle_all(space, wishes));
  std::vector<std::vector<std::uint32_t>> duplicates;
  for (const auto& claimant : claimants) {
    const auto mark = content_mark(*claimant.key);
    std::set<Place> seen;
    auto& left_out = duplicates.emplace_back();
    for (std::uint32_t position = 0; position < claimant.record_ids.size(); ++position) {
      auto place = place_of(claimant.key->feed.tenant, key_text(claimant.record_ids[position]));
      const bool ours = wishes.at(place).owner == mark;
      if (!ours || !seen.insert(std::move(place)).second) {
        left_out.push_back(position);
      }
    }
  }
  return duplicates;
}

auto give_up_others(const Space& space, const Claimant& claimant) -> Result<> {
  if (!claimant.owns) {
    return {};
  }
  TRY(auto former, owned_by(space, *claimant.key));
  const auto now = keys_of(claimant.record_ids);
  std::erase_if(former.keys, [&](const auto& key) { return now.contains(key); });
  if (former.keys.empty()) {
    return {};
  }
  TRY_DO(remove_claims(space, *claimant.key, former.keys));
  TRY_DO(space.commit(owned_rows(*claimant.key, now, former.claimed_at, former.rows)));
  return {};
}

auto forget_claims(const Space& space, DateTime before) -> Result<std::uint64_t> {
  TRY(const auto tenants, space.tenants());
  std::uint64_t ids = 0;
  for (const auto& tenant : tenants) {
    std::map<ContentKey, Owned> old;
    TRY_DO(space.each({.filter = fmt::format("{} and ClaimedAt lt {}L",
                                             rows_of(tenant_partition(tenant), rows::owned),
                                             before.since_year_one.count())},
                      [&](const azure::TableEntity& entity) {
                        const ContentKey key{{tenant, unescaped(entity.text("Type"))},
                                             unescaped(entity.text("Id"))};
                        return add_keys(old[key], entity);
                      }));
    for (const auto& [key, claims] : old) {
      TRY(const auto content, space.content(key));
      if (content.state == State::delivered) {
        TRY(const auto removed, remove_claims(space, key, claims.keys));
        ids += removed;
        TRY_DO(space.commit(owned_rows(key, {}, before, claims.rows)));
      }
    }
  }
  return ids;
}

} // namespace sluice::ledger::tables

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "base/failpoint.hpp"
#include "ledger/table_contents.hpp"
#include "ledger/table_keys.hpp"

namespace sluice::ledger::tables {
namespace {

using Kind = azure::TableChange::Kind;

constexpr std::string_view destinations_row = "destinations";
/// Looks at rows that others change too.
constexpr int most_looks = 20;

auto has(const ContentFacts& facts, std::string_view destination) -> bool {
  const auto had = facts.had.find(std::string{destination});
  return had != facts.had.end() && had->second == facts.generation;
}

/// `facts` is the undelivered row, as it is now to be: changed, or gone when all have the content.
auto delivery_group(const ContentFacts& facts, std::span<const std::string> destinations)
    -> ChangeGroup {
  const bool everywhere = std::ranges::all_of(
      destinations, [&](const auto& destination) { return has(facts, destination); });
  auto row = row_of(facts);
  auto content = row_of(facts);
  content.row_key = content_row(facts.key);
  content.etag = "*";
  content.properties.insert_or_assign("Had", text_of(facts.had));
  if (everywhere) {
    content.properties.insert_or_assign("State", static_cast<std::int64_t>(State::delivered));
    return {{Kind::remove, std::move(row)}, {Kind::merge, std::move(content)}};
  }
  row.properties.insert_or_assign("Had", text_of(facts.had));
  return {{Kind::merge, std::move(row)}, {Kind::merge, std::move(content)}};
}

/// The undelivered row with `destination` among those that have the content; one without a place
/// when it is no longer to be delivered.
auto marked_row(Space& space, const std::string& destination, const Delivery& delivery)
    -> Result<ContentFacts> {
  TRY(auto row,
      space.find_facts(delivery.key,
                       staged_row(rows::undelivered, delivery.created, delivery.key)));
  if (!row || row->generation != delivery.generation) {
    return ContentFacts{}; // Replayed or set aside in the meantime.
  }
  row->had.insert_or_assign(destination, row->generation);
  return *std::move(row);
}

/// Takes contents that every destination has by now to their end.
auto finish_all(Space& space, std::span<const std::string> names) -> Result<> {
  TRY(const auto tenants, space.tenants());
  for (const auto& tenant : tenants) {
    std::vector<ChangeGroup> groups;
    TRY_DO(space.each_content(
        {.filter = rows_of(tenant_partition(tenant), rows::undelivered)},
        [&](const ContentFacts& facts) -> Result<bool> {
          if (std::ranges::all_of(names, [&](const auto& name) { return has(facts, name); })) {
            groups.push_back(delivery_group(facts, names));
          }
          return true;
        }));
    // What was overtaken is finished by whoever was faster.
    TRY_DO(space.commit(groups));
  }
  return {};
}

auto reset_group(ContentFacts content, const std::string& destination) -> ChangeGroup {
  const bool forgotten = content.had.erase(destination) != 0;
  const bool again = content.state == State::delivered && content.counts.kept > 0;
  if (!forgotten && !again) {
    return {};
  }
  auto changed = row_of(content);
  changed.properties.insert_or_assign("Had", text_of(content.had));
  if (again) {
    content.state = State::collected;
    changed.properties.insert_or_assign("State", static_cast<std::int64_t>(content.state));
  }
  ChangeGroup group{{Kind::merge, std::move(changed)}};
  if (content.state == State::collected) {
    group.push_back(
        {Kind::insert_or_replace,
         to_entity(content, staged_row(rows::undelivered, content.created, content.key))});
  }
  return group;
}

/// Returns how many contents are collected afterwards; nothing when others changed some of them.
auto reset_tenant(Space& space, const std::string& tenant, const std::string& destination)
    -> Result<std::optional<std::uint64_t>> {
  std::uint64_t collected = 0;
  std::vector<ChangeGroup> groups;
  TRY_DO(space.each_content(
      {.filter = rows_of(tenant_partition(tenant), rows::contents)},
      [&](ContentFacts facts) -> Result<bool> {
        const bool ends = facts.state == State::delivered;
        collected += facts.state == State::collected || (ends && facts.counts.kept > 0) ? 1U : 0U;
        if (ends || facts.state == State::collected) {
          groups.push_back(reset_group(std::move(facts), destination));
        }
        return true;
      }));
  TRY(const auto outcomes, space.commit(groups));
  const bool whole = std::ranges::all_of(outcomes, [](const auto& o) { return o.has_value(); });
  return whole ? std::optional{collected} : std::nullopt;
}

} // namespace

auto destinations(Space& space) -> Result<std::vector<std::string>> {
  TRY(const auto entity, space.find(ledger_partition, destinations_row));
  std::vector<std::string> names;
  if (entity) {
    for (auto rest = entity->text("Names"); !rest.empty();) {
      const auto end = std::min(rest.find('|'), rest.size());
      names.push_back(unescaped(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return names;
}

auto require_destination(Space& space, std::string_view name) -> Result<std::vector<std::string>> {
  TRY(auto names, destinations(space));
  if (std::ranges::find(names, name) == names.end()) {
    return Error{ErrorKind::invalid_input, fmt::format("no destination is called '{}'", name)};
  }
  return names;
}

auto configure_destinations(Space& space, std::span<const std::string> names) -> Result<> {
  std::string text;
  for (const auto& name : names) {
    text += escaped(name) + "|";
  }
  bool changed = false;
  TRY_DO(space.update(ledger_partition, destinations_row, [&](azure::TableEntity& entity) {
    changed = entity.text("Names") != text;
    entity.properties.insert_or_assign("Names", text);
    return changed;
  }));
  return changed && !names.empty() ? finish_all(space, names) : Result<>{};
}

auto delivery_of(const ContentFacts& facts) -> Delivery {
  return {.key = facts.key,
          .created = facts.created,
          .generation = facts.generation,
          .staged = facts.staged,
          .duplicates = facts.duplicates,
          .kept = facts.counts.kept};
}

void put_in_order(std::vector<Delivery>& deliveries, std::size_t limit) {
  std::ranges::sort(deliveries, {}, [](const auto& delivery) {
    return std::tie(delivery.created, delivery.key.content_id, delivery.key);
  });
  deliveries.resize(std::min(deliveries.size(), limit));
}

auto undelivered_to(Space& space, std::string_view destination, std::size_t limit)
    -> Result<std::vector<Delivery>> {
  TRY_DO(require_destination(space, destination));
  TRY(const auto tenants, space.tenants());
  std::vector<Delivery> deliveries;
  for (const auto& tenant : tenants) {
    std::size_t of_tenant = 0;
    TRY_DO(space.each_content(
        {.filter = rows_of(tenant_partition(tenant), rows::undelivered),
         .page_size = static_cast<int>(std::clamp<std::size_t>(limit, 1, 1'000))},
        [&](const ContentFacts& facts) -> Result<bool> {
          if (!has(facts, destination)) {
            deliveries.push_back(delivery_of(facts));
            ++of_tenant;
          }
          return of_tenant < limit;
        }));
  }
  put_in_order(deliveries, limit);
  return deliveries;
}

auto mark_delivered(Space& space,
                    std::string_view destination,
                    std::span<const Delivery> deliveries) -> Result<> {
  TRY(const auto names, require_destination(space, destination));
  const std::string name{destination};
  std::vector<const Delivery*> left;
  for (const auto& delivery : deliveries) {
    left.push_back(&delivery);
  }
  for (int look = 0; look < most_looks && !left.empty(); ++look) {
    std::vector<ContentFacts> rows(left.size());
    TRY_DO(in_parallel(left.size(), [&](std::size_t i) -> Result<> {
      TRY(rows[i], marked_row(space, name, *left[i]));
      return {};
    }));
    FAILPOINT("ledger.delivery_before_state");
    std::vector<ChangeGroup> groups;
    for (const auto& row : rows) {
      groups.push_back(row.row.empty() ? ChangeGroup{} : delivery_group(row, names));
    }
    TRY(const auto outcomes, space.commit(groups));
    std::vector<const Delivery*> again;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (!outcomes[i]) {
        again.push_back(left[i]);
      }
    }
    left = std::move(again);
  }
  return left.empty()
             ? Result<>{}
             : Error{ErrorKind::unavailable, "the ledger: too many change one content at once"};
}

auto reset_destination(Space& space, std::string_view destination) -> Result<std::uint64_t> {
  TRY_DO(require_destination(space, destination));
  TRY(const auto tenants, space.tenants());
  std::uint64_t collected = 0;
  for (const auto& tenant : tenants) {
    std::optional<std::uint64_t> done;
    for (int look = 0; look < most_looks && !done; ++look) {
      TRY(done, reset_tenant(space, tenant, std::string{destination}));
    }
    if (!done) {
      return Error{ErrorKind::unavailable, "the ledger: others change it all the time"};
    }
    collected += *done;
  }
  return collected;
}

} // namespace sluice::ledger::tables

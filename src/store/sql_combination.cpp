// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "store/sql_generator.hpp"
#include "store/wide_table.hpp"

namespace sluice::store {

using kql::JoinKind;
using kql::Plan;
using kql::Type;

namespace {

auto gives_both(JoinKind kind) -> bool {
  return kind == JoinKind::inner || kind == JoinKind::innerunique || kind == JoinKind::left_outer ||
         kind == JoinKind::right_outer || kind == JoinKind::full_outer;
}

auto gives_left(JoinKind kind) -> bool {
  return gives_both(kind) || kind == JoinKind::left_semi || kind == JoinKind::left_anti;
}

auto sql_kind(JoinKind kind) -> std::string_view {
  switch (kind) {
  case JoinKind::inner:
  case JoinKind::innerunique:
    return "JOIN";
  case JoinKind::left_outer:
    return "LEFT JOIN";
  case JoinKind::right_outer:
    return "RIGHT JOIN";
  case JoinKind::full_outer:
    return "FULL JOIN";
  case JoinKind::left_semi:
  case JoinKind::right_semi:
    return "SEMI JOIN";
  case JoinKind::left_anti:
  case JoinKind::right_anti:
    return "ANTI JOIN";
  }
  return "";
}

auto alias_of(std::size_t depth) -> std::string {
  return fmt::format("outer{}", depth);
}

/// Some at a time: DuckDB takes a row of them as one inside the other, up to a thousand.
auto united(std::vector<std::string> parts) -> std::string {
  constexpr std::size_t together = 100;
  while (parts.size() > together) {
    std::vector<std::string> wider;
    for (std::size_t i = 0; i < parts.size(); i += together) {
      const auto end = std::min(i + together, parts.size());
      wider.push_back(fmt::format("SELECT * FROM ({}) AS part",
                                  fmt::join(parts.begin() + static_cast<std::ptrdiff_t>(i),
                                            parts.begin() + static_cast<std::ptrdiff_t>(end),
                                            " UNION ALL ")));
    }
    parts = std::move(wider);
  }
  return fmt::format("{}", fmt::join(parts, " UNION ALL "));
}

/// A table, or a table that one step looks at: it lies beside others of its kind and not inside
/// them, so it counts for nothing among the steps of a query.
auto is_flat(const Plan& plan) -> bool {
  const auto inputs = kql::inputs_of(plan);
  return inputs.empty() || (inputs.size() == 1 && kql::inputs_of(*inputs.front()).empty());
}

/// Of several rows with the same keys any one will do; the first, so that it is the same again. A
/// group, because DuckDB takes a filter that stands above into a DISTINCT ON, and then another row
/// is the first.
auto first_of_each(const Relation& input,
                   std::vector<std::string> keys,
                   std::vector<std::string> items,
                   const Needed& needed) -> std::string {
  append(items, input.order_columns());
  const auto rows = fmt::format("({}) AS rows", select(items, over(input)));
  const auto columns = needed_columns(needed);
  const auto groups = fmt::format(" GROUP BY {}", fmt::join(keys, ", "));
  auto outer = keys;
  if (input.order.empty() || columns.empty()) {
    for (const auto& column : columns) {
      outer.push_back(fmt::format("first({0}) AS {0}", column));
    }
    return select(outer, rows) + groups;
  }
  std::string fields;
  for (const auto& column : columns) {
    fields += fmt::format("{}{} := {}", fields.empty() ? "" : ", ", column, column);
    outer.push_back(fmt::format("struct_extract(taken, '{0}') AS {0}", column));
  }
  keys.push_back(fmt::format("first(struct_pack({}) {}) AS taken", fields, input.order_by()));
  return select(outer, fmt::format("({}{}) AS firsts", select(keys, rows), groups));
}

} // namespace

/// One side: its columns and its keys k0, k1, ...
auto Generator::join_side(const Plan& plan,
                          const std::vector<const kql::Expression*>& keys,
                          const Needed& needed,
                          bool is_unique) -> Result<std::string> {
  auto wanted = needed;
  for (const auto* key : keys) {
    mark_columns(*key, wanted);
  }
  TRY(const auto input, step(plan, wanted));
  auto items = needed_columns(needed);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    items.push_back(fmt::format("{} AS k{}", writer_.value(*keys[i]), i));
    names.push_back(fmt::format("k{}", i));
  }
  return is_unique ? first_of_each(input, std::move(names), std::move(items), needed)
                   : select(items, over(input));
}

auto Generator::write(const Plan& plan, const kql::Join& join, const Needed& needed)
    -> Result<Relation> {
  const auto left_width = join.left->output.columns.size();
  const auto right_width = join.right->output.columns.size();
  const bool has_left = gives_left(join.kind);
  std::vector<const kql::Expression*> left_keys;
  std::vector<const kql::Expression*> right_keys;
  std::string condition = join.keys.empty() ? "true" : "";
  for (const auto& [left, right] : join.keys) {
    condition += fmt::format("{0}l.k{1} IS NOT DISTINCT FROM r.k{1}",
                             left_keys.empty() ? "" : " AND ",
                             left_keys.size());
    left_keys.push_back(left.get());
    right_keys.push_back(right.get());
  }
  const auto left_needed = has_left ? slice(needed, 0, left_width) : Needed(left_width);
  const auto right_needed = gives_both(join.kind) ? slice(needed, left_width, right_width)
                            : has_left            ? Needed(right_width)
                                                  : slice(needed, 0, right_width);
  TRY(const auto left,
      join_side(*join.left, left_keys, left_needed, join.kind == JoinKind::innerunique));
  TRY(const auto right, join_side(*join.right, right_keys, right_needed, false));
  std::vector<std::string> items;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (needed[i]) {
      const bool from_left = has_left && i < left_width;
      const auto column =
          fmt::format("{}.c{}", from_left ? "l" : "r", from_left || !has_left ? i : i - left_width);
      items.push_back(plan.output.columns[i].type == Type::string
                          ? fmt::format("coalesce({}, '') AS c{}", column, i)
                          : fmt::format("{} AS c{}", column, i));
    }
  }
  const bool turned = !has_left;
  return Relation{select(items,
                         fmt::format("({}) AS {} {} ({}) AS {} ON {}",
                                     turned ? right : left,
                                     turned ? "r" : "l",
                                     sql_kind(join.kind),
                                     turned ? left : right,
                                     turned ? "l" : "r",
                                     condition)),
                  {},
                  false};
}

auto Generator::write(const Plan& plan, const kql::Union& all, const Needed& needed)
    -> Result<Relation> {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < all.inputs.size(); ++i) {
    if (gives_nothing(*all.inputs[i])) {
      continue;
    }
    const auto& places = all.places[i];
    Needed wanted(all.inputs[i]->output.columns.size(), false);
    std::vector<std::string> items;
    for (std::size_t column = 0; column < needed.size(); ++column) {
      const auto place = places[column];
      const auto type = plan.output.columns[column].type;
      if (needed[column] && place != kql::Union::absent) {
        wanted[place] = true;
        items.push_back(fmt::format("c{} AS c{}", place, column));
      } else if (needed[column]) {
        items.push_back(fmt::format(
            "{}::{} AS c{}", type == Type::string ? "''" : "NULL", sql_type(type), column));
      }
    }
    const auto steps = steps_;
    TRY(const auto relation, step(*all.inputs[i], wanted));
    steps_ = is_flat(*all.inputs[i]) ? steps : steps_;
    parts.push_back(select(items, over(relation)));
  }
  return parts.empty() ? no_rows(plan, needed) : Relation{united(std::move(parts)), {}, false};
}

auto Generator::write(const Plan&, const kql::Outer& outer, const Needed& needed)
    -> Result<Relation> {
  std::vector<std::string> items;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (needed[i]) {
      items.push_back(fmt::format("{}.c{} AS c{}", alias_of(outer.depth), i, i));
    }
  }
  return Relation{select(items, "(SELECT 1 AS z) AS one"), {}, false};
}

/// First the lists, then a row for each of their items: SQL opens lists of one SELECT side by side.
auto Generator::write(const Plan& plan, const kql::Expand& expand, const Needed& needed)
    -> Result<Relation> {
  const auto width = expand.input->output.columns.size();
  const auto kept = slice(needed, 0, width);
  auto wanted = kept;
  for (const auto& array : expand.arrays) {
    mark_columns(*array, wanted);
  }
  TRY(auto input, step(*expand.input, wanted));
  auto inner = needed_columns(kept);
  append(inner, input.order_columns());
  auto outer = inner;
  std::string lengths;
  for (std::size_t i = 0; i < expand.arrays.size(); ++i) {
    inner.push_back(fmt::format("list_slice({}, 1, {}) AS l{}",
                                writer_.items(*expand.arrays[i], expand.bags_to_arrays),
                                expand.limit,
                                i));
    lengths += fmt::format("{}len(l{})", i == 0 ? "" : ", ", i);
    outer.push_back(fmt::format("unnest(l{}) AS c{}", i, width + (expand.has_index ? 1 : 0) + i));
  }
  const auto index = fmt::format("unnest(range(greatest({})))", lengths);
  if (expand.has_index) {
    outer.push_back(fmt::format("{} AS c{}", index, width));
  }
  if (!input.order.empty()) {
    outer.push_back(fmt::format("{} AS s{}", index, input.order.size()));
    input.order.emplace_back("ASC");
  }
  static_cast<void>(plan);
  return Relation{select(outer, fmt::format("({}) AS lists", select(inner, over(input)))),
                  std::move(input.order),
                  false};
}

auto Generator::write(const Plan&, const kql::Apply& apply, const Needed& needed)
    -> Result<Relation> {
  const auto width = apply.input->output.columns.size();
  const auto body_width = apply.body->output.columns.size();
  TRY(const auto input, step(*apply.input, Needed(width, true)));
  TRY(const auto body, step(*apply.body, slice(needed, width, body_width)));
  std::vector<std::string> items;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (needed[i]) {
      items.push_back(i < width ? fmt::format("{}.c{} AS c{}", alias_of(apply.depth), i, i)
                                : fmt::format("body.c{} AS c{}", i - width, i));
    }
  }
  return Relation{
      select(items,
             fmt::format(
                 "({}) AS {}, LATERAL ({}) AS body", input.sql, alias_of(apply.depth), body.sql)),
      {},
      false};
}

} // namespace sluice::store

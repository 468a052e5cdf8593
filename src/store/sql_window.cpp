// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "store/sql_generator.hpp"
#include "store/wide_table.hpp"

namespace sluice::store {

using kql::Plan;
using kql::Type;

namespace {

/// A number among the arguments, which the binder has seen to be constant.
auto constant_at(const kql::RowFunction& function, std::size_t place, std::int64_t standard)
    -> std::int64_t {
  if (place >= function.arguments.size()) {
    return standard;
  }
  const auto* literal = std::get_if<kql::Literal>(&function.arguments[place]->node);
  return literal == nullptr || literal->value.is_null() ? standard : literal->value.as_integer();
}

/// Sums of integers are 128 bits wide in DuckDB; ours wrap at 64.
auto wrapped(const std::string& huge) -> std::string {
  constexpr auto half = "9223372036854775808::HUGEINT";
  constexpr auto whole = "18446744073709551616::HUGEINT";
  return fmt::format("((({0} + {1}) % {2} + {2}) % {2} - {1})", huge, half, whole);
}

/// `prev` and `next`: so many rows before or, when negative, after.
auto beside(const kql::RowFunction& function, const std::string& instead) -> std::string {
  auto offset = constant_at(function, 1, 1);
  offset = function.name == "next" ? -offset : offset;
  return fmt::format("{}(a0, {}{}) OVER (ORDER BY s0)",
                     offset < 0 ? "lead" : "lag",
                     offset < 0 ? -offset : offset,
                     instead.empty() ? "" : ", " + instead);
}

/// The function's value; `s0` counts the rows, `g` the restarts, a0, a1, ... are its arguments, `d`
/// says where a value differs from the one before.
auto value_of(const kql::RowFunction& function, Type result, const std::string& instead)
    -> std::string {
  constexpr auto so_far = "OVER (PARTITION BY g ORDER BY s0 ROWS UNBOUNDED PRECEDING)";
  if (function.name == "prev" || function.name == "next") {
    return beside(function, instead);
  }
  if (function.name == "row_number") {
    return fmt::format("row_number() OVER (PARTITION BY g ORDER BY s0) + {}",
                       constant_at(function, 0, 1) - 1);
  }
  if (function.name == "row_cumsum") {
    const auto sum = fmt::format("coalesce(sum(a0) {}, 0)", so_far);
    return result == Type::real ? sum : wrapped(sum);
  }
  if (function.name == "row_rank_dense") {
    return fmt::format("sum(d) {}", so_far);
  }
  return fmt::format("max(CASE WHEN d = 1 THEN n ELSE 0 END) {}", so_far);
}

} // namespace

/// The rows of `input` with their number as the only thing that orders them.
auto Generator::numbered(Relation input, const Needed& needed, std::vector<std::string> more)
    -> Relation {
  auto items = needed_columns(needed);
  items.push_back(fmt::format("row_number() OVER ({}) AS s0", input.order_by()));
  append(items, std::move(more));
  return Relation{select(items, over(input)), {"ASC"}, false};
}

auto Generator::write(const Plan&, const kql::Serialize& serialize, const Needed& needed)
    -> Result<Relation> {
  TRY(auto input, step(*serialize.input, needed));
  return input.order.empty() ? numbered(std::move(input), needed, {}) : std::move(input);
}

auto Generator::write(const Plan& plan, const kql::Window& window, const Needed& needed)
    -> Result<Relation> {
  const auto& function = window.function;
  const auto place = needed.size() - 1;
  Needed kept(needed.begin(), needed.end() - 1);
  if (!needed[place]) {
    return step(*window.input, kept);
  }
  auto wanted = kept;
  for (const auto& argument : function.arguments) {
    mark_columns(*argument, wanted);
  }
  for (const auto& group : window.groups) {
    mark_columns(*group, wanted);
  }
  TRY(auto input, step(*window.input, wanted));
  std::vector<std::string> arguments;
  for (std::size_t i = 0; i < function.arguments.size(); ++i) {
    arguments.push_back(fmt::format("{} AS a{}", writer_.value(*function.arguments[i]), i));
  }
  std::string groups;
  for (const auto& group : window.groups) {
    groups += fmt::format("{}b{}", groups.empty() ? "" : ", ", arguments.size());
    arguments.push_back(fmt::format("{} AS b{}", writer_.value(*group), arguments.size()));
  }
  constexpr std::size_t restart = 1; // The argument that begins anew.
  const bool looks_aside = function.name == "prev" || function.name == "next";
  const bool restarts = !looks_aside && function.arguments.size() > restart;
  auto rows = numbered(std::move(input), kept, std::move(arguments));
  auto items = needed_columns(kept);
  items.emplace_back("s0");
  auto inner = items;
  for (std::size_t i = 0; i < function.arguments.size(); ++i) {
    inner.push_back(fmt::format("a{}", i));
  }
  inner.push_back(restarts ? fmt::format("sum(CASE WHEN a{} THEN 1 ELSE 0 END) OVER (ORDER BY s0 "
                                         "ROWS UNBOUNDED PRECEDING) AS g",
                                         restart)
                  : groups.empty() ? std::string{"0 AS g"}
                                   : fmt::format("dense_rank() OVER (ORDER BY {}) AS g", groups));
  const bool ranks = function.name.starts_with("row_rank");
  auto middle = inner;
  if (ranks) {
    middle.emplace_back(
        "CASE WHEN a0 IS DISTINCT FROM lag(a0) OVER (PARTITION BY g ORDER BY s0) OR "
        "row_number() OVER (PARTITION BY g ORDER BY s0) = 1 THEN 1 ELSE 0 END AS d");
    middle.emplace_back("row_number() OVER (PARTITION BY g ORDER BY s0) AS n");
    middle[inner.size() - 1] = "g";
  }
  auto from = fmt::format("({}) AS restarted", select(inner, over(rows)));
  if (ranks) {
    from = fmt::format("({}) AS compared", select(middle, from));
  }
  const auto type = plan.output.columns[place].type;
  const bool has_instead = looks_aside && function.arguments.size() > 2;
  auto value = value_of(function, type, has_instead ? "a2" : "");
  if (type == Type::string) {
    value = fmt::format("coalesce({}, '')", value);
  }
  items.push_back(fmt::format("CAST({} AS {}) AS c{}", value, sql_type(type), place));
  return Relation{select(items, from), {"ASC"}, false};
}

} // namespace sluice::store

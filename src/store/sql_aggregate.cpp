// SPDX-License-Identifier: Apache-2.0
#include "store/sql_aggregate.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "store/json_gather.hpp"
#include "store/sql_decimal.hpp"
#include "store/wide_table.hpp"

namespace sluice::store {
namespace {

using kql::Type;

/// What a builder of one aggregate works with: its arguments are columns of the step below by now.
struct Gathering {
  std::vector<std::string> columns; ///< Without the condition of the `...if` forms.
  std::vector<Type> types;          ///< Of those columns.
  std::string filter;               ///< ` FILTER (WHERE a0_1)`, or empty.
  std::string order;
  std::vector<Type> results;
  std::vector<bool> wanted;                                      ///< Which of the results.
  std::int64_t limit = std::numeric_limits<std::int64_t>::max(); ///< Of lists and sets.
  double percent = 50;                                           ///< Of percentiles.
  ExpressionWriter& writer;

  /// `function(first column) FILTER (...)`
  [[nodiscard]] auto over_first(std::string_view function) const -> std::string {
    return fmt::format("{}({}){}", function, columns.front(), filter);
  }
};

using Outputs = std::vector<std::string>;

auto count(const Gathering& g) -> Outputs {
  return {"count(*)" + g.filter};
}

/// Sums of integers are 128 bits wide in DuckDB; ours wrap at 64 (observed).
auto wrapped(const std::string& huge) -> std::string {
  constexpr auto half = "9223372036854775808::HUGEINT";
  constexpr auto whole = "18446744073709551616::HUGEINT";
  return fmt::format(
      "CAST(((coalesce({0}, 0) + {1}) % {2} + {2}) % {2} - {1} AS BIGINT)", huge, half, whole);
}

auto sum(const Gathering& g) -> Outputs {
  if (g.types.front() == Type::decimal) {
    return {decimal_total(g.writer, DecimalTotal::sum, g.columns.front(), g.filter)};
  }
  const auto total = g.over_first("sum");
  return {g.types.front() == Type::real ? fmt::format("coalesce({}, 0)", total) : wrapped(total)};
}

auto extreme(const Gathering& g, std::string_view function) -> std::string {
  if (g.types.front() == Type::decimal) {
    return fmt::format("arg_{}({}, {}){}",
                       function,
                       g.columns.front(),
                       decimal_order(g.writer, g.columns.front()),
                       g.filter);
  }
  const auto plain = g.over_first(function);
  switch (g.types.front()) {
  case Type::real:
    return fmt::format("CASE WHEN coalesce(bool_or(isnan({})){}, false) THEN 'nan'::DOUBLE "
                       "ELSE {} END",
                       g.columns.front(),
                       g.filter,
                       plain);
  case Type::string:
    return fmt::format("coalesce({}, '')", plain);
  default:
    return plain;
  }
}

auto min(const Gathering& g) -> Outputs {
  return {extreme(g, "min")};
}

auto max(const Gathering& g) -> Outputs {
  return {extreme(g, "max")};
}

auto avg(const Gathering& g) -> Outputs {
  if (g.types.front() == Type::decimal) {
    return {decimal_total(g.writer, DecimalTotal::mean, g.columns.front(), g.filter)};
  }
  if (kql::is_integer(g.types.front())) { // The sum wraps here too (observed).
    return {fmt::format("coalesce({}::DOUBLE / nullif({}, 0), 'nan'::DOUBLE)",
                        wrapped(g.over_first("sum")),
                        g.over_first("count"))};
  }
  if (g.results.front() == Type::real) {
    return {fmt::format("coalesce({}, 'nan'::DOUBLE)", g.over_first("avg"))};
  }
  // Ticks have more digits than a double.
  return {fmt::format("CAST({} // {} AS BIGINT)", g.over_first("sum"), g.over_first("count"))};
}

auto dcount(const Gathering& g) -> Outputs {
  return {fmt::format("count(DISTINCT {}){}", g.columns.front(), g.filter)};
}

auto deviation(const Gathering& g, std::string_view function) -> Outputs {
  return {fmt::format("coalesce({}, 0)", g.over_first(function))};
}

auto stdev(const Gathering& g) -> Outputs {
  return deviation(g, "stddev_samp");
}
auto stdevp(const Gathering& g) -> Outputs {
  return deviation(g, "stddev_pop");
}
auto variance(const Gathering& g) -> Outputs {
  return deviation(g, "var_samp");
}
auto variancep(const Gathering& g) -> Outputs {
  return deviation(g, "var_pop");
}

auto covariance_of(const Gathering& g, std::string_view function) -> Outputs {
  return {fmt::format("coalesce({}({}, {}){}, 0)", function, g.columns[1], g.columns[0], g.filter)};
}
auto covariance(const Gathering& g) -> Outputs {
  return covariance_of(g, "covar_samp");
}
auto covariancep(const Gathering& g) -> Outputs {
  return covariance_of(g, "covar_pop");
}

/// Of nothing: all bits for `and`, none for the others.
auto all_bits(const Gathering& g) -> Outputs {
  return {fmt::format("coalesce({}, -1)", g.over_first("bit_and"))};
}
auto any_bits(const Gathering& g) -> Outputs {
  return {fmt::format("coalesce({}, 0)", g.over_first("bit_or"))};
}
auto odd_bits(const Gathering& g) -> Outputs {
  return {fmt::format("coalesce({}, 0)", g.over_first("bit_xor"))};
}

auto percentile(const Gathering& g) -> Outputs {
  return {fmt::format("quantile_disc({}, {:.17g}::DOUBLE){}",
                      g.columns.front(),
                      std::clamp(g.percent, 0.0, 100.0) / 100,
                      g.filter)};
}

/// Values and weights go out as text, the value comes back as text.
auto percentilew(const Gathering& g) -> Outputs {
  const auto joined = fmt::format(
      "coalesce(string_agg({0} || ':' || {1}, ','){2}, '')", g.columns[0], g.columns[1], g.filter);
  const auto pick = [percent = g.percent](std::span<const kql::Value> arguments) {
    const auto value = weighted_percentile(arguments.front().text(), percent);
    return value.empty() ? kql::Value{} : kql::Value::string(value).with_type(Type::dynamic);
  };
  return {g.writer.computed_text(pick, joined)};
}

auto gathered(const Gathering& g, std::string (*gather)(std::string_view, std::int64_t))
    -> Outputs {
  const auto joined = fmt::format("'[' || coalesce(string_agg({}, ','{}){}, '') || ']'",
                                  g.columns.front(),
                                  g.order.empty() ? "" : " " + g.order,
                                  g.filter);
  const auto finish = [gather, limit = g.limit](std::span<const kql::Value> arguments) {
    return kql::Value::dynamic(gather(arguments.front().text(), limit));
  };
  return {g.writer.computed_text(finish, joined)};
}

/// Null is written out, or string_agg would pass it over.
auto make_list_with_nulls(const Gathering& g) -> Outputs {
  auto filled = g;
  filled.columns = {fmt::format("coalesce({}, 'null')", g.columns.front())};
  return gathered(filled, gather_list);
}
/// A null of a dynamic column is an item as any other (observed).
auto make_list(const Gathering& g) -> Outputs {
  return g.types.front() == Type::dynamic ? make_list_with_nulls(g) : gathered(g, gather_list);
}
auto make_set(const Gathering& g) -> Outputs {
  return gathered(g, gather_set);
}
auto make_bag(const Gathering& g) -> Outputs {
  return gathered(g, gather_bag);
}

/// The only wanted column, where it is a text: once null is "", no aggregate passes it over.
auto lone_text(const Gathering& g) -> std::optional<std::size_t> {
  const auto at = static_cast<std::size_t>(std::ranges::find(g.wanted, true) - g.wanted.begin());
  const bool is_alone = std::ranges::count(g.wanted, true) == 1;
  return is_alone && g.results[at] == Type::string ? std::optional{at} : std::nullopt;
}

/// All columns of one row as one value, so that they stay together.
auto row_of(const Gathering& g) -> std::string {
  if (const auto at = lone_text(g)) {
    return fmt::format("coalesce({}, '')", g.columns[*at]);
  }
  std::string fields = "here := true"; // A struct must have a field.
  for (std::size_t i = 0; i < g.columns.size(); ++i) {
    fields += g.wanted[i] ? fmt::format(", v{} := {}", i, g.columns[i]) : "";
  }
  return fmt::format("struct_pack({})", fields);
}

auto fields_of(const Gathering& g, const std::string& row) -> Outputs {
  Outputs outputs;
  for (std::size_t i = 0; i < g.results.size(); ++i) {
    if (!g.wanted[i]) {
      outputs.emplace_back();
      continue;
    }
    const auto field = lone_text(g) ? row : fmt::format("struct_extract({}, 'v{}')", row, i);
    outputs.push_back(g.results[i] == Type::string ? fmt::format("coalesce({}, '')", field)
                                                   : field);
  }
  return outputs;
}

/// Rows with a null key count only when there are no others. NaN is the greatest and the least
/// (observed).
auto row_of_extreme(const Gathering& g,
                    std::string_view function,
                    std::string_view beyond_reals,
                    std::string_view beyond_times) -> Outputs {
  const auto row = row_of(g);
  const auto& column = g.columns.front();
  if (g.types.front() == Type::datetime) { // So one pass does.
    return {
        fmt::format("{}({}, coalesce({}, {})){}", function, row, column, beyond_times, g.filter)};
  }
  const auto key = g.types.front() == Type::real
                       ? fmt::format("CASE WHEN isnan({0}) THEN '{1}'::DOUBLE ELSE {0} END",
                                     column,
                                     beyond_reals)
                   : g.types.front() == Type::decimal ? decimal_order(g.writer, column)
                                                      : column;
  return {fmt::format("coalesce({0}({1}, {2}){3}, first({1}){3})", function, row, key, g.filter)};
}

auto arg_max(const Gathering& g) -> Outputs {
  return row_of_extreme(g, "arg_max", "nan", "-1");
}
auto arg_min(const Gathering& g) -> Outputs {
  return row_of_extreme(g, "arg_min", "-infinity", "9223372036854775807");
}

/// One column alone prefers a row that has something in it; several come from one row.
auto take_any(const Gathering& g) -> Outputs {
  if (g.columns.size() > 1) {
    return {fmt::format("first({}){}", row_of(g), g.filter)};
  }
  if (g.types.front() == Type::string) {
    return {fmt::format("coalesce(any_value(nullif({}, '')){}, '')", g.columns.front(), g.filter)};
  }
  return {g.over_first("any_value")};
}

/// How an aggregate is written, and which of its arguments is what.
struct Builder {
  std::string_view name;
  Outputs (*build)(const Gathering&);
  int condition = -1; ///< The argument that is a condition.
  int limit = -1;     ///< The argument that is the greatest length.
  bool as_json = false;
  int columns = 1; ///< Arguments that are columns; -1 for all.
};

constexpr auto builders = std::to_array<Builder>({
    {"count", count, -1, -1, false, 0},
    {"countif", count, 0, -1, false, 0},
    {"sum", sum},
    {"sumif", sum, 1},
    {"min", min},
    {"minif", min, 1},
    {"max", max},
    {"maxif", max, 1},
    {"avg", avg},
    {"avgif", avg, 1},
    {"dcount", dcount},
    {"dcountif", dcount, 1},
    {"count_distinct", dcount},
    {"count_distinctif", dcount, 1},
    {"stdev", stdev},
    {"stdevif", stdev, 1},
    {"stdevp", stdevp},
    {"variance", variance},
    {"varianceif", variance, 1},
    {"variancep", variancep},
    {"percentile", percentile},
    {"percentilew", percentilew, -1, -1, false, 2},
    {"make_list", make_list, -1, 1, true},
    {"make_list_if", make_list, 1, 2, true},
    {"make_list_with_nulls", make_list_with_nulls, -1, -1, true},
    {"binary_all_and", all_bits},
    {"binary_all_or", any_bits},
    {"binary_all_xor", odd_bits},
    {"covariance", covariance, -1, -1, false, 2},
    {"covarianceif", covariance, 2, -1, false, 2},
    {"covariancep", covariancep, -1, -1, false, 2},
    {"covariancepif", covariancep, 2, -1, false, 2},
    {"variancepif", variancep, 1},
    {"make_set", make_set, -1, 1, true},
    {"make_set_if", make_set, 1, 2, true},
    {"make_bag", make_bag, -1, 1, true},
    {"make_bag_if", make_bag, 1, 2, true},
    {"arg_max", arg_max, -1, -1, false, -1},
    {"arg_min", arg_min, -1, -1, false, -1},
    {"take_any", take_any, -1, -1, false, -1},
    {"take_anyif", take_any, 1},
});

/// The number at a place among the arguments.
auto constant_of(const kql::Aggregation& aggregation, int argument) -> std::optional<double> {
  if (argument < 0 || aggregation.arguments.size() <= static_cast<std::size_t>(argument)) {
    return std::nullopt;
  }
  const auto& expression = *aggregation.arguments[static_cast<std::size_t>(argument)];
  const auto* literal = std::get_if<kql::Literal>(&expression.node);
  return literal == nullptr || literal->value.is_null() || !kql::is_number(expression.type)
             ? std::nullopt
             : std::optional{literal->value.as_real()};
}

} // namespace

auto aggregate_sql(const kql::Aggregation& aggregation,
                   std::size_t place,
                   const std::string& order,
                   const std::vector<Type>& results,
                   const std::vector<bool>& wanted,
                   ExpressionWriter& writer) -> Result<AggregateSql> {
  const auto* const builder =
      std::ranges::find(builders, aggregation.aggregate->name, &Builder::name);
  if (builder == builders.end()) {
    return Error{
        ErrorKind::invalid_input,
        fmt::format("`{}` is not supported by the store yet", aggregation.aggregate->name)};
  }
  AggregateSql sql;
  Gathering gathering{{}, {}, {}, order, results, wanted, {}, {}, writer};
  gathering.limit =
      static_cast<std::int64_t>(constant_of(aggregation, builder->limit).value_or(1'048'576));
  const auto last = static_cast<int>(aggregation.arguments.size()) - 1;
  gathering.percent = constant_of(aggregation, last).value_or(50);
  const auto columns = builder->columns < 0 ? aggregation.arguments.size()
                                            : static_cast<std::size_t>(builder->columns);
  const bool is_row = builder->columns < 0 && (columns > 1 || builder->name != "take_any");
  for (std::size_t i = 0; i < aggregation.arguments.size(); ++i) {
    const auto& argument = *aggregation.arguments[i];
    if (is_row && i > 0 && !wanted[i]) {
      gathering.columns.emplace_back();
      gathering.types.push_back(argument.type);
      continue;
    }
    const auto name = fmt::format("a{}_{}", place, i);
    if (static_cast<int>(i) == builder->condition) {
      gathering.filter = fmt::format(" FILTER (WHERE {})", name);
    } else if (gathering.columns.size() < columns) {
      gathering.columns.push_back(name);
      gathering.types.push_back(argument.type);
    } else {
      continue;
    }
    const auto value = builder->as_json && static_cast<int>(i) != builder->condition
                           ? writer.json(argument)
                           : writer.value(argument);
    sql.inputs.push_back(fmt::format("{} AS {}", value, name));
  }
  sql.outputs = builder->build(gathering);
  if (is_row) {
    sql.row = sql.outputs.front();
    sql.outputs = fields_of(gathering, fmt::format("row{}", place));
  }
  for (std::size_t i = 0; i < sql.outputs.size(); ++i) {
    if (sql.outputs[i].empty()) {
      continue;
    }
    sql.outputs[i] = fmt::format("CAST({} AS {})", sql.outputs[i], sql_type(results[i]));
  }
  return sql;
}

} // namespace sluice::store

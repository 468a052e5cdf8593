// SPDX-License-Identifier: Apache-2.0
#include "kql/operator_table.hpp"

#include <algorithm>
#include <array>

namespace sluice::kql {
namespace {

constexpr auto rows = std::to_array<OperatorRow>({
    {"as", "Gives the rows a name, which what follows may use."},
    {"consume", "Passes the rows on."},
    {"count", "How many rows."},
    {"datatable", "Rows of constants."},
    {"distinct", "Each row once."},
    {"evaluate",
     "The plugins `bag_unpack`, `pivot`, `narrow`, `ipv4_lookup`, `ipv6_lookup`, "
     "`geo_polygon_lookup`, "
     "`geo_line_lookup`."},
    {"extend", "Adds columns, or makes them anew."},
    {"externaldata", "The rows of a local copy of a file; nothing is fetched."},
    {"filter", "Another name of `where`."},
    {"find", "Rows of several tables; the condition's columns must be in each, `project` be said."},
    {"getschema", "The columns and their types, as rows."},
    {"graph-to-table",
     "The edges, or the nodes, of the graph that `make-graph` made; several tables are refused."},
    {"invoke", "Calls a function of the query with the rows as its first argument."},
    {"join", "Pairs of rows of two sides with equal keys; all kinds."},
    {"let", "Names a value, rows or a function."},
    {"limit", "Another name of `take`."},
    {"lookup", "Columns of another table for each row."},
    {"make-graph", "`Source --> Target with Nodes on Key`; only `graph-to-table` may follow."},
    {"make-series", "An array for each aggregate with an item for each step of an axis."},
    {"mv-apply", "Runs operators over the items of each row's arrays."},
    {"mv-expand", "A row for each item of an array."},
    {"mvexpand", "The old spelling of `mv-expand`: 128 items of a row at most."},
    {"order", "Another name of `sort`."},
    {"parse", "Takes a text apart by a pattern: `simple`, `relaxed` or `regex`."},
    {"parse-kv", "Takes pairs of keys and values out of a text."},
    {"parse-where", "As `parse`, and drops rows that do not match."},
    {"partition", "Runs operators over the rows of each key."},
    {"print", "One row of expressions."},
    {"project", "These columns alone."},
    {"project-away", "All columns but these."},
    {"project-keep", "These columns, in the order they have."},
    {"project-rename", "Other names for columns."},
    {"project-reorder", "These columns first."},
    {"range", "Numbers or times in steps."},
    {"render", "Passes the rows on; how they are drawn is up to whoever shows them."},
    {"sample", "Some rows, any."},
    {"sample-distinct", "Some different values, any."},
    {"scan",
     "Follows sequences of rows through steps; `output=last` is for one step that every row fits."},
    {"search", "Rows that have a word in any column."},
    {"serialize", "The rows have an order from here on."},
    {"sort", "Orders the rows; null is the smallest value."},
    {"summarize", "One row for each group."},
    {"take", "So many rows."},
    {"top", "The first rows of an order."},
    {"top-hitters", "The most frequent values, or those of the greatest sums; exactly."},
    {"top-nested", "The greatest groups on each of several levels; `with others` is refused."},
    {"union", "The rows of several tables."},
    {"where", "The rows for which a condition is true."},
    {"assert-schema", ""},
    {"execute-and-cache", ""},
    {"facet", ""},
    {"fork", ""},
    {"graph-mark-components", ""},
    {"graph-match", ""},
    {"graph-shortest-paths", ""},
    {"graph-where-edges", ""},
    {"graph-where-nodes", ""},
    {"macro-expand", ""},
    {"project-by-names", ""},
    {"project-smart", ""},
    {"reduce", ""},
});

} // namespace

auto operator_rows() -> std::span<const OperatorRow> {
  return rows;
}

auto find_operator(std::string_view name) -> const OperatorRow* {
  const auto* const found = std::ranges::find(rows, name, &OperatorRow::name);
  return found == rows.end() ? nullptr : found;
}

} // namespace sluice::kql

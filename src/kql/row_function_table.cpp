// SPDX-License-Identifier: Apache-2.0
#include "kql/row_function_table.hpp"

#include <algorithm>
#include <array>

namespace sluice::kql {
namespace {

constexpr auto rows = std::to_array<RowFunctionRow>({
    {"row_number",
     "[long], [bool] -> long",
     "The number of the row, from 1 or the first argument; begins anew where the second is true.",
     "row_number()"},
    {"row_cumsum",
     "number, [bool] -> same; timespan, [bool] -> timespan",
     "The sum so far; begins anew where the second argument is true.",
     "row_cumsum(Size)"},
    {"prev",
     "any, [long], [any] -> first",
     "The value some rows before, one if not said; the third argument where there is no such row.",
     "prev(CreationTime)"},
    {"next",
     "any, [long], [any] -> first",
     "The value some rows after, one if not said; the third argument where there is no such row.",
     "next(CreationTime)"},
    {"row_rank_dense",
     "any, [bool] -> long",
     "How many different values in a row have come so far; begins anew where the second is true.",
     "row_rank_dense(Size)"},
    {"row_rank_min",
     "any, [bool] -> long",
     "The number of the first of the rows with this value.",
     "row_rank_min(Size)"},
    {"row_window_session",
     "datetime, timespan, timespan, [bool] -> datetime",
     "When the session began: within the first timespan of its start, the second between rows.",
     "row_window_session(CreationTime, 1h, 5m, false)"},
});

} // namespace

auto row_functions() -> std::span<const RowFunctionRow> {
  return rows;
}

auto find_row_function(std::string_view name) -> const RowFunctionRow* {
  const auto* const found = std::ranges::find(rows, name, &RowFunctionRow::name);
  return found == rows.end() ? nullptr : found;
}

} // namespace sluice::kql

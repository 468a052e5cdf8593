// SPDX-License-Identifier: Apache-2.0
#include "kql/reference.hpp"

#include <array>
#include <span>

#include <fmt/format.h>

#include "kql/diagnostic_code.hpp"
#include "kql/function_table.hpp"
#include "kql/operator_table.hpp"
#include "kql/row_function_table.hpp"
#include "kql/unserved.hpp"

namespace sluice::kql {
namespace {

constexpr std::string_view introduction = R"(# The query language

Sluice answers queries in KQL, the language of Azure Data Explorer, Microsoft Sentinel and Defender.
What it serves gives the rows that the engine gives; everything else is refused with its place in the
query, never answered nearly. This page is generated from the tables that the program itself reads.

A query is any number of `let`, `set` and `declare query_parameters` statements and one pipeline.
Functions in `let` take values with defaults and rows. `sluice query --check` says what columns a query
gives without running it, `--schema FILE` checks against tables described in JSON
(`{"Table": {"Column": "string"}}`), `--explain` prints the plan.

## How it differs

- `ingestion_time()` is when the row came into the store.
- A condition of a rule is unknown, not false, where the record lacks the field it asks about.
- A rule may go on behind its condition, `RecordType == 40 | mv-expand e = parse_json(Entities) | where
  e.Type == "mail"`, or be a query over `AuditRecords`: `where`, `extend`, the forms of `project`, `parse`,
  `mv-expand`, and `let` before them. It holds when a row comes out. Queries inside it may ask constant
  rows alone; a record that is expanded to more than 100,000 rows is kept.
- `decimal` has 34 digits. `==`, `!=` and `in` read a text beside a value of another type as that
  type: `"007" == 7`; a text that cannot be read equals nothing.
- `dcount` counts exactly. Sketches (`hll`, `tdigest`) are refused, for they are never exact.
- A query reaches the store alone: other clusters, databases and workspaces are refused, and
  `externaldata` and `_GetWatchlist` read local copies (`sluice query --external ADDRESS=FILE`,
  `--watchlist NAME=FILE`; a watch-list is CSV with a header, its columns are strings).
- `evaluate bag_unpack` and `pivot` look at the rows first to know their columns, unless these are
  written behind them. `--check` has no rows: the columns stay open, a name that is asked for later
  becomes a column of type `unknown`, and so does one of a table that `union isfuzzy=true` misses.
- `--check` knows the types of what a cluster alone computes, and running it is refused:
  `geo_info_from_ip_address`, `parse_user_agent`, `rand`, `new_guid`, `series_decompose*`,
  `series_fit_2lines`, `series_periods_detect`; `evaluate basket`, `autocluster`,
  `activity_counts_metrics`, `sequence_detect`. It unites columns as the official binder does, which
  forgets the type of a third table when the first two agree; a query that runs keeps it.
- `series_stats` and `series_fit_line` take one array.
- `take` and `sample` give the first rows that come; `take_any` any row. A `join` without a kind takes
  the first left row of each key, among those that meet the conditions on the left side that follow it.
- `where a = b` is refused, for what clusters make of it is not known; `--check` takes it as they do.
- Everything else that is not said here is refused.
)";

/// `|` would end a cell.
auto cell(std::string_view text) -> std::string {
  std::string out;
  for (const char c : text) {
    out += c == '|' ? "\\|" : std::string{c};
  }
  return out;
}

auto names(std::string_view title, std::span<const std::string_view> listed) -> std::string {
  std::string text{title};
  for (const auto name : listed) {
    text += fmt::format("{} `{}`", text.size() == title.size() ? "" : ",", name);
  }
  return text + ".\n";
}

auto operators() -> std::string {
  std::string served = "\n## Operators\n\n| operator | |\n|---|---|\n";
  std::string refused = "\nRefused by their name:";
  bool is_first = true;
  for (const auto& row : operator_rows()) {
    if (row.about.empty()) {
      refused += fmt::format("{} `{}`", is_first ? "" : ",", row.name);
      is_first = false;
    } else {
      served += fmt::format("| `{}` | {} |\n", row.name, row.about);
    }
  }
  return served + refused + ".\n" + names("\nRefused plugins of `evaluate`:", unserved_plugins()) +
         names("\nRefused functions and aggregates:", unserved_functions());
}

auto names_of(std::string_view name, const std::vector<std::string_view>& others) -> std::string {
  auto names = fmt::format("`{}`", cell(name));
  for (const auto other : others) {
    names += fmt::format(", `{}`", cell(other));
  }
  return names;
}

/// What operators are made of has no spelling that a query could use.
auto is_internal(const Function& row) -> bool {
  return row.name == "as_dynamic" || row.name == "bag_pack_filled" ||
         row.name.ends_with("_along") || row.name.starts_with("parse_text") ||
         row.name == "parse_kv";
}

auto family(std::string_view title, Family wanted) -> std::string {
  auto text =
      fmt::format("\n### {}\n\n| name | takes and gives | | example |\n|---|---|---|---|\n", title);
  for (const auto& row : functions()) {
    if (row.family == wanted && !is_internal(row)) {
      text += fmt::format("| {} | {} | {} | {} |\n",
                          names_of(row.name, row.other_names),
                          cell(row.signature),
                          cell(row.about),
                          row.example.empty() ? "" : fmt::format("`{}`", cell(row.example)));
    }
  }
  return text;
}

auto aggregate_rows() -> std::string {
  std::string text =
      "\n## Aggregates\n\n| name | takes and gives | | example |\n|---|---|---|---|\n";
  for (const auto& row : aggregates()) {
    text += fmt::format("| {} | {} | {} | `{}` |\n",
                        names_of(row.name, row.other_names),
                        cell(row.signature),
                        cell(row.about),
                        cell(row.example));
  }
  return text;
}

auto window_rows() -> std::string {
  std::string text = "\n## Functions over rows in their order\n\nThey need `sort`, `serialize` or "
                     "`range` before them.\n\n| name | takes and gives | |\n|---|---|---|\n";
  for (const auto& row : row_functions()) {
    text += fmt::format("| `{}` | {} | {} |\n", row.name, row.signature, row.about);
  }
  return text;
}

auto codes() -> std::string {
  std::string text =
      "\n## Codes of mistakes\n\nA query that is refused tells what is wrong, where, and a "
      "code: `KS...` as the editors of the language\nnumber the same situation, "
      "`SL...` where only Sluice has it.\n\n| code | |\n|---|---|\n";
  for (const auto& row : code_rows()) {
    text += fmt::format("| {} | {} |\n", row.number, row.about);
  }
  return text;
}

} // namespace

auto reference_page() -> std::string {
  constexpr std::array<std::pair<std::string_view, Family>, 10> families{{
      {"Comparison", Family::comparison},
      {"Logic", Family::logic},
      {"Numbers", Family::arithmetic},
      {"Text", Family::text},
      {"Conversion", Family::conversion},
      {"Dynamic values", Family::dynamic},
      {"Time", Family::time},
      {"Network addresses", Family::network},
      {"Series", Family::series},
      {"Places", Family::geo},
  }};
  std::string page{introduction};
  page += operators();
  page +=
      "\n## Functions and operators on values\n\n`[x]` may be left out, `x...` may repeat, forms "
      "are separated by `;`.\n";
  for (const auto& [title, wanted] : families) {
    page += family(title, wanted);
  }
  return page + aggregate_rows() + window_rows() + codes();
}

} // namespace sluice::kql

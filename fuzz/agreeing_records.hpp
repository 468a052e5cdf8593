// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "kql/schema.hpp"
#include "relevance/record_row.hpp"

/// Records with all kinds of values in the columns that rules ask for.
namespace sluice::agreeing {

using relevance::rule_schema;

constexpr std::size_t record_count = 200;

/// Columns to ask for: of each type some that lie in the store by themselves, some that do not.
inline auto asked_columns() -> const std::vector<kql::Column>& {
  static const auto columns = [] {
    std::vector<kql::Column> chosen;
    const auto& all = rule_schema().columns;
    for (const auto* name : {"RecordType", "CreationTime", "Operation", "UserType", "ClientIP"}) {
      if (const auto index = rule_schema().find(name)) {
        chosen.push_back(all[*index]);
      }
    }
    for (const auto type : {kql::Type::boolean,
                            kql::Type::int32,
                            kql::Type::int64,
                            kql::Type::real,
                            kql::Type::datetime,
                            kql::Type::string,
                            kql::Type::dynamic}) {
      std::size_t taken = 0;
      for (auto column = all.rbegin(); column != all.rend() && taken < 2; ++column) {
        if (column->type == type && column->name != "RawRecord") {
          chosen.push_back(*column);
          ++taken;
        }
      }
    }
    return chosen;
  }();
  return columns;
}

inline constexpr auto texts = std::to_array<std::string_view>({"",
                                                               "a",
                                                               "A",
                                                               "alpha_beta",
                                                               "Alpha beta",
                                                               "caf\u00e9",
                                                               "CAF\u00c9",
                                                               "50%",
                                                               "a'b",
                                                               "a\\\"b",
                                                               "null",
                                                               "0",
                                                               "12",
                                                               "2026-01-02T03:04:05.1234567Z",
                                                               "[1,2]",
                                                               "{\\\"a\\\":1}",
                                                               "\u200bzero",
                                                               "true",
                                                               "-7"});

/// A value that a column may have, or should not.
inline auto json_value(std::mt19937_64& random) -> std::string {
  constexpr auto values = std::to_array<std::string_view>({"null",
                                                           "true",
                                                           "false",
                                                           "0",
                                                           "1",
                                                           "40",
                                                           "-7",
                                                           "1.5",
                                                           "9223372036854775807",
                                                           "18446744073709551616",
                                                           "1e300",
                                                           "[1,\"a\"]",
                                                           "{\"a\":1,\"b\":null}",
                                                           "{\"a\":\"x\"}",
                                                           "\"2026-01-02T03:04:05.1234567Z\"",
                                                           "\"2026-01-02T03:04:05\"",
                                                           "\"{\\\"a\\\":2}\"",
                                                           "\"a\\u0000b\"",
                                                           "\"\\ud83d\\ude00\""});
  const auto kind = random() % (values.size() + texts.size());
  return kind < values.size() ? std::string{values[kind]}
                              : fmt::format("\"{}\"", texts[kind - values.size()]);
}

inline auto make_records() -> std::vector<std::string> {
  std::mt19937_64 random{7};
  std::vector<std::string> records;
  for (std::size_t i = 0; i < record_count; ++i) {
    std::string record = fmt::format("{{\"Id\":\"{}\"", i);
    for (const auto& column : asked_columns()) {
      if (random() % 3 != 0 && column.name != "AdditionalFields") {
        record += fmt::format(",\"{}\":{}", column.name, json_value(random));
      }
    }
    record += random() % 2 == 0 ? ",\"NoColumnOfThisName\":1}" : "}";
    records.push_back(std::move(record));
  }
  return records;
}

} // namespace sluice::agreeing

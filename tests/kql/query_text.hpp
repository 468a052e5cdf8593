// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"
#include "store/store.hpp"

/// Running queries for the tests of the language: over a store without tables, now() fixed.
namespace sluice {

inline auto test_now() -> DateTime {
  return *parse_iso8601("2026-07-13T16:32:35.1234567Z");
}

/// Keeps the rows with values of their own.
class KeptRows final : public store::RowSink {
public:
  auto begin(const kql::Schema&) -> Result<> override { return {}; }
  auto row(std::span<const kql::Value> values) -> Result<> override {
    auto& kept = rows.emplace_back();
    for (const auto& value : values) {
      kept.push_back(value.owned_copy());
    }
    return {};
  }

  std::vector<std::vector<kql::Value>> rows;
};

/// A string as it is where that cannot be mistaken, else as JSON; `null` for null; all else as
/// `tostring` gives it.
inline auto cell_text(const kql::Value& value) -> std::string {
  if (value.is_null()) {
    return "null";
  }
  if (value.type() == kql::Type::dynamic) {
    return std::string{value.text()};
  }
  if (value.type() != kql::Type::string) {
    return kql::to_text(value);
  }
  const auto text = value.text();
  const bool plain = !text.empty() && text != "null" && text.front() != ' ' && text.back() != ' ' &&
                     text.find_first_of("|\"\n\r\t") == text.npos;
  return plain ? std::string{text} : kql::to_json(value);
}

inline auto row_text(const std::vector<kql::Value>& row) -> std::string {
  std::string text;
  for (std::size_t i = 0; i < row.size(); ++i) {
    text += (i == 0 ? "" : " | ") + cell_text(row[i]);
  }
  return text;
}

} // namespace sluice

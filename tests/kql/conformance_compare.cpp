// SPDX-License-Identifier: Apache-2.0
#include "conformance_compare.hpp"

#include <algorithm>
#include <cmath>

#include "kql/conversion.hpp"

namespace sluice {
namespace {

auto same_real(double a, double b) -> bool {
  return a == b || std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

/// Arrays as bags, because sets have no order.
auto same_json(Json a, Json b) -> bool {
  double left = 0;
  double right = 0;
  if (!a.get_double().get(left) && !b.get_double().get(right)) {
    return same_real(left, right);
  }
  simdjson::dom::array first;
  simdjson::dom::array second;
  if (!a.get_array().get(first) && !b.get_array().get(second)) {
    std::vector<Json> left_over{second.begin(), second.end()};
    for (const auto item : first) {
      const auto twin =
          std::ranges::find_if(left_over, [&](Json other) { return same_json(item, other); });
      if (twin == left_over.end()) {
        return false;
      }
      left_over.erase(twin);
    }
    return left_over.empty();
  }
  simdjson::dom::object members;
  simdjson::dom::object others;
  if (!a.get_object().get(members) && !b.get_object().get(others)) {
    return members.size() == others.size() && std::ranges::all_of(members, [&](const auto& member) {
             Json other;
             return !others.at_key(member.key).get(other) && same_json(member.value, other);
           });
  }
  return simdjson::minify(a) == simdjson::minify(b);
}

auto same_number(Json expected, double ours) -> bool {
  double number = 0;
  if (!expected.get_double().get(number)) {
    return same_real(number, ours);
  }
  std::string_view text;
  if (expected.get_string().get(text)) {
    return false;
  }
  return (text == "NaN" && std::isnan(ours)) ||
         (text == "Infinity" && std::isinf(ours) && ours > 0) ||
         (text == "-Infinity" && std::isinf(ours) && ours < 0);
}

/// The last digits of a real as text are nobody's promise.
auto same_text(std::string_view expected, std::string_view ours) -> bool {
  const auto a = kql::parse_real(expected);
  const auto b = kql::parse_real(ours);
  return expected == ours || (expected.find('.') != expected.npos && a && b && same_real(*a, *b));
}

auto same_dynamic(Json expected, const kql::Value& ours) -> bool {
  simdjson::dom::parser parser;
  Json document;
  const simdjson::padded_string padded{ours.text()};
  if (parser.parse(padded).get(document)) {
    return false;
  }
  return same_json(expected, document);
}

auto same_cell(Json expected, const kql::Value& ours) -> bool {
  if (ours.is_null() || expected.is_null()) {
    return ours.is_null() && expected.is_null();
  }
  std::string_view text;
  bool flag = false;
  std::int64_t integer = 0;
  switch (ours.type()) {
  case kql::Type::boolean:
    return !expected.get_bool().get(flag) ? flag == ours.as_boolean()
                                          : same_number(expected, ours.as_boolean() ? 1 : 0);
  case kql::Type::int32:
  case kql::Type::int64:
    // Beyond 2^53 the file has what a double makes of the number.
    return !expected.get_int64().get(integer) && std::abs(ours.as_real()) < 0x1p53
               ? integer == ours.as_integer()
               : same_number(expected, ours.as_real());
  case kql::Type::real:
  case kql::Type::decimal:
    return same_number(expected, ours.as_real());
  case kql::Type::datetime: {
    const auto time = expected.get_string().get(text) ? std::nullopt : parse_iso8601(text);
    return time && *time == ours.as_datetime();
  }
  case kql::Type::timespan:
    return !expected.get_string().get(text) && text == kql::to_text(ours);
  case kql::Type::dynamic:
    return same_dynamic(expected, ours);
  default:
    return !expected.get_string().get(text) && same_text(text, ours.text());
  }
}

auto same_row(Json expected, const std::vector<kql::Value>& ours) -> bool {
  simdjson::dom::array cells;
  if (expected.get_array().get(cells) || cells.size() != ours.size()) {
    return false;
  }
  std::size_t i = 0;
  return std::ranges::all_of(cells, [&](Json cell) { return same_cell(cell, ours[i++]); });
}

} // namespace

auto same_columns(Json expected, const kql::Schema& schema) -> bool {
  std::size_t i = 0;
  for (const auto column : simdjson::dom::array{expected}) {
    if (i == schema.columns.size() || std::string_view{column["name"]} != schema.columns[i].name) {
      return false;
    }
    ++i;
  }
  return i == schema.columns.size();
}

auto same_rows(Json expected, std::vector<std::vector<kql::Value>> ours, bool complete) -> bool {
  simdjson::dom::array rows;
  if (expected.get_array().get(rows) || (complete && rows.size() != ours.size())) {
    return false;
  }
  return std::ranges::all_of(rows, [&](Json row) {
    const auto twin =
        std::ranges::find_if(ours, [&](const auto& other) { return same_row(row, other); });
    if (twin == ours.end()) {
      return false;
    }
    ours.erase(twin);
    return true;
  });
}

} // namespace sluice

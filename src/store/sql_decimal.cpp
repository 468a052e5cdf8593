// SPDX-License-Identifier: Apache-2.0
#include "store/sql_decimal.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "kql/decimal.hpp"

namespace sluice::store {
namespace {

using kql::Decimal;
using kql::Value;

/// The type only carries the text; null stays null.
auto text_or_null(const std::optional<std::string>& text) -> Value {
  return text ? Value::string(*text).with_type(kql::Type::decimal)
              : Value::null(kql::Type::decimal);
}

auto sort_key(std::span<const Value> arguments) -> Value {
  const auto decimal = Decimal::parse(arguments.front().text());
  return text_or_null(decimal ? std::optional{decimal->sort_key()} : std::nullopt);
}

/// Of texts joined by commas.
template <DecimalTotal total>
auto add_up(std::span<const Value> arguments) -> Value {
  auto rest = arguments.front().text();
  std::optional<Decimal> sum = Decimal{};
  std::int64_t count = 0;
  while (sum && !rest.empty()) {
    const auto end = std::min(rest.find(','), rest.size());
    const auto one = Decimal::parse(rest.substr(0, end));
    sum = one ? Decimal::sum(*sum, *one) : std::nullopt;
    rest.remove_prefix(std::min(end + 1, rest.size()));
    ++count;
  }
  if (total == DecimalTotal::mean) {
    sum = sum ? Decimal::quotient(*sum, Decimal::from(count)) : std::nullopt;
  }
  return text_or_null(sum ? std::optional{sum->text()} : std::nullopt);
}

} // namespace

auto decimal_order(ExpressionWriter& writer, const std::string& decimal) -> std::string {
  return writer.computed_text(sort_key, decimal);
}

auto decimal_total(ExpressionWriter& writer,
                   DecimalTotal total,
                   const std::string& decimal,
                   const std::string& filter) -> std::string {
  const auto joined = fmt::format("coalesce(string_agg({}, ','){}, '')", decimal, filter);
  return total == DecimalTotal::sum ? writer.computed_text(add_up<DecimalTotal::sum>, joined)
                                    : writer.computed_text(add_up<DecimalTotal::mean>, joined);
}

} // namespace sluice::store

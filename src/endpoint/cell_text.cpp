// SPDX-License-Identifier: Apache-2.0
#include "endpoint/cell_text.hpp"

#include <cmath>

#include <fmt/format.h>

#include "base/json_text.hpp"

namespace sluice::endpoint {
namespace {

auto timespan_text(Ticks span) -> std::string {
  const auto negative = span.count() < 0;
  // Unsigned, since the most negative span has no positive counterpart.
  const auto ticks = negative ? 0 - static_cast<std::uint64_t>(span.count())
                              : static_cast<std::uint64_t>(span.count());
  constexpr std::uint64_t per_second = 10'000'000;
  const auto seconds = ticks / per_second;
  std::string text = negative ? "-" : "";
  if (const auto days = seconds / 86'400; days > 0) {
    text += fmt::format("{}.", days);
  }
  text += fmt::format("{:02}:{:02}:{:02}", seconds / 3'600 % 24, seconds / 60 % 60, seconds % 60);
  if (const auto fraction = ticks % per_second; fraction > 0) {
    text += fmt::format(".{:07}", fraction);
  }
  return text;
}

auto real_text(double value) -> std::string {
  if (std::isnan(value)) {
    return "NaN";
  }
  if (std::isinf(value)) {
    return value > 0 ? "Infinity" : "-Infinity";
  }
  auto text = fmt::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

/// The text of a value that has no JSON form of its own.
auto scalar_text(const kql::Value& value) -> std::string {
  switch (value.type()) {
  case kql::Type::boolean:
    return value.as_boolean() ? "True" : "False";
  case kql::Type::int32:
  case kql::Type::int64:
    return std::to_string(value.as_integer());
  case kql::Type::real:
    return real_text(value.as_real());
  case kql::Type::datetime:
    return to_iso8601(value.as_datetime(), 7);
  case kql::Type::timespan:
    return timespan_text(value.as_timespan());
  case kql::Type::decimal:
  case kql::Type::string:
  case kql::Type::guid:
  case kql::Type::dynamic:
    break;
  }
  return std::string{value.text()};
}

} // namespace

auto to_plain_text(const kql::Value& value) -> std::string {
  return value.is_null() ? std::string{} : scalar_text(value);
}

auto to_json(const kql::Value& value) -> std::string {
  if (value.is_null()) {
    return value.type() == kql::Type::string ? "\"\"" : "null";
  }
  switch (value.type()) {
  case kql::Type::boolean:
    return value.as_boolean() ? "true" : "false";
  case kql::Type::int32:
  case kql::Type::int64:
  case kql::Type::dynamic:
    return scalar_text(value);
  case kql::Type::real:
    return std::isfinite(value.as_real()) ? real_text(value.as_real())
                                          : json_quoted(scalar_text(value));
  case kql::Type::decimal:
  case kql::Type::string:
  case kql::Type::guid:
  case kql::Type::datetime:
  case kql::Type::timespan:
    break;
  }
  return json_quoted(scalar_text(value));
}

auto data_type_name(kql::Type type) noexcept -> std::string_view {
  switch (type) {
  case kql::Type::boolean:
    return "SByte";
  case kql::Type::int32:
    return "Int32";
  case kql::Type::int64:
    return "Int64";
  case kql::Type::real:
    return "Double";
  case kql::Type::decimal:
    return "SqlDecimal";
  case kql::Type::datetime:
    return "DateTime";
  case kql::Type::timespan:
    return "TimeSpan";
  case kql::Type::guid:
    return "Guid";
  case kql::Type::dynamic:
    return "Object";
  case kql::Type::string:
    break;
  }
  return "String";
}

auto system_name(kql::Type type) noexcept -> std::string_view {
  switch (type) {
  case kql::Type::boolean:
    return "System.SByte";
  case kql::Type::int32:
    return "System.Int32";
  case kql::Type::int64:
    return "System.Int64";
  case kql::Type::real:
    return "System.Double";
  case kql::Type::decimal:
    return "System.Data.SqlTypes.SqlDecimal";
  case kql::Type::datetime:
    return "System.DateTime";
  case kql::Type::timespan:
    return "System.TimeSpan";
  case kql::Type::guid:
    return "System.Guid";
  case kql::Type::dynamic:
    return "System.Object";
  case kql::Type::string:
    break;
  }
  return "System.String";
}

} // namespace sluice::endpoint

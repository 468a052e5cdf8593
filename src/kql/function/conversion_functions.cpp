// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <fmt/format.h>

#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"
#include "kql/function/families.hpp"

namespace sluice::kql {
namespace {

using Arguments = std::span<const Value>;

template <Type type>
auto to(Arguments a, EvaluationContext&) -> Value {
  return convert(a[0], type);
}

/// Text that is no JSON is itself, as a dynamic text (observed).
auto parse_json(Arguments a, EvaluationContext&) -> Value {
  if (a[0].type() == Type::dynamic) {
    return a[0];
  }
  if (a[0].type() != Type::string) {
    return convert(a[0], Type::dynamic);
  }
  if (a[0].text().empty()) {
    return Value::null(Type::dynamic);
  }
  auto json = canonical_json(a[0].text());
  return json ? Value::dynamic(*std::move(json)) : Value::dynamic(to_json(a[0]));
}

auto to_hex(Arguments a, EvaluationContext&) -> Value {
  if (a[0].is_null()) {
    return Value::string("");
  }
  const auto bits = static_cast<std::uint64_t>(a[0].as_integer());
  const auto width = a.size() > 1 && !a[1].is_null() ? a[1].as_integer() : 0;
  return Value::string(fmt::format("{:0{}x}",
                                   bits,
                                   width < 0    ? 0
                                   : width > 64 ? 64
                                                : static_cast<int>(width)));
}

auto kind_of(Arguments a, EvaluationContext&) -> Value {
  if (a[0].type() != Type::dynamic) {
    return Value::string(std::string{to_text(a[0].type())});
  }
  switch (a[0].is_null() ? JsonKind::null : json_kind(a[0].text())) {
  case JsonKind::null:
    return Value::string("null");
  case JsonKind::boolean:
    return Value::string("bool");
  case JsonKind::integer:
    return Value::string("long");
  case JsonKind::real:
    return Value::string("double");
  case JsonKind::string:
    return Value::string("string");
  case JsonKind::array:
    return Value::string("array");
  case JsonKind::object:
    return Value::string("dictionary");
  }
  return Value::string("null");
}

} // namespace

auto conversion_functions() -> std::vector<Function> {
  constexpr auto conversion = Family::conversion;
  std::vector<Function> rows{
      {"tostring",
       {},
       conversion,
       "any -> string",
       "As text; null is \"\".",
       "tostring(1d) => 1.00:00:00",
       to<Type::string>,
       true},
      {"tolong",
       {},
       conversion,
       "any -> long",
       "As a whole number of 64 bits; a real is cut.",
       "tolong(2.5) => 2",
       to<Type::int64>,
       true},
      {"toint",
       {},
       conversion,
       "any -> int",
       "As a whole number of 32 bits; a real is cut.",
       "toint(\"7\") => 7",
       to<Type::int32>,
       true},
      {"todouble",
       {"toreal"},
       conversion,
       "any -> real",
       "As a real.",
       "todouble(\"1.5\") => 1.5",
       to<Type::real>,
       true},
      {"todecimal",
       {},
       conversion,
       "any -> decimal",
       "As a decimal of at most 34 digits.",
       "todecimal(\"0.1\") + todecimal(\"0.2\") => 0.3",
       to<Type::decimal>,
       true},
      {"tobool",
       {"toboolean"},
       conversion,
       "any -> bool",
       "As a bool: \"true\", \"false\" or a number.",
       "tobool(\"true\") => true",
       to<Type::boolean>,
       true},
      {"todatetime",
       {},
       conversion,
       "any -> datetime",
       "As a datetime in UTC.",
       "todatetime(\"2020-01-01\") => 2020-01-01T00:00:00.0000000Z",
       to<Type::datetime>,
       true},
      {"totimespan",
       {"totime"},
       conversion,
       "any -> timespan",
       "As a timespan.",
       "totimespan(\"01:00:00\") => 01:00:00",
       to<Type::timespan>,
       true},
      {"toguid", {}, conversion, "any -> guid", "As a guid.", "", to<Type::guid>, true},
      {"parse_json",
       {"todynamic", "parsejson", "toobject"},
       conversion,
       "any -> dynamic",
       "The text read as JSON; what is none becomes a dynamic text.",
       "parse_json('{\"a\":1}').a => 1",
       parse_json,
       true},
      {"tohex",
       {},
       conversion,
       "integer, [long] -> string",
       "In hexadecimal.",
       "tohex(255) => ff",
       to_hex},
      {"gettype",
       {},
       conversion,
       "any -> string",
       "What kind of value it is at run time.",
       "gettype(dynamic([1])) => array",
       kind_of},
      {"as_dynamic",
       {},
       conversion,
       "any -> dynamic",
       "The value itself as a dynamic; put in where branches differ in type.",
       "",
       to<Type::dynamic>},
  };
  rows.back().is_operator = true;
  return rows;
}

} // namespace sluice::kql

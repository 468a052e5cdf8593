// SPDX-License-Identifier: Apache-2.0
#include "kql/value.hpp"

#include "base/json_text.hpp"
#include "kql/conversion.hpp"
#include "kql/decimal.hpp"

namespace sluice::kql {

auto Value::integer(Type type, std::int64_t value) -> Value {
  return type == Type::int32 ? int32(static_cast<std::int32_t>(value)) : int64(value);
}

auto Value::datetime(DateTime value) -> Value {
  const auto ticks = value.since_year_one.count();
  return ticks < 0 || ticks > DateTime::max_ticks ? null(Type::datetime)
                                                  : Value{Type::datetime, ticks};
}

auto Value::dynamic(std::string canonical) -> Value {
  return canonical == "null" ? Value{} : Value{Type::dynamic, std::move(canonical)};
}

auto Value::borrowed_dynamic(std::string_view canonical) -> Value {
  return canonical == "null" ? Value{} : Value{Type::dynamic, canonical};
}

auto Value::owned_copy() const -> Value {
  Value copy = *this;
  if (borrows_) {
    copy.owned_ = borrowed_;
    copy.borrowed_ = {};
    copy.borrows_ = false;
  }
  return copy;
}

auto Value::decimal_as_real() const noexcept -> double {
  const auto decimal = Decimal::parse(text());
  return decimal ? decimal->as_real() : 0;
}

auto Value::with_type(Type type) && -> Value {
  type_ = type;
  return std::move(*this);
}

auto to_literal(const Value& value) -> std::string {
  const auto typed = [&](std::string_view inside) {
    return std::string{to_text(value.type())} + "(" + std::string{inside} + ")";
  };
  if (value.is_null()) {
    return value.type() == Type::string ? "\"\"" : typed("null");
  }
  switch (value.type()) {
  case Type::string:
    return json_quoted(value.text());
  case Type::boolean:
    return value.as_boolean() ? "true" : "false";
  case Type::int64:
    return to_text(value);
  case Type::real: {
    auto text = to_text(value);
    return text.find('n') == std::string::npos && text != "NaN" ? text : typed(text);
  }
  case Type::dynamic:
    return typed(value.text());
  default:
    return typed(to_text(value));
  }
}

} // namespace sluice::kql

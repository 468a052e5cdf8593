// SPDX-License-Identifier: Apache-2.0
#include "kql/value.hpp"

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

auto Value::with_type(Type type) && -> Value {
  type_ = type;
  return std::move(*this);
}

} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kql/dynamic.hpp"
#include "kql/value.hpp"

/// Private to the function table: what many functions ask of their arguments.
namespace sluice::kql {

using Arguments = std::span<const Value>;

[[nodiscard]] inline auto any_null(Arguments arguments) -> bool {
  return std::ranges::any_of(arguments, [](const Value& one) { return one.is_null(); });
}

[[nodiscard]] inline auto is_array(const Value& value) -> bool {
  return value.type() == Type::dynamic && !value.is_null() &&
         json_kind(value.text()) == JsonKind::array;
}

[[nodiscard]] inline auto is_bag(const Value& value) -> bool {
  return value.type() == Type::dynamic && !value.is_null() &&
         json_kind(value.text()) == JsonKind::object;
}

/// The items of an array, viewing it.
[[nodiscard]] inline auto items_of(const Value& value) -> std::vector<std::string_view> {
  std::vector<std::string_view> items;
  for (JsonItems item{value.text()}; item.next();) {
    items.push_back(item.value());
  }
  return items;
}

/// An array of JSON texts.
template <class Items>
[[nodiscard]] auto array_of(const Items& items) -> Value {
  std::string json = "[";
  for (const auto& item : items) {
    json += json.size() > 1 ? "," : "";
    json += item;
  }
  return Value::dynamic(json + "]");
}

} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"
#include "kql/function/arguments.hpp"
#include "kql/function/families.hpp"

namespace sluice::kql {
namespace {

/// In a rule, a member that is not there is as missing as a field that is not there.
auto member(Arguments a, EvaluationContext& context) -> Value {
  const auto nothing = [&] {
    return context.missing_is_unknown ? Value::absent(Type::dynamic) : Value::null(Type::dynamic);
  };
  if (any_null(a)) {
    return nothing();
  }
  const auto& key = a[1];
  const auto json = key.type() == Type::dynamic && json_kind(key.text()) == JsonKind::string
                        ? json_member(a[0].text(), json_unquoted(key.text()))
                    : key.type() == Type::dynamic
                        ? json_element(a[0].text(), parse_long(key.text()).value_or(0))
                    : key.type() == Type::string ? json_member(a[0].text(), key.text())
                                                 : json_element(a[0].text(), key.as_integer());
  return json.empty() || json == "null" ? nothing() : Value::dynamic(std::string{json});
}

auto array_length(Arguments a, EvaluationContext&) -> Value {
  return is_array(a[0]) ? Value::int64(static_cast<std::int64_t>(json_length(a[0].text())))
                        : Value::null(Type::int64);
}

auto pack_bag(Arguments a, EvaluationContext&) -> Value {
  std::string json = "{";
  for (std::size_t i = 0; i + 1 < a.size(); i += 2) {
    json += json.size() > 1 ? "," : "";
    json += to_json(Value::string(to_text(a[i]))) + ":" + to_json(a[i + 1]);
  }
  return Value::dynamic(canonical_json(json + "}").value_or("null"));
}

/// Leaves out what is empty.
auto pack_filled(Arguments a, EvaluationContext& context) -> Value {
  std::vector<Value> kept;
  for (std::size_t i = 0; i + 1 < a.size(); i += 2) {
    if (!a[i + 1].is_null() && !to_text(a[i + 1]).empty()) {
      kept.push_back(a[i]);
      kept.push_back(a[i + 1]);
    }
  }
  return pack_bag(kept, context);
}

auto pack_array(Arguments a, EvaluationContext&) -> Value {
  std::vector<std::string> items;
  for (const auto& value : a) {
    items.push_back(to_json(value));
  }
  return array_of(items);
}

auto bag_keys(Arguments a, EvaluationContext&) -> Value {
  if (!is_bag(a[0])) {
    return Value::null(Type::dynamic);
  }
  std::vector<std::string_view> keys;
  for (JsonItems item{a[0].text()}; item.next();) {
    keys.push_back(item.key());
  }
  return array_of(keys);
}

auto bag_has_key(Arguments a, EvaluationContext&) -> Value {
  return is_bag(a[0]) ? Value::boolean(!json_member(a[0].text(), a[1].text()).empty())
                      : Value::null(Type::boolean);
}

/// The first value of a key wins (observed).
auto bag_merge(Arguments a, EvaluationContext&) -> Value {
  std::set<std::string_view> seen;
  std::string json = "{";
  for (const auto& bag : a) {
    for (JsonItems item{is_bag(bag) ? bag.text() : "{}"}; item.next();) {
      if (seen.insert(item.key()).second) {
        json += json.size() > 1 ? "," : "";
        json.append(item.key()).append(":").append(item.value());
      }
    }
  }
  return Value::dynamic(json + "}");
}

auto array_concat(Arguments a, EvaluationContext&) -> Value {
  std::vector<std::string_view> all;
  for (const auto& array : a) {
    if (is_array(array)) {
      const auto items = items_of(array);
      all.insert(all.end(), items.begin(), items.end());
    }
  }
  return array_of(all);
}

auto array_reverse(Arguments a, EvaluationContext&) -> Value {
  if (!is_array(a[0])) {
    return Value::null(Type::dynamic);
  }
  auto items = items_of(a[0]);
  std::reverse(items.begin(), items.end());
  return array_of(items);
}

auto array_slice(Arguments a, EvaluationContext&) -> Value {
  if (any_null(a) || !is_array(a[0])) {
    return Value::null(Type::dynamic);
  }
  const auto items = items_of(a[0]);
  const auto size = static_cast<std::int64_t>(items.size());
  const auto from_front = [size](std::int64_t index) { return index < 0 ? index + size : index; };
  const auto first = std::max<std::int64_t>(from_front(a[1].as_integer()), 0);
  const auto last = std::min(from_front(a[2].as_integer()), size - 1);
  if (first > last) {
    return Value::dynamic("[]");
  }
  return array_of(std::span{items}.subspan(static_cast<std::size_t>(first),
                                           static_cast<std::size_t>(last - first + 1)));
}

auto strcat_array(Arguments a, EvaluationContext&) -> Value {
  std::string out;
  bool is_first = true;
  for (JsonItems item{is_array(a[0]) ? a[0].text() : "[]"}; item.next(); is_first = false) {
    out += is_first ? "" : a[1].text();
    out += json_to_text(item.value());
  }
  return Value::string(std::move(out));
}

auto array_index_of(Arguments a, EvaluationContext&) -> Value {
  if (!is_array(a[0])) {
    return Value::null(Type::int64);
  }
  const auto wanted = to_json(a[1]);
  const auto items = items_of(a[0]);
  const auto found = std::find(items.begin(), items.end(), wanted);
  return Value::int64(found == items.end() ? -1 : found - items.begin());
}

auto set_has_element(Arguments a, EvaluationContext&) -> Value {
  if (!is_array(a[0])) {
    return Value::null(Type::boolean);
  }
  const auto items = items_of(a[0]);
  return Value::boolean(std::find(items.begin(), items.end(), to_json(a[1])) != items.end());
}

} // namespace

auto dynamic_functions() -> std::vector<Function> {
  constexpr auto dynamic = Family::dynamic;
  std::vector<Function> rows{
      {"[]",
       {},
       dynamic,
       "dynamic, string -> dynamic; dynamic, integer -> dynamic; "
       "dynamic, dynamic -> dynamic",
       "The member of that name, or the item at that index (negative: from the end).",
       "dynamic({\"a\":[1,2]}).a[-1] => 2",
       member},
      {"array_length",
       {"arraylength"},
       dynamic,
       "dynamic -> long",
       "How many items; null when it is no array.",
       "array_length(dynamic([1,2])) => 2",
       array_length},
      {"bag_pack",
       {"pack", "pack_dictionary"},
       dynamic,
       "(string, any)... -> dynamic",
       "A bag of the names and values given by turns.",
       "bag_pack(\"a\", 1) => {\"a\":1}",
       pack_bag},
      {"bag_pack_filled",
       {},
       dynamic,
       "(string, any)... -> dynamic",
       "What `pack_all(true)` makes: a bag without what is empty.",
       "",
       pack_filled},
      {"pack_array",
       {},
       dynamic,
       "any... -> dynamic",
       "An array of the arguments.",
       "pack_array(1, \"a\") => [1,\"a\"]",
       pack_array},
      {"bag_keys",
       {},
       dynamic,
       "dynamic -> dynamic",
       "An array of the bag's keys.",
       "bag_keys(dynamic({\"a\":1})) => [\"a\"]",
       bag_keys},
      {"bag_has_key",
       {},
       dynamic,
       "dynamic, string -> bool",
       "The bag has that key.",
       "bag_has_key(dynamic({\"a\":1}), \"a\") => true",
       bag_has_key},
      {"bag_merge",
       {},
       dynamic,
       "dynamic... -> dynamic",
       "One bag of all; the first value of a key wins.",
       "bag_merge(dynamic({\"a\":1}), dynamic({\"a\":2})) => {\"a\":1}",
       bag_merge},
      {"array_concat",
       {},
       dynamic,
       "dynamic... -> dynamic",
       "One array of all items.",
       "array_concat(dynamic([1]), dynamic([2])) => [1,2]",
       array_concat},
      {"array_reverse",
       {},
       dynamic,
       "dynamic -> dynamic",
       "The items backwards.",
       "array_reverse(dynamic([1,2])) => [2,1]",
       array_reverse},
      {"array_slice",
       {},
       dynamic,
       "dynamic, long, long -> dynamic",
       "The items from one index to another, both included.",
       "array_slice(dynamic([1,2,3]), 1, 2) => [2,3]",
       array_slice},
      {"strcat_array",
       {"array_strcat"},
       dynamic,
       "dynamic, string -> string",
       "The items as text with the second between them.",
       "strcat_array(dynamic([1,2]), \"-\") => 1-2",
       strcat_array},
      {"array_index_of",
       {},
       dynamic,
       "dynamic, any -> long",
       "Where the value is in the array; -1 if it is not.",
       "array_index_of(dynamic([\"a\",\"b\"]), \"b\") => 1",
       array_index_of},
      {"set_has_element",
       {},
       dynamic,
       "dynamic, any -> bool",
       "The value is in the array.",
       "set_has_element(dynamic([1,2]), 2) => true",
       set_has_element},
  };
  for (auto& row : rows) {
    row.is_operator = row.name == "[]" || row.name == "bag_pack_filled";
  }
  rows.front().keeps_name = true;
  return rows;
}

} // namespace sluice::kql

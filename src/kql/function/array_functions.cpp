// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <set>

#include "kql/conversion.hpp"
#include "kql/function/arguments.hpp"
#include "kql/function/families.hpp"

namespace sluice::kql {
namespace {

constexpr std::int64_t max_range_items = 1'048'576; // Documented.

auto number_of(std::string_view json) -> std::optional<double> {
  const auto kind = json_kind(json);
  return kind == JsonKind::integer || kind == JsonKind::real ? parse_real(json) : std::nullopt;
}

/// Null when an item is no number, and of nothing (observed).
auto array_sum(Arguments a, EvaluationContext&) -> Value {
  if (!is_array(a[0]) || json_length(a[0].text()) == 0) {
    return Value::null(Type::real);
  }
  double sum = 0;
  for (const auto item : items_of(a[0])) {
    const auto number = number_of(item);
    if (!number) {
      return Value::null(Type::real);
    }
    sum += *number;
  }
  return Value::real(sum);
}

/// Numbers by value, then texts; what has no order stays behind.
auto less(std::string_view a, std::string_view b) -> bool {
  const auto x = number_of(a);
  const auto y = number_of(b);
  if (x || y) {
    return x && y ? *x < *y : x.has_value();
  }
  return json_to_text(a) < json_to_text(b);
}

/// The places of the items in their order. Nulls come last (observed), if not said otherwise.
auto places_in_order(const std::vector<std::string_view>& items, bool descending, bool nulls_last)
    -> std::vector<std::size_t> {
  std::vector<std::size_t> places(items.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::ranges::stable_sort(places, [&](std::size_t x, std::size_t y) {
    const bool first_null = items[x] == "null";
    const bool second_null = items[y] == "null";
    if (first_null || second_null) {
      return nulls_last ? second_null && !first_null : first_null && !second_null;
    }
    return descending ? less(items[y], items[x]) : less(items[x], items[y]);
  });
  return places;
}

auto arranged(const std::vector<std::string_view>& items, const std::vector<std::size_t>& places)
    -> Value {
  std::vector<std::string_view> result;
  for (const auto place : places) {
    result.push_back(items[place]);
  }
  return array_of(result);
}

template <bool descending>
auto sorted(Arguments a, EvaluationContext&) -> Value {
  if (!is_array(a[0])) {
    return Value::null(Type::dynamic);
  }
  const auto items = items_of(a[0]);
  const bool nulls_last =
      a.size() < 2 || a[1].type() != Type::boolean || a[1].is_null() || a[1].as_boolean();
  return arranged(items, places_in_order(items, descending, nulls_last));
}

/// (which, array, arrays...): that array in the order of the first.
template <bool descending>
auto sorted_along(Arguments a, EvaluationContext&) -> Value {
  const auto count = static_cast<std::int64_t>(a.size()) - 1;
  if (a[0].is_null() || a[0].as_integer() < 0 || a[0].as_integer() >= count || !is_array(a[1])) {
    return Value{};
  }
  const auto& wanted = a[static_cast<std::size_t>(a[0].as_integer()) + 1];
  const auto keys = items_of(a[1]);
  const auto items = is_array(wanted) ? items_of(wanted) : std::vector<std::string_view>{};
  return items.size() == keys.size() ? arranged(items, places_in_order(keys, descending, true))
                                     : Value{};
}

auto place_in(std::int64_t index, std::int64_t size) -> std::int64_t {
  return std::clamp<std::int64_t>(index < 0 ? index + size : index, 0, size);
}

/// Cuts before each index.
auto array_split(Arguments a, EvaluationContext&) -> Value {
  if (!is_array(a[0]) || a[1].is_null()) {
    return Value::null(Type::dynamic);
  }
  const auto items = items_of(a[0]);
  const auto size = static_cast<std::int64_t>(items.size());
  std::vector<std::int64_t> cuts;
  if (a[1].type() == Type::dynamic) {
    for (const auto index : items_of(a[1])) {
      cuts.push_back(place_in(parse_long(index).value_or(0), size));
    }
  } else {
    cuts.push_back(place_in(a[1].as_integer(), size));
  }
  cuts.push_back(size);
  std::vector<std::string> parts;
  std::int64_t begin = 0;
  for (const auto cut : cuts) {
    const auto end = std::max(cut, begin);
    parts.emplace_back(array_of(std::span{items}.subspan(static_cast<std::size_t>(begin),
                                                         static_cast<std::size_t>(end - begin)))
                           .text());
    begin = end;
  }
  return array_of(parts);
}

template <bool left>
auto rotated(Arguments a, EvaluationContext&) -> Value {
  if (!is_array(a[0]) || a[1].is_null()) {
    return Value::null(Type::dynamic);
  }
  auto items = items_of(a[0]);
  if (items.empty()) {
    return a[0];
  }
  const auto size = static_cast<std::int64_t>(items.size());
  const auto steps = (a[1].as_integer() % size + size) % size;
  std::ranges::rotate(items, items.begin() + (left ? steps : (size - steps) % size));
  return array_of(items);
}

template <bool left>
auto shifted(Arguments a, EvaluationContext&) -> Value {
  if (!is_array(a[0]) || a[1].is_null()) {
    return Value::null(Type::dynamic);
  }
  const auto items = items_of(a[0]);
  const auto size = static_cast<std::int64_t>(items.size());
  const auto steps = left ? a[1].as_integer() : 0 - a[1].as_integer();
  const auto filling = a.size() > 2 ? to_json(a[2]) : "null";
  std::vector<std::string_view> made;
  for (std::int64_t i = 0; i < size; ++i) {
    const auto from = i + steps;
    const bool exists = steps <= size && steps >= -size && from >= 0 && from < size;
    made.push_back(exists ? items[static_cast<std::size_t>(from)] : std::string_view{filling});
  }
  return array_of(made);
}

/// The item of an array, or any other value for each place.
auto item_or_value(const Value& value, std::size_t place) -> std::string {
  if (!is_array(value)) {
    return to_json(value);
  }
  return std::string{json_element(value.text(), static_cast<std::int64_t>(place))};
}

auto array_iff(Arguments a, EvaluationContext&) -> Value {
  if (!is_array(a[0])) {
    return Value::null(Type::dynamic);
  }
  std::vector<std::string> made;
  for (const auto condition : items_of(a[0])) {
    const auto number = number_of(condition);
    const bool is_known = condition == "true" || condition == "false" || number;
    auto item = !is_known
                    ? std::string{}
                    : item_or_value(condition == "true" || number.value_or(0) != 0 ? a[1] : a[2],
                                    made.size());
    made.push_back(item.empty() ? "null" : std::move(item));
  }
  return array_of(made);
}

/// From the first to the second, in steps of the third (1, or an hour).
auto range(Arguments a, EvaluationContext&) -> Value {
  if (any_null(a)) {
    return Value::null(Type::dynamic);
  }
  std::vector<std::string> items;
  if (a[0].type() == Type::real || a[1].type() == Type::real ||
      (a.size() > 2 && a[2].type() == Type::real)) {
    const auto step = a.size() > 2 ? a[2].as_real() : 1.0;
    const auto count = std::floor((a[1].as_real() - a[0].as_real()) / step + 1e-9);
    for (std::int64_t i = 0; step != 0 && static_cast<double>(i) <= count && i < max_range_items;
         ++i) {
      items.push_back(real_to_text(a[0].as_real() + static_cast<double>(i) * step));
    }
    return array_of(items);
  }
  const bool is_time = !is_integer(a[0].type());
  const auto step = a.size() > 2 ? a[2].as_integer() : is_time ? 36'000'000'000 : 1;
  auto at = a[0].as_integer();
  const auto last = a[1].as_integer();
  while (step != 0 && (step > 0 ? at <= last : at >= last) &&
         static_cast<std::int64_t>(items.size()) < max_range_items) {
    items.push_back(to_json(Value::int64(at).with_type(is_time ? a[0].type() : Type::int64)));
    if (__builtin_add_overflow(at, step, &at)) {
      break;
    }
  }
  return array_of(items);
}

enum class Keep { any, all, first };

/// Each item once, in the order of their first appearance.
template <Keep keep>
auto set_operation(Arguments a, EvaluationContext&) -> Value {
  if (!std::ranges::all_of(a, is_array)) {
    return Value::null(Type::dynamic);
  }
  std::vector<std::set<std::string_view>> sets;
  for (const auto& array : a) {
    const auto items = items_of(array);
    sets.emplace_back(items.begin(), items.end());
  }
  std::vector<std::string_view> kept;
  std::set<std::string_view> seen;
  for (const auto& array : keep == Keep::any ? a : a.first(1)) {
    for (const auto item : items_of(array)) {
      const auto others = std::span{sets}.subspan(1);
      const auto has = [&](const auto& set) { return set.contains(item); };
      const bool wanted = keep == Keep::any   ? true
                          : keep == Keep::all ? std::ranges::all_of(others, has)
                                              : std::ranges::none_of(others, has);
      if (wanted && seen.insert(item).second) {
        kept.push_back(item);
      }
    }
  }
  return array_of(kept);
}

auto jaccard(Arguments a, EvaluationContext& context) -> Value {
  const auto both = set_operation<Keep::all>(a, context);
  const auto any = set_operation<Keep::any>(a, context);
  if (both.is_null()) {
    return Value::null(Type::dynamic);
  }
  return Value::dynamic(real_to_text(static_cast<double>(json_length(both.text())) /
                                     static_cast<double>(json_length(any.text()))));
}

} // namespace

auto array_functions() -> std::vector<Function> {
  constexpr auto dynamic = Family::dynamic;
  std::vector<Function> rows{
      {"array_sum",
       {},
       dynamic,
       "dynamic -> real",
       "The sum of the numbers.",
       "array_sum(dynamic([1,2])) => 3.0",
       array_sum},
      {"array_sort_asc_along",
       {},
       dynamic,
       "long, dynamic... -> dynamic",
       "What `array_sort_asc(a, b)[1]` is made of.",
       "",
       sorted_along<false>},
      {"array_sort_desc_along",
       {},
       dynamic,
       "long, dynamic... -> dynamic",
       "What `array_sort_desc(a, b)[1]` is made of.",
       "",
       sorted_along<true>},
      {"array_sort_asc",
       {},
       dynamic,
       "dynamic, [bool] -> dynamic",
       "The items in rising order, nulls last unless told.",
       "array_sort_asc(dynamic([2,1])) => [1,2]",
       sorted<false>},
      {"array_sort_desc",
       {},
       dynamic,
       "dynamic, [bool] -> dynamic",
       "The items in falling order, nulls last unless told.",
       "array_sort_desc(dynamic([1,2])) => [2,1]",
       sorted<true>},
      {"array_split",
       {},
       dynamic,
       "dynamic, integer -> dynamic; dynamic, dynamic -> dynamic",
       "The parts of the array, cut before each index.",
       "array_split(dynamic([1,2,3]), 1) => [[1],[2,3]]",
       array_split},
      {"array_rotate_left",
       {},
       dynamic,
       "dynamic, integer -> dynamic",
       "The items moved to the front, those that leave it put behind.",
       "array_rotate_left(dynamic([1,2,3]), 1) => [2,3,1]",
       rotated<true>},
      {"array_rotate_right",
       {},
       dynamic,
       "dynamic, integer -> dynamic",
       "The items moved to the back, those that leave it put in front.",
       "array_rotate_right(dynamic([1,2,3]), 1) => [3,1,2]",
       rotated<false>},
      {"array_shift_left",
       {},
       dynamic,
       "dynamic, integer, [any] -> dynamic",
       "The items moved to the front, the places left filled.",
       "array_shift_left(dynamic([1,2,3]), 1) => [2,3,null]",
       shifted<true>},
      {"array_shift_right",
       {},
       dynamic,
       "dynamic, integer, [any] -> dynamic",
       "The items moved to the back, the places left filled.",
       "array_shift_right(dynamic([1,2,3]), 1) => [null,1,2]",
       shifted<false>},
      {"array_iff",
       {"array_iif"},
       dynamic,
       "dynamic, any, any -> dynamic",
       "For each condition the item of the second or of the third.",
       "array_iff(dynamic([true,false]), 1, 2) => [1,2]",
       array_iff},
      {"range",
       {},
       dynamic,
       "number, number, [number] -> dynamic; datetime, datetime, [timespan] -> dynamic; timespan, "
       "timespan, [timespan] -> dynamic",
       "An array from the first to the second in steps of the third.",
       "range(1, 7, 3) => [1,4,7]",
       range},
      {"set_union",
       {},
       dynamic,
       "dynamic, dynamic... -> dynamic",
       "What is in any of the arrays, once.",
       "set_union(dynamic([1,2]), dynamic([2,3])) => [1,2,3]",
       set_operation<Keep::any>},
      {"set_intersect",
       {},
       dynamic,
       "dynamic, dynamic... -> dynamic",
       "What is in all of the arrays, once.",
       "set_intersect(dynamic([1,2]), dynamic([2,3])) => [2]",
       set_operation<Keep::all>},
      {"set_difference",
       {},
       dynamic,
       "dynamic, dynamic... -> dynamic",
       "What is in the first and in none of the others, once.",
       "set_difference(dynamic([1,2]), dynamic([2,3])) => [1]",
       set_operation<Keep::first>},
      {"jaccard_index",
       {},
       dynamic,
       "dynamic, dynamic -> dynamic",
       "How much two sets have in common, 0 to 1.",
       "jaccard_index(dynamic([1,2]), dynamic([2,3])) => 0.3333333333333333",
       jaccard},
  };
  for (auto& row : rows) {
    row.may_be_long = row.name == "range";
  }
  return rows;
}

} // namespace sluice::kql

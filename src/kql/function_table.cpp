// SPDX-License-Identifier: Apache-2.0
#include "kql/function_table.hpp"

#include <unordered_map>
#include <utility>

#include "kql/case_fold.hpp"
#include "kql/function/families.hpp"

namespace sluice::kql {
namespace {

auto all_functions() -> std::vector<Function> {
  std::vector<Function> all;
  for (auto family : {comparison_functions,
                      string_operators,
                      logic_functions,
                      arithmetic_functions,
                      text_functions,
                      regex_functions,
                      conversion_functions,
                      dynamic_functions,
                      time_functions,
                      real_functions,
                      array_functions,
                      network_functions,
                      address_text_functions,
                      encoding_functions,
                      parse_functions,
                      base64_functions,
                      bit_functions,
                      hash_functions,
                      path_functions,
                      geo_functions,
                      series_item_functions,
                      series_shape_functions,
                      series_line_functions,
                      bag_functions,
                      unicode_functions,
                      zone_functions,
                      punycode_functions,
                      unit_functions,
                      series_interpolation_functions,
                      geohash_functions,
                      geo_line_functions,
                      geo_polygon_functions,
                      geo_set_functions,
                      geo_shape_functions,
                      geo_cell_functions}) {
    auto rows = family();
    all.insert(all.end(), std::move_iterator{rows.begin()}, std::move_iterator{rows.end()});
  }
  return all;
}

template <class Row>
class Index {
public:
  explicit Index(std::span<const Row> rows) {
    for (const auto& row : rows) {
      by_name_.emplace(row.name, &row);
      for (const auto name : row.other_names) {
        by_name_.emplace(name, &row);
      }
    }
  }
  [[nodiscard]] auto find(std::string_view name) const -> const Row* {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
  }

private:
  std::unordered_map<std::string_view, const Row*> by_name_;
};

/// Cut between code points.
auto cut(std::string_view text) -> std::string {
  auto size = max_text_bytes;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
    --size;
  }
  return std::string{text.substr(0, size)};
}

} // namespace

auto functions() -> std::span<const Function> {
  static const auto all = all_functions();
  return all;
}

auto aggregates() -> std::span<const Aggregate> {
  static const auto all = aggregate_functions();
  return all;
}

auto find_function(std::string_view name) -> const Function* {
  static const Index index{functions()};
  return index.find(name);
}

auto find_aggregate(std::string_view name) -> const Aggregate* {
  static const Index index{aggregates()};
  return index.find(name);
}

auto call(const Function& function,
          Type result,
          std::span<const Value> arguments,
          EvaluationContext& context) -> Value {
  if (context.missing_is_unknown && !function.sees_absent) {
    for (const auto& argument : arguments) {
      if (argument.is_absent()) {
        return Value::absent(result);
      }
    }
  }
  auto value = function.evaluate(arguments, context);
  if (value.text().size() > max_text_bytes && !function.may_be_long) {
    return value.type() == Type::string ? Value::string(cut(value.text())) : Value::null(result);
  }
  if (value.type() == result) {
    return value;
  }
  // A null may come in any type; numbers are computed in the wide type and stored in the exact one.
  if (value.is_null() || (is_integer(value.type()) && is_integer(result))) {
    return std::move(value).with_type(result);
  }
  return is_integer(value.type()) && result == Type::real ? Value::real(value.as_real())
                                                          : std::move(value);
}

} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0
#include "record/columns.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace sluice::record {
namespace {

constexpr auto type_bool = ColumnType::boolean;
constexpr auto type_int = ColumnType::int32;
constexpr auto type_long = ColumnType::int64;
constexpr auto type_real = ColumnType::real;
constexpr auto type_string = ColumnType::string;
constexpr auto type_datetime = ColumnType::datetime;
constexpr auto type_dynamic = ColumnType::dynamic;

constexpr auto columns = std::to_array<Column>({
#include "columns.inc"
});

using Order = std::array<std::uint16_t, columns.size()>;

/// Indexes of `columns` by name.
auto order_by_name() -> Order {
  Order order{};
  std::iota(order.begin(), order.end(), std::uint16_t{0});
  std::ranges::sort(order, {}, [](std::uint16_t i) { return columns[i].name; });
  return order;
}

} // namespace

auto name_of(ColumnType type) noexcept -> std::string_view {
  constexpr std::array<std::string_view, 7> names{
      "bool", "int", "long", "real", "string", "datetime", "dynamic"};
  return names[static_cast<std::size_t>(type)];
}

auto wide_table_columns() noexcept -> std::span<const Column> {
  return columns;
}

auto column_index(std::string_view name) noexcept -> std::optional<std::size_t> {
  static const auto order = order_by_name();
  const auto at =
      std::ranges::lower_bound(order, name, {}, [](std::uint16_t i) { return columns[i].name; });
  if (at == order.end() || columns[*at].name != name) {
    return std::nullopt;
  }
  return *at;
}

} // namespace sluice::record

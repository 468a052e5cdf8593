// SPDX-License-Identifier: Apache-2.0
#include "record/record_types.hpp"

#include <algorithm>
#include <array>

namespace sluice::record {
namespace {

constexpr auto types = std::to_array<RecordType>({
#include "record_types.inc"
});

static_assert(std::ranges::is_sorted(types, {}, &RecordType::number));

auto lower(char c) -> char {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

auto record_types() noexcept -> std::span<const RecordType> {
  return types;
}

auto record_type_name(std::int32_t number) noexcept -> std::string_view {
  const auto at = std::ranges::lower_bound(types, number, {}, &RecordType::number);
  return at != types.end() && at->number == number ? at->name : std::string_view{};
}

auto record_type_number(std::string_view name) noexcept -> std::optional<std::int32_t> {
  const auto at = std::ranges::find_if(types, [name](const RecordType& type) {
    return std::ranges::equal(type.name, name, {}, lower, lower);
  });
  return at == types.end() ? std::nullopt : std::optional{at->number};
}

} // namespace sluice::record

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sluice::record {

/// A number of `RecordType` and its name (documented). New numbers appear every month, so a number
/// without a name is nothing unusual and never a reason to refuse a record.
struct RecordType {
  std::int32_t number;
  std::string_view name;
};

/// All that have a name, by number. They stand in `record_types.tsv`.
[[nodiscard]] auto record_types() noexcept -> std::span<const RecordType>;

/// `"SecurityComplianceAlerts"` for 40; empty when the number has no name.
[[nodiscard]] auto record_type_name(std::int32_t number) noexcept -> std::string_view;

/// 40 for `"SecurityComplianceAlerts"`, upper and lower case alike; the first of several.
[[nodiscard]] auto record_type_number(std::string_view name) noexcept
    -> std::optional<std::int32_t>;

} // namespace sluice::record

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "kql/value.hpp"

namespace sluice::endpoint {

/// A value as people read it, the way Kusto's `tostring` writes it; null is empty.
[[nodiscard]] auto to_plain_text(const kql::Value& value) -> std::string;

/// A value as Kusto's REST protocol writes it in JSON (documented): datetimes with seven digits,
/// timespans as `[-][d.]hh:mm:ss[.fffffff]`, decimals as strings, NaN and infinities as strings,
/// dynamic as JSON itself.
[[nodiscard]] auto to_json(const kql::Value& value) -> std::string;

/// What the first protocol calls a type in `DataType` (documented): `Int64`, ...
[[nodiscard]] auto data_type_name(kql::Type type) noexcept -> std::string_view;
/// What schemas call it (documented): `System.Int64`, ...
[[nodiscard]] auto system_name(kql::Type type) noexcept -> std::string_view;

} // namespace sluice::endpoint

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "kql/value.hpp"

namespace sluice::app {

/// A value as people read it, the way Kusto's `tostring` writes it; null is empty.
[[nodiscard]] auto to_plain_text(const kql::Value& value) -> std::string;

/// A value as Kusto's REST protocol writes it in JSON (documented): datetimes with seven digits,
/// timespans as `[-][d.]hh:mm:ss[.fffffff]`, NaN and infinities as strings, dynamic as JSON itself.
[[nodiscard]] auto to_json(const kql::Value& value) -> std::string;

} // namespace sluice::app

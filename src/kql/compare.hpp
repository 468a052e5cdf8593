// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "kql/value.hpp"

namespace sluice::kql {

/// `a == b`: numbers by value, text by code points; a dynamic beside a typed value is read as that
/// type. One null: false; both: nothing.
[[nodiscard]] auto equals(const Value& a, const Value& b) -> std::optional<bool>;

/// `value in (list)`; a dynamic array in the list stands for its items.
[[nodiscard]] auto is_member(const Value& value, std::span<const Value> list, bool ignores_case)
    -> std::optional<bool>;

} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kql/value.hpp"

/// The dynamic type as text: canonical compact JSON, the same in the evaluator and in the store.
/// Canonical: no blanks between tokens, strings escaped only where JSON needs it, integers within
/// 64 bits as such, other numbers in their shortest form with a point or exponent, of duplicate
/// keys the last value at the first one's place. At most 100 levels deep.
namespace sluice::kql {

/// `text` made canonical; nothing when it is not one JSON value or nests too deep.
[[nodiscard]] auto canonical_json(std::string_view text) -> std::optional<std::string>;

/// The same for the inside of `dynamic(...)`, which also takes single quotes and typed literals.
[[nodiscard]] auto read_dynamic_literal(std::string_view text) -> std::optional<std::string>;

enum class JsonKind : std::uint8_t { null, boolean, integer, real, string, array, object };

// All that follows wants canonical text.

[[nodiscard]] auto json_kind(std::string_view json) noexcept -> JsonKind;

/// Goes through the items of an array or the members of an object; over anything else it ends at
/// once. Views the text.
///
///     for (JsonItems item{json}; item.next();) { use(item.key(), item.value()); }
class JsonItems {
public:
  explicit JsonItems(std::string_view json) noexcept;
  [[nodiscard]] auto next() noexcept -> bool;
  /// The member's key as a JSON string, quotes included; empty in an array.
  [[nodiscard]] auto key() const noexcept -> std::string_view { return key_; }
  [[nodiscard]] auto value() const noexcept -> std::string_view { return value_; }

private:
  std::string_view rest_;
  std::string_view key_;
  std::string_view value_;
  bool is_object_ = false;
};

/// The member's value; empty when `json` is no object or has no such key.
[[nodiscard]] auto json_member(std::string_view json, std::string_view key) -> std::string_view;
/// The item at `index`, counted from the end when negative; empty when there is none.
[[nodiscard]] auto json_element(std::string_view json, std::int64_t index) -> std::string_view;
[[nodiscard]] auto json_length(std::string_view json) -> std::size_t;

/// What a JSON string says, without quotes and escapes.
[[nodiscard]] auto json_unquoted(std::string_view quoted) -> std::string;
/// As `tostring` gives it: strings unquoted, null as "", all else as it stands.
[[nodiscard]] auto json_to_text(std::string_view json) -> std::string;

/// What `mv-expand` makes rows of, as an array: an array's items; a bag's members, each as a bag or
/// as `[key, value]`; null and any other value alone.
[[nodiscard]] auto expanded(const Value& value, bool bags_to_arrays) -> Value;

/// The value as JSON: datetime, timespan and guid as strings, NaN and infinities as strings too.
[[nodiscard]] auto to_json(const Value& value) -> std::string;
/// A real as the engine writes it: one of the shortest forms that read back the same, always with a
/// point or an exponent.
[[nodiscard]] auto real_to_text(double value) -> std::string;

} // namespace sluice::kql

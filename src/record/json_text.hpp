// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Small readers of raw JSON values as a scan finds them: `40`, `"text"`, `{"a":1}`, `null`.
namespace sluice::record {

/// What a raw value is, by its first character; the rest is not looked at.
enum class JsonKind : std::uint8_t { null, boolean, number, string, array, object, nothing };

/// `nothing` for an absent value (an empty view) and for what no JSON value starts with.
[[nodiscard]] auto kind_of(std::string_view raw) noexcept -> JsonKind;

/// The text of a raw string (quotes included). A view into `raw` when it has no escapes, else into
/// `storage`, which it overwrites and never makes smaller. Half a surrogate pair becomes U+FFFD.
/// Nothing when `raw` is no string or has an escape that JSON does not know.
[[nodiscard]] auto string_text(std::string_view raw, std::string& storage)
    -> std::optional<std::string_view>;

/// The same for what is between the quotes. Half a surrogate pair becomes U+FFFD.
/// Nothing when there is an escape that JSON does not know.
[[nodiscard]] auto unescaped(std::string_view text, std::string& storage)
    -> std::optional<std::string_view>;

/// The value of the four hexadecimal digits at `text[at]`, as they follow `\u`; nothing when there
/// are fewer.
[[nodiscard]] auto hex4(std::string_view text, std::size_t at) -> std::optional<std::uint32_t>;

/// A whole number, also one in a string (`"40"`): both occur (observed); `4.0` and `1e3` are whole.
/// Nothing for anything else, a fraction or a number beyond 64 bits.
[[nodiscard]] auto integer_of(std::string_view raw) noexcept -> std::optional<std::int64_t>;

/// A number, also one in a string.
[[nodiscard]] auto real_of(std::string_view raw) noexcept -> std::optional<double>;

/// `true` or `false`, also in a string and in any case of letters (`"True"`; observed), or 1 or 0.
[[nodiscard]] auto boolean_of(std::string_view raw) noexcept -> std::optional<bool>;

/// Removes the white space of JSON at both ends.
[[nodiscard]] auto trimmed(std::string_view text) noexcept -> std::string_view;

} // namespace sluice::record

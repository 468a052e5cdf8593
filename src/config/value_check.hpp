// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::config {

/// Why a text will not do, and how to mend it. Neither repeats the text.
struct Objection {
  std::string message;
  std::string hint;
};

/// In lower case; nothing when it is not 8-4-4-4-12 hexadecimal digits.
[[nodiscard]] auto parse_guid(std::string_view text) -> std::optional<std::string>;

/// 1 to 64 letters, digits, `_`, `-`, `.`; not beginning with `-` or `.`.
[[nodiscard]] auto is_name(std::string_view text) noexcept -> bool;

/// An endpoint is `https://host[:port]` and no more; with plain http the host must be loopback.
[[nodiscard]] auto object_to_endpoint(std::string_view text) -> std::optional<Objection>;

/// A secret is given as `file:/absolute/path`, `cred:NAME` or `keyvault:NAME`.
[[nodiscard]] auto object_to_secret(std::string_view text) -> std::optional<Objection>;

/// The candidate that `text` was most likely meant to be: nothing when none is close.
[[nodiscard]] auto closest(std::string_view text, const std::vector<std::string_view>& candidates)
    -> std::optional<std::string_view>;

} // namespace sluice::config

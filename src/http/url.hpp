// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace sluice::http {

/// Who is spoken to: the unit in which a token is trusted.
struct Origin {
  std::string scheme; ///< `http` or `https`.
  std::string host;   ///< Lower case; an IPv6 address stands in brackets.
  std::uint16_t port = 443;

  /// True for 127.0.0.0/8, `[::1]` and `localhost`.
  [[nodiscard]] auto is_loopback() const -> bool;
  /// `https://host`, with the port when it is not the scheme's own.
  [[nodiscard]] auto text() const -> std::string;

  friend auto operator==(const Origin&, const Origin&) -> bool = default;
};

/// An absolute http or https URL in the one form that every parser reads the same way.
///
/// Refused, because programs disagree about what they mean: user-info, fragments, `\`, blanks,
/// control and non-ASCII characters (so also IDN in its written form), numeric hosts other than a
/// dotted quad, IPv6 zones, `//` at the start of the path, `.` and `..` segments plain or
/// percent-encoded, and a `%` without two hex digits.
///
/// Threads: a value; share freely.
class Url {
public:
  /// Errors: invalid_input, with the reason; the message does not repeat the text.
  [[nodiscard]] static auto parse(std::string_view text) -> Result<Url>;

  [[nodiscard]] auto origin() const noexcept -> const Origin& { return origin_; }
  /// Begins with `/`, percent-encoding as it came.
  [[nodiscard]] auto path() const noexcept -> const std::string& { return path_; }
  /// Without `?`, percent-encoding as it came; empty when there is none.
  [[nodiscard]] auto query() const noexcept -> const std::string& { return query_; }
  [[nodiscard]] auto text() const -> std::string;

  /// The same origin with another path and query.
  /// Errors: as for `parse`.
  [[nodiscard]] auto with_target(std::string_view path, std::string_view query = {}) const
      -> Result<Url>;

  friend auto operator==(const Url&, const Url&) -> bool = default;

private:
  Origin origin_;
  std::string path_;
  std::string query_;
};

/// `text` with every byte but `A-Z a-z 0-9 - . _ ~` as `%XX`.
[[nodiscard]] auto percent_encoded(std::string_view text) -> std::string;
/// Nothing when a `%` is not followed by two hex digits. `+` stays `+`.
[[nodiscard]] auto percent_decoded(std::string_view text) -> std::optional<std::string>;

/// A query or a form, in order; names and values are plain text.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// `name=value&name=value`, both percent-encoded.
[[nodiscard]] auto encoded(const Parameters& parameters) -> std::string;
/// Splits a query; nothing when its percent-encoding is broken. `+` stays `+`.
[[nodiscard]] auto decoded_query(std::string_view query) -> std::optional<Parameters>;

/// ASCII letters alone are folded: the names of headers, hosts and GUIDs.
[[nodiscard]] auto equal_ignoring_case(std::string_view a, std::string_view b) noexcept -> bool;

} // namespace sluice::http

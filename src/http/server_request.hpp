// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::http {

/// Names and values in the order they were sent.
using ServerFields = std::vector<std::pair<std::string, std::string>>;

/// One request, complete with its body.
struct ServerRequest {
  std::string method; ///< `GET`, `POST`, ...
  std::string target; ///< Path and query exactly as sent.
  std::string path;   ///< Percent-decoded, without the query.
  ServerFields query; ///< Percent-decoded.
  ServerFields headers;
  std::string body;
  /// False for a POST that names neither a length nor chunks; its body counts as empty.
  bool length_stated = true;

  /// The first header of that name, in any letter case; empty when there is none.
  [[nodiscard]] auto header(std::string_view name) const noexcept -> std::string_view;
  /// The first query parameter of that name, in any letter case.
  [[nodiscard]] auto parameter(std::string_view name) const noexcept
      -> std::optional<std::string_view>;
};

/// Splits `a=1&b=x%20y+z` into decoded names and values.
[[nodiscard]] auto parse_form(std::string_view text) -> ServerFields;

/// Decodes `%41`; a `%` that no two hexadecimal digits follow stands for itself.
[[nodiscard]] auto decode_percent(std::string_view text, bool plus_is_space) -> std::string;

/// Whether two names differ in no more than the case of ASCII letters.
[[nodiscard]] auto same_name(std::string_view a, std::string_view b) noexcept -> bool;

} // namespace sluice::http

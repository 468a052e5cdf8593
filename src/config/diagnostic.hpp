// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::config {

/// A stretch of one line of a configuration. Line and column count from 1, columns in bytes.
struct Place {
  std::size_t line = 1;
  std::size_t column = 1;
  std::size_t length = 1;

  friend auto operator==(const Place&, const Place&) -> bool = default;
};

/// One mistake in a configuration.
struct Diagnostic {
  Place place;
  /// One sentence without a final stop. Never holds the text of a secret.
  std::string message;
  /// How to mend it; may be empty.
  std::string hint;
};

using Diagnostics = std::vector<Diagnostic>;

/// The diagnostic as a person wants to see it:
///
///     sluice.yaml:12:5: `polling` has no option `intervall`
///         intervall: 5m
///         ^~~~~~~~~
///       did you mean `interval`?
///
/// What stands after a key that sounds like a secret is shown as `***` unless it is a reference,
/// and a line without a key is not shown at all: it may be the inside of a secret.
[[nodiscard]] auto
render(const Diagnostic& diagnostic, std::string_view text, std::string_view file) -> std::string;

/// All of them, one after another.
[[nodiscard]] auto
render(const Diagnostics& diagnostics, std::string_view text, std::string_view file) -> std::string;

} // namespace sluice::config

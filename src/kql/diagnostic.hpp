// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kql/diagnostic_code.hpp"
#include "kql/span.hpp"

namespace sluice::kql {

/// One mistake in a person's text.
struct Diagnostic {
  Span span;
  Code code = Code::unexpected;
  /// One sentence without a final stop.
  std::string message;
  /// How to mend it; may be empty.
  std::string hint;
};

using Diagnostics = std::vector<Diagnostic>;

/// The diagnostic as a person wants to see it:
///
///     rule.kql:1:7: KS142: unknown column `Severty`
///       where Severty == "High"
///             ^~~~~~~
///       did you mean `Severity`?
///
/// Columns count code points from 1. Long lines are cut around the place. `file` may be empty.
[[nodiscard]] auto
render(const Diagnostic& diagnostic, std::string_view text, std::string_view file) -> std::string;

/// One after another: the first twenty, and how many more there are.
[[nodiscard]] auto
render(const Diagnostics& diagnostics, std::string_view text, std::string_view file) -> std::string;

} // namespace sluice::kql

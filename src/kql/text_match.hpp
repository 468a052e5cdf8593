// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

namespace re2 {
class RE2;
}

/// How the string operators look for one text in another.
namespace sluice::kql {

enum class Case : bool { matters, folded };

[[nodiscard]] auto contains(std::string_view text, std::string_view wanted, Case letters) -> bool;
[[nodiscard]] auto starts_with(std::string_view text, std::string_view wanted, Case letters)
    -> bool;
[[nodiscard]] auto ends_with(std::string_view text, std::string_view wanted, Case letters) -> bool;

/// Which ends of `wanted` must not touch a letter or digit of `text`. Only an end that is itself a
/// letter or digit can touch; `_` is neither. Observed on the engine: `"alpha_beta" has "alpha"`.
struct Edges {
  bool left = true;
  bool right = true;
};
[[nodiscard]] auto has(std::string_view text, std::string_view wanted, Case letters, Edges edges)
    -> bool;

/// A compiled regular expression, or null when `pattern` is none. Linear in the text, whatever the
/// pattern. Kept for the next call on this thread.
[[nodiscard]] auto regular_expression(std::string_view pattern) -> std::shared_ptr<const re2::RE2>;

} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "kql/diagnostic.hpp"
#include "kql/token.hpp"

namespace sluice::kql {

/// Cuts a query into tokens; comments and blanks vanish, neighbouring string literals become one.
/// What cannot be read is reported in `diagnostics` and left out. The last token is `end`. Tokens
/// view `text`.
[[nodiscard]] auto tokenize(std::string_view text, Diagnostics& diagnostics) -> std::vector<Token>;

} // namespace sluice::kql

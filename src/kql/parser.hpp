// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "kql/ast.hpp"
#include "kql/diagnostic.hpp"

namespace sluice::kql {

/// Parses a whole query. After a mistake it goes on at the next `|` or `;`, so that one pass finds
/// several. What the language has but we do not serve yet (`join`, ...) is refused by its name.
/// Errors: appended to `diagnostics`; the query is then not to be used. Nesting beyond 100 levels
/// and more than 1'000 operators in a row are mistakes too.
[[nodiscard]] auto parse_query(std::string_view text, Diagnostics& diagnostics)
    -> std::optional<ast::Query>;

/// Parses one expression, and nothing behind it.
[[nodiscard]] auto parse_expression(std::string_view text, Diagnostics& diagnostics)
    -> ast::ExpressionPtr;

} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kql/ast.hpp"
#include "kql/token_stream.hpp"

namespace sluice::kql {

/// Reads expressions; one method for each level of binding, the loosest first.
/// Errors: reported, then `ParseFailure` is thrown.
class ExpressionParser {
public:
  explicit ExpressionParser(TokenStream& tokens) : tokens_{tokens} {}

  [[nodiscard]] auto expression() -> ast::ExpressionPtr;
  /// A column's name: plain or `['quoted']`.
  [[nodiscard]] auto identifier() -> ast::Identifier;

private:
  class Depth;

  auto either() -> ast::ExpressionPtr;     ///< or
  auto both() -> ast::ExpressionPtr;       ///< and
  auto equality() -> ast::ExpressionPtr;   ///< == != in between has_any
  auto relation() -> ast::ExpressionPtr;   ///< < > <= >=
  auto sum() -> ast::ExpressionPtr;        ///< + -
  auto product() -> ast::ExpressionPtr;    ///< * / %
  auto text_match() -> ast::ExpressionPtr; ///< has contains =~ matches regex
  auto signed_path() -> ast::ExpressionPtr;
  auto path() -> ast::ExpressionPtr; ///< a.b a[0]
  auto primary() -> ast::ExpressionPtr;
  auto call() -> ast::ExpressionPtr;
  auto arguments(ast::Call& call) -> Span;
  auto list_membership(ast::ExpressionPtr left) -> ast::ExpressionPtr;
  auto between(ast::ExpressionPtr left) -> ast::ExpressionPtr;
  void refuse_subquery();

  TokenStream& tokens_;
  int depth_ = 0;
};

} // namespace sluice::kql

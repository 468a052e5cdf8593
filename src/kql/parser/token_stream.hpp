// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kql/diagnostic.hpp"
#include "kql/token.hpp"

namespace sluice::kql {

/// Thrown and caught inside the parser: the statement or operator at hand cannot be read further.
struct ParseFailure {};

/// The tokens of a query with a place in them; what both halves of the parser stand on.
class TokenStream {
public:
  TokenStream(std::vector<Token> tokens, Diagnostics& diagnostics)
      : tokens_{std::move(tokens)},
        diagnostics_{diagnostics} {}

  [[nodiscard]] auto peek(std::size_t ahead = 0) const -> const Token& {
    return tokens_[at_ + ahead < tokens_.size() ? at_ + ahead : tokens_.size() - 1];
  }
  [[nodiscard]] auto at_end() const -> bool { return peek().kind == TokenKind::end; }
  auto next() -> const Token& {
    const auto& token = peek();
    at_ += at_end() ? 0 : 1;
    return token;
  }

  /// Whether a symbol or an unquoted name stands here.
  [[nodiscard]] auto is(std::string_view text, std::size_t ahead = 0) const -> bool {
    const auto& token = peek(ahead);
    return (token.kind == TokenKind::symbol || token.kind == TokenKind::name) && token.text == text;
  }
  auto accept(std::string_view text) -> bool {
    const bool found = is(text);
    at_ += found ? 1 : 0;
    return found;
  }
  auto expect(std::string_view text) -> const Token& {
    if (!is(text)) {
      fail_expecting("`" + std::string{text} + "`");
    }
    return next();
  }

  void report(Span span, Code code, std::string message, std::string hint = "") {
    diagnostics_.push_back({span, code, std::move(message), std::move(hint)});
  }
  [[noreturn]] void fail(Span span, Code code, std::string message, std::string hint = "") {
    report(span, code, std::move(message), std::move(hint));
    throw ParseFailure{};
  }
  [[noreturn]] void fail_expecting(const std::string& what, Code code = Code::expected) {
    const auto found =
        at_end() ? std::string{"the end of the text"} : "`" + std::string{peek().text} + "`";
    fail(peek().span, code, "expected " + what + ", found " + found);
  }

private:
  std::vector<Token> tokens_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
};

} // namespace sluice::kql

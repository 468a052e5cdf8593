// SPDX-License-Identifier: Apache-2.0
#include "kql/expression_parser.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>

#include <fmt/format.h>

namespace sluice::kql {
namespace {

constexpr int max_depth = 100;
/// Left-leaning chains (`a + b + c ...`) make trees as deep as they are long.
constexpr int max_chain = 400;

template <class Node>
auto make(Span span, Node node) -> ast::ExpressionPtr {
  auto expression = std::make_unique<ast::Expression>();
  expression->span = span;
  expression->node = std::move(node);
  return expression;
}

auto make_operator(const Token& token, std::string name, ast::ExpressionPtr left)
    -> ast::ExpressionPtr {
  ast::Call call{std::move(name), token.span, {}, true};
  const auto span = left->span;
  call.arguments.push_back(std::move(left));
  return make(span, std::move(call));
}

void add_argument(ast::Expression& call, ast::ExpressionPtr argument) {
  call.span.end = argument->span.end;
  std::get<ast::Call>(call.node).arguments.push_back(std::move(argument));
}

constexpr std::array text_operators{"has",        "!has",        "has_cs",        "!has_cs",
                                    "hasprefix",  "!hasprefix",  "hasprefix_cs",  "!hasprefix_cs",
                                    "hassuffix",  "!hassuffix",  "hassuffix_cs",  "!hassuffix_cs",
                                    "contains",   "!contains",   "contains_cs",   "!contains_cs",
                                    "startswith", "!startswith", "startswith_cs", "!startswith_cs",
                                    "endswith",   "!endswith",   "endswith_cs",   "!endswith_cs",
                                    "=~",         "!~"};
constexpr std::array list_operators{"in", "!in", "in~", "!in~", "has_any", "has_all"};

auto any_of(const TokenStream& tokens, const auto& names) -> bool {
  return std::any_of(names.begin(), names.end(), [&](const char* name) { return tokens.is(name); });
}

/// Words that cannot begin an expression: there an operand is missing.
auto is_operator_word(std::string_view word) -> bool {
  return word == "and" || word == "or" || word == "by" ||
         std::any_of(text_operators.begin(), text_operators.end(), [&](const char* name) {
           return word == name;
         });
}

} // namespace

class ExpressionParser::Depth {
public:
  explicit Depth(ExpressionParser& parser) : parser_{parser} {
    if (++parser_.depth_ > max_depth) {
      --parser_.depth_;
      parser_.tokens_.fail(parser_.tokens_.peek().span,
                           "too-deep",
                           fmt::format("more than {} levels of nesting", max_depth));
    }
  }
  Depth(const Depth&) = delete;
  auto operator=(const Depth&) -> Depth& = delete;
  ~Depth() { --parser_.depth_; }

private:
  ExpressionParser& parser_;
};

auto ExpressionParser::expression() -> ast::ExpressionPtr {
  const Depth guard{*this};
  return either();
}

auto ExpressionParser::identifier() -> ast::Identifier {
  const auto& token = tokens_.peek();
  if (token.kind == TokenKind::quoted_name) {
    tokens_.next();
    return {std::string{token.value.text()}, token.span};
  }
  if (token.kind != TokenKind::name) {
    tokens_.fail_expecting("a name");
  }
  tokens_.next();
  return {std::string{token.text}, token.span};
}

auto ExpressionParser::either() -> ast::ExpressionPtr {
  auto left = both();
  if (tokens_.is("or")) {
    left = make_operator(tokens_.peek(), "or", std::move(left));
    while (tokens_.accept("or")) {
      add_argument(*left, both());
    }
  }
  return left;
}

auto ExpressionParser::both() -> ast::ExpressionPtr {
  auto left = equality();
  if (tokens_.is("and")) {
    left = make_operator(tokens_.peek(), "and", std::move(left));
    while (tokens_.accept("and")) {
      add_argument(*left, equality());
    }
  }
  return left;
}

auto ExpressionParser::equality() -> ast::ExpressionPtr {
  auto left = relation();
  if (any_of(tokens_, list_operators)) {
    return list_membership(std::move(left));
  }
  if (tokens_.is("between") || tokens_.is("!between")) {
    return between(std::move(left));
  }
  if (tokens_.is("==") || tokens_.is("!=") || tokens_.is("<>")) {
    const auto& token = tokens_.next();
    left = make_operator(token, token.text == "==" ? "==" : "!=", std::move(left));
    add_argument(*left, relation());
  }
  return left;
}

auto ExpressionParser::list_membership(ast::ExpressionPtr left) -> ast::ExpressionPtr {
  const auto& token = tokens_.next();
  auto call = make_operator(token, std::string{token.text}, std::move(left));
  if (!tokens_.is("(")) {
    // `has_any T`: without brackets the language wants a table or one list.
    add_argument(*call, path());
    return call;
  }
  tokens_.next();
  if (!tokens_.is(")")) {
    do {
      if (tokens_.is(")")) {
        break;
      }
      add_argument(*call, expression());
      refuse_subquery();
    } while (tokens_.accept(","));
  }
  call->span.end = tokens_.expect(")").span.end;
  return call;
}

auto ExpressionParser::between(ast::ExpressionPtr left) -> ast::ExpressionPtr {
  const auto& token = tokens_.next();
  auto call = make_operator(token, std::string{token.text}, std::move(left));
  tokens_.expect("(");
  add_argument(*call, sum());
  tokens_.expect("..");
  add_argument(*call, sum());
  call->span.end = tokens_.expect(")").span.end;
  return call;
}

auto ExpressionParser::relation() -> ast::ExpressionPtr {
  auto left = sum();
  if (any_of(tokens_, std::array{"<", ">", "<=", ">="})) {
    const auto& token = tokens_.next();
    left = make_operator(token, std::string{token.text}, std::move(left));
    add_argument(*left, sum());
  }
  return left;
}

auto ExpressionParser::sum() -> ast::ExpressionPtr {
  auto left = product();
  for (int length = 0; tokens_.is("+") || tokens_.is("-"); ++length) {
    const auto& token = tokens_.next();
    if (length > max_chain) {
      tokens_.fail(token.span, "too-deep", "too many terms in one expression");
    }
    left = make_operator(token, std::string{token.text}, std::move(left));
    add_argument(*left, product());
  }
  return left;
}

auto ExpressionParser::product() -> ast::ExpressionPtr {
  auto left = text_match();
  for (int length = 0; any_of(tokens_, std::array{"*", "/", "%"}); ++length) {
    const auto& token = tokens_.next();
    if (length > max_chain) {
      tokens_.fail(token.span, "too-deep", "too many factors in one expression");
    }
    left = make_operator(token, std::string{token.text}, std::move(left));
    add_argument(*left, text_match());
  }
  return left;
}

auto ExpressionParser::text_match() -> ast::ExpressionPtr {
  auto left = signed_path();
  if (tokens_.is("matches") && tokens_.is("regex", 1)) {
    left = make_operator(tokens_.next(), "matches regex", std::move(left));
    tokens_.next();
    add_argument(*left, signed_path());
  } else if (any_of(tokens_, text_operators)) {
    const auto& token = tokens_.next();
    left = make_operator(token, std::string{token.text}, std::move(left));
    add_argument(*left, signed_path());
  }
  return left;
}

auto ExpressionParser::signed_path() -> ast::ExpressionPtr {
  if (!tokens_.is("-") && !tokens_.is("+")) {
    return path();
  }
  const Depth guard{*this};
  const auto& token = tokens_.next();
  auto operand = path();
  if (token.text == "+") {
    return operand;
  }
  ast::Call call{"negate", token.span, {}, true};
  const auto span = join(token.span, operand->span);
  call.arguments.push_back(std::move(operand));
  return make(span, std::move(call));
}

auto ExpressionParser::path() -> ast::ExpressionPtr {
  auto object = primary();
  for (int length = 0;; ++length) {
    if (length > max_chain) {
      tokens_.fail(tokens_.peek().span, "too-deep", "too long a path");
    }
    if (tokens_.is(".")) {
      const auto& dot = tokens_.next();
      const auto member = identifier();
      object = make_operator(dot, "[]", std::move(object));
      add_argument(*object, make(member.span, ast::Constant{Value::string(member.text)}));
    } else if (tokens_.is("[")) {
      const auto& bracket = tokens_.next();
      object = make_operator(bracket, "[]", std::move(object));
      add_argument(*object, expression());
      object->span.end = tokens_.expect("]").span.end;
    } else {
      return object;
    }
  }
}

auto ExpressionParser::primary() -> ast::ExpressionPtr {
  const auto& token = tokens_.peek();
  if (token.kind == TokenKind::literal) {
    return make(tokens_.next().span, ast::Constant{token.value});
  }
  if (token.kind == TokenKind::quoted_name) {
    const auto name = identifier();
    return make(name.span, ast::Name{name.text});
  }
  if (tokens_.accept("(")) {
    auto inner = expression();
    refuse_subquery();
    inner->span = {token.span.begin, tokens_.expect(")").span.end};
    return inner;
  }
  if (tokens_.accept("*")) {
    return make(token.span, ast::Star{});
  }
  if (token.kind != TokenKind::name || is_operator_word(token.text)) {
    tokens_.fail_expecting("an expression");
  }
  if (tokens_.is("(", 1)) {
    return call();
  }
  if (token.text == "not" && tokens_.peek(1).kind == TokenKind::name) {
    tokens_.fail(token.span, "syntax", "`not` is a function", "write `not(...)`");
  }
  tokens_.next();
  return make(token.span, ast::Name{std::string{token.text}});
}

auto ExpressionParser::call() -> ast::ExpressionPtr {
  const auto& name = tokens_.next();
  ast::Call call{std::string{name.text}, name.span, {}, false};
  const auto closing = arguments(call);
  return make(join(name.span, closing), std::move(call));
}

auto ExpressionParser::arguments(ast::Call& call) -> Span {
  tokens_.expect("(");
  while (!tokens_.is(")")) {
    // `f(name = value)`: a named argument; only its place counts.
    if (tokens_.peek().kind == TokenKind::name && tokens_.is("=", 1)) {
      tokens_.fail(tokens_.peek().span, "not-supported", "named arguments are not supported yet");
    }
    call.arguments.push_back(expression());
    refuse_subquery();
    if (!tokens_.accept(",")) {
      break;
    }
    if (tokens_.is(")")) {
      tokens_.fail_expecting("an argument");
    }
  }
  return tokens_.expect(")").span;
}

void ExpressionParser::refuse_subquery() {
  if (tokens_.is("|")) {
    tokens_.fail(
        tokens_.peek().span, "not-supported", "a query inside an expression is not supported yet");
  }
}

} // namespace sluice::kql

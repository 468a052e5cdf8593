// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "kql/parser/parser.hpp"
#include "kql/parser/reserved.hpp"

namespace sluice::kql {
namespace {

constexpr int max_path = 400;

/// Words that are reserved as names and yet called.
auto is_callable(std::string_view word) -> bool {
  return word == "materialize" || word == "toscalar" || word == "totable" ||
         parse_type(word).has_value() || word == "bin_legacy";
}

} // namespace

auto Parser::signed_path() -> ast::ExpressionPtr {
  if (!tokens_.is("-") && !tokens_.is("+")) {
    return path();
  }
  const auto& token = tokens_.next();
  auto operand = path();
  if (token.text == "+") {
    return operand;
  }
  ast::Call call{"negate", token.span, {}, true};
  const auto span = kql::join(token.span, operand->span);
  call.arguments.push_back(std::move(operand));
  return make_expression(span, std::move(call));
}

auto Parser::path() -> ast::ExpressionPtr {
  auto object = primary();
  const bool is_literal = std::holds_alternative<ast::Constant>(object->node);
  for (int length = 0;; ++length) {
    const bool is_apart = tokens_.peek().kind == TokenKind::quoted_name && !is_literal;
    if (!is_apart && !tokens_.is(".") && !tokens_.is("[")) {
      return object;
    }
    if (length > max_path) {
      tokens_.fail(tokens_.peek().span, Code::too_large, "too long a path");
    }
    object = is_apart ? member_apart(std::move(object)) : member(std::move(object));
  }
}

/// `d ['x']`: to the lexer that is a name of its own.
auto Parser::member_apart(ast::ExpressionPtr object) -> ast::ExpressionPtr {
  const auto& token = tokens_.next();
  const Span span = kql::join(object->span, token.span);
  ast::Call access{"[]", token.span, {}, true};
  access.arguments.push_back(std::move(object));
  access.arguments.push_back(make_expression(token.span, ast::Constant{token.value}));
  return make_expression(span, std::move(access));
}

auto Parser::member(ast::ExpressionPtr object) -> ast::ExpressionPtr {
  const auto& sign = tokens_.next();
  const auto begin = object->span.begin;
  ast::Call access{"[]", sign.span, {}, true};
  access.arguments.push_back(std::move(object));
  if (sign.text == "[") {
    access.arguments.push_back(expression());
    const auto end = tokens_.expect("]").span.end;
    return make_expression({begin, end}, std::move(access));
  }
  if (tokens_.is("[")) { // `d.["x"]`
    tokens_.next();
    access.arguments.push_back(expression());
    const auto end = tokens_.expect("]").span.end;
    return make_expression({begin, end}, std::move(access));
  }
  const auto& token = tokens_.peek();
  if (token.kind == TokenKind::name && is_reserved_for_use(token.text)) {
    tokens_.fail(token.span,
                 Code::reserved_name,
                 fmt::format("`{}` is a word of the language", token.text),
                 fmt::format("write ['{}']", token.text));
  }
  const auto name = identifier();
  if (tokens_.is("(")) {
    access.function = name.text;
    access.name_span = name.span;
    access.is_operator = false;
    access.is_method = true;
    const auto closing = arguments(access);
    return make_expression({begin, closing.end}, std::move(access));
  }
  access.arguments.push_back(make_expression(name.span, ast::Constant{Value::string(name.text)}));
  return make_expression({begin, name.span.end}, std::move(access));
}

auto Parser::primary() -> ast::ExpressionPtr {
  const auto& token = tokens_.peek();
  if (token.kind == TokenKind::literal) {
    return make_expression(tokens_.next().span, ast::Constant{token.value});
  }
  if (token.kind == TokenKind::quoted_name) {
    const auto name = identifier();
    return make_expression(name.span, ast::Name{name.text});
  }
  if (tokens_.is("(")) {
    return bracketed();
  }
  if (tokens_.accept("*")) {
    return make_expression(token.span, ast::Star{});
  }
  const bool is_call = tokens_.is("(", 1);
  if (token.kind != TokenKind::name ||
      (is_reserved_for_use(token.text) && !(is_call && is_callable(token.text)))) {
    tokens_.fail_expecting("an expression",
                           tokens_.is("=", 1) ? Code::reserved_name : Code::missing_expression);
  }
  if (token.text == "typeof" && is_call) {
    return type_of();
  }
  if (is_call) {
    return call();
  }
  if (token.text == "not" && tokens_.peek(1).kind == TokenKind::name) {
    tokens_.fail(token.span, Code::needs_argument_list, "`not` is a function", "write `not(...)`");
  }
  tokens_.next();
  return make_expression(token.span, ast::Name{std::string{token.text}});
}

auto Parser::bracketed() -> ast::ExpressionPtr {
  const auto begin = tokens_.next().span.begin;
  auto inner = pipeline_value();
  inner->span = {begin, tokens_.expect(")").span.end};
  return inner;
}

auto Parser::call() -> ast::ExpressionPtr {
  const auto& name = tokens_.next();
  ast::Call call{std::string{name.text}, name.span, {}, false};
  const auto closing = arguments(call);
  return make_expression(kql::join(name.span, closing), std::move(call));
}

auto Parser::type_of() -> ast::ExpressionPtr {
  const auto begin = tokens_.next().span.begin;
  ast::TypeOf type_of;
  if (tokens_.peek(2).kind == TokenKind::symbol && tokens_.is(":", 2)) {
    type_of.columns = typed_columns("(", ")");
    return make_expression({begin, tokens_.peek().span.begin}, std::move(type_of));
  }
  tokens_.expect("(");
  type_of.type = type_name();
  const auto end = tokens_.expect(")").span.end;
  return make_expression({begin, end}, std::move(type_of));
}

auto Parser::arguments(ast::Call& call) -> Span {
  tokens_.expect("(");
  while (!tokens_.is(")")) {
    std::string name;
    if (tokens_.peek().kind == TokenKind::name && tokens_.is("=", 1)) {
      name = tokens_.next().text;
      tokens_.next();
    }
    call.arguments.push_back(pipeline_value());
    if (!name.empty() || !call.argument_names.empty()) {
      call.argument_names.resize(call.arguments.size());
      call.argument_names.back() = name;
    }
    if (!tokens_.accept(",")) {
      break;
    }
    if (tokens_.is(")")) {
      tokens_.fail_expecting("an argument");
    }
    if (call.arguments.size() >= max_list) {
      tokens_.fail(tokens_.peek().span, Code::too_large, "too many arguments");
    }
  }
  return tokens_.expect(")").span;
}

} // namespace sluice::kql

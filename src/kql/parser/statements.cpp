// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "kql/parser/parser.hpp"

namespace sluice::kql {
namespace {

constexpr std::size_t max_lets = 1000;

} // namespace

auto Parser::query() -> ast::Query {
  ast::Query query;
  bool has_pipeline = false;
  while (!tokens_.at_end()) {
    if (tokens_.accept(";")) {
      continue;
    }
    try {
      statement(query, has_pipeline);
      if (!tokens_.at_end()) {
        tokens_.expect(";");
      }
    } catch (const ParseFailure&) {
      has_pipeline = true;
      skip_statement();
    }
  }
  query.has_pipeline = has_pipeline;
  if (!has_pipeline) {
    query.pipeline.span = tokens_.peek().span;
  }
  return query;
}

auto Parser::lone_expression() -> ast::ExpressionPtr {
  try {
    auto found = expression();
    if (!tokens_.at_end()) {
      tokens_.fail_expecting("the end of the expression");
    }
    return found;
  } catch (const ParseFailure&) {
    return nullptr;
  }
}

void Parser::statement(ast::Query& query, bool& has_pipeline) {
  const auto& first = tokens_.peek();
  const bool is_word = tokens_.peek(1).kind == TokenKind::name;
  if (tokens_.is("let") && !tokens_.is("|", 1)) {
    if (query.lets.size() >= max_lets) {
      tokens_.fail(first.span, Code::too_large, "too many let statements");
    }
    query.lets.push_back(let_statement());
  } else if (tokens_.is("set") && is_word) {
    skip_statement(); // Request properties change no rows.
  } else if (tokens_.is("declare") && tokens_.is("query_parameters", 1)) {
    tokens_.next();
    tokens_.next();
    for (auto& declared : parameters()) {
      query.parameters.push_back(std::move(declared));
    }
  } else if ((tokens_.is("declare") || tokens_.is("restrict") || tokens_.is("alias")) && is_word) {
    tokens_.fail(first.span, Code::not_supported, fmt::format("`{}` is not supported", first.text));
  } else {
    auto found = pipeline();
    if (has_pipeline) {
      tokens_.report(first.span,
                     Code::not_supported,
                     "a second query in one text is not supported",
                     "send one query at a time");
    }
    has_pipeline = true;
    query.pipeline = std::move(found);
  }
}

auto Parser::let_statement() -> ast::Let {
  tokens_.next();
  ast::Let let;
  let.name = new_name();
  tokens_.expect("=");
  if (at_function()) {
    let.value = function();
  } else {
    let.value = pipeline_value();
  }
  return let;
}

/// `(a: long) {`, `() {`, `view () {`
auto Parser::at_function() -> bool {
  if (tokens_.is("view") && tokens_.is("(", 1)) {
    return true;
  }
  const auto& second = tokens_.peek(1);
  const bool is_name = second.kind == TokenKind::name || second.kind == TokenKind::quoted_name;
  return tokens_.is("(") &&
         ((tokens_.is(")", 1) && tokens_.is("{", 2)) || (is_name && tokens_.is(":", 2)));
}

auto Parser::function() -> ast::Function {
  const Depth guard{*this};
  const bool is_view = tokens_.accept("view");
  ast::Function function;
  function.is_view = is_view;
  function.parameters = parameters();
  tokens_.expect("{");
  function_body(function);
  tokens_.expect("}");
  return function;
}

void Parser::function_body(ast::Function& function) {
  while (!tokens_.is("}")) {
    if (tokens_.accept(";")) {
      continue;
    }
    if (tokens_.is("let")) {
      function.lets.push_back(let_statement());
    } else if (function.result != nullptr) {
      tokens_.fail_expecting("`}`");
    } else {
      function.result = pipeline_value();
    }
    if (!tokens_.is("}")) {
      tokens_.expect(";");
    }
  }
}

auto Parser::parameters() -> std::vector<ast::Parameter> {
  std::vector<ast::Parameter> found;
  tokens_.expect("(");
  while (!tokens_.is(")")) {
    found.push_back(parameter());
    if (!tokens_.accept(",")) {
      break;
    }
  }
  tokens_.expect(")");
  return found;
}

auto Parser::parameter() -> ast::Parameter {
  ast::Parameter parameter;
  parameter.name = new_name();
  tokens_.expect(":");
  if (tokens_.is("(")) {
    table_parameter(parameter);
    return parameter;
  }
  parameter.type = type_name();
  if (tokens_.accept("=")) {
    parameter.standard = expression();
  }
  return parameter;
}

void Parser::table_parameter(ast::Parameter& parameter) {
  if (tokens_.is("*", 1)) {
    tokens_.next();
    tokens_.next();
    tokens_.expect(")");
    return;
  }
  parameter.columns = typed_columns("(", ")");
}

void Parser::skip_statement() {
  while (!tokens_.at_end() && !tokens_.is(";")) {
    tokens_.next();
  }
}

} // namespace sluice::kql

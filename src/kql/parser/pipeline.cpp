// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "kql/operator_table.hpp"
#include "kql/parser/parser.hpp"
#include "kql/suggestion.hpp"

namespace sluice::kql {
namespace {

constexpr std::size_t max_operators = 1000;

} // namespace

auto Parser::pipeline() -> ast::Pipeline {
  const Depth guard{*this};
  ast::Pipeline pipeline;
  source(pipeline);
  operators(pipeline);
  return pipeline;
}

/// `(where x | take 1)`: what stands inside the brackets of mv-apply and partition.
auto Parser::sub_pipeline() -> ast::PipelinePtr {
  const Depth guard{*this};
  auto pipeline = std::make_unique<ast::Pipeline>();
  pipeline->span = tokens_.peek().span;
  pipeline->operators.push_back(one_operator());
  operators(*pipeline);
  return pipeline;
}

/// A query, or an expression when it is nothing more.
auto Parser::pipeline_value() -> ast::ExpressionPtr {
  const auto begin = tokens_.peek().span;
  auto found = std::make_unique<ast::Pipeline>(pipeline());
  if (auto* alone = std::get_if<ast::ExpressionPtr>(&found->source);
      alone != nullptr && found->operators.empty()) {
    return std::move(*alone);
  }
  return make_expression(begin, ast::Subquery{std::move(found)});
}

/// Whether a word stands here that begins a query of its own.
auto Parser::makes_rows() const -> bool {
  if (tokens_.peek().kind != TokenKind::name) {
    return false;
  }
  if (tokens_.is("range")) {
    return tokens_.is("from", 2);
  }
  if (tokens_.is("union") || tokens_.is("print") || tokens_.is("search") ||
      tokens_.is("externaldata") || tokens_.is("external_data") || tokens_.is("datatable")) {
    return true;
  }
  const bool is_call = tokens_.peek(1).kind == TokenKind::name || tokens_.is("(", 1);
  return (tokens_.is("evaluate") && tokens_.peek(1).kind == TokenKind::name) ||
         (tokens_.is("find") && is_call) || (tokens_.is("macro") && tokens_.is("-", 1));
}

void Parser::source(ast::Pipeline& pipeline) {
  pipeline.span = tokens_.peek().span;
  if (!makes_rows()) {
    pipeline.source = expression();
    return;
  }
  const auto name = tokens_.peek().text;
  if (name == "print") {
    tokens_.next();
    pipeline.source = ast::Print{items()};
  } else if (name == "datatable") {
    tokens_.next();
    pipeline.source = datatable();
  } else if (name == "range") {
    tokens_.next();
    pipeline.source = range();
  } else if (name.starts_with("external")) {
    tokens_.next();
    pipeline.source = external_data();
  } else {
    pipeline.operators.push_back(one_operator());
  }
}

void Parser::operators(ast::Pipeline& pipeline) {
  bool failed = false;
  while (tokens_.accept("|")) {
    if (pipeline.operators.size() >= max_operators) {
      tokens_.fail(tokens_.peek().span, Code::too_large, "too many operators in one query");
    }
    try {
      pipeline.operators.push_back(one_operator());
      if (!at_end_of_operator()) {
        tokens_.fail_expecting("`|`, `;` or the end");
      }
    } catch (const ParseFailure&) {
      failed = true;
      skip_operator();
    }
  }
  if (failed && !tokens_.at_end() && !tokens_.is(";")) {
    throw ParseFailure{};
  }
}

auto Parser::at_end_of_operator() const -> bool {
  return tokens_.at_end() || tokens_.is("|") || tokens_.is(";") || tokens_.is(")") ||
         tokens_.is("}") || tokens_.is(",") || tokens_.is("]");
}

/// To the next `|` or `;` outside brackets.
void Parser::skip_operator() {
  std::size_t depth = 0;
  while (!tokens_.at_end() && !tokens_.is(";")) {
    if (tokens_.is("(") || tokens_.is("[") || tokens_.is("{")) {
      ++depth;
    } else if (tokens_.is(")") || tokens_.is("]") || tokens_.is("}")) {
      if (depth == 0) {
        return;
      }
      --depth;
    } else if (depth == 0 && tokens_.is("|")) {
      return;
    }
    tokens_.next();
  }
}

/// `project-away` comes as three tokens side by side.
auto Parser::operator_name() -> ast::Identifier {
  if (tokens_.peek().kind != TokenKind::name) {
    tokens_.fail_expecting("an operator such as `where`");
  }
  auto name = identifier();
  while (tokens_.is("-") && tokens_.peek().span.begin == name.span.end &&
         tokens_.peek(1).kind == TokenKind::name &&
         tokens_.peek(1).span.begin == tokens_.peek().span.end) {
    tokens_.next();
    const auto part = identifier();
    name = {name.text + "-" + part.text, kql::join(name.span, part.span)};
  }
  return name;
}

auto Parser::one_operator() -> ast::Operator {
  const auto name = operator_name();
  ast::Operator op;
  op.span = name.span;
  skip_hints();
  if (!column_operator(name, op) && !row_operator(name, op) && !array_operator(name, op) &&
      !text_operator(name, op) && !series_operator(name, op) && !graph_operator(name, op)) {
    op.node = unserved(name);
  }
  return op;
}

auto Parser::unserved(const ast::Identifier& name) -> ast::Unserved {
  const auto* row = find_operator(name.text);
  if (row == nullptr || !row->about.empty()) {
    no_such_operator(name);
  }
  skip_operator();
  return {name.text};
}

void Parser::no_such_operator(const ast::Identifier& name) {
  std::vector<std::string_view> known;
  for (const auto& row : operator_rows()) {
    if (!row.about.empty()) {
      known.push_back(row.name);
    }
  }
  const auto near = closest_name(name.text, known);
  tokens_.fail(name.span,
               Code::unknown_operator,
               fmt::format("there is no operator `{}`", name.text),
               near.empty() ? "" : fmt::format("did you mean `{}`?", near));
}

} // namespace sluice::kql

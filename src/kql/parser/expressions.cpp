// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "kql/parser/parser.hpp"

namespace sluice::kql {
namespace {

/// Left-leaning chains (`a + b + c ...`) make trees as deep as they are long.
constexpr int max_chain = 400;

auto make_operator(const Token& token, std::string name, ast::ExpressionPtr left)
    -> ast::ExpressionPtr {
  ast::Call call{std::move(name), token.span, {}, true};
  const auto span = left->span;
  call.arguments.push_back(std::move(left));
  return make_expression(span, std::move(call));
}

void add_argument(ast::Expression& call, ast::ExpressionPtr argument) {
  call.span.end = argument->span.end;
  std::get<ast::Call>(call.node).arguments.push_back(std::move(argument));
}

constexpr std::array text_operators{"has",         "!has",        "has_cs",        "!has_cs",
                                    "hasprefix",   "!hasprefix",  "hasprefix_cs",  "!hasprefix_cs",
                                    "hassuffix",   "!hassuffix",  "hassuffix_cs",  "!hassuffix_cs",
                                    "contains",    "!contains",   "contains_cs",   "!contains_cs",
                                    "startswith",  "!startswith", "startswith_cs", "!startswith_cs",
                                    "endswith",    "!endswith",   "endswith_cs",   "!endswith_cs",
                                    "=~",          "!~",          "like",          "notlike",
                                    "notcontains", "containscs",  "notcontainscs"};
constexpr std::array list_operators{"in", "!in", "in~", "!in~", "has_any", "has_all"};

auto any_of(const TokenStream& tokens, const auto& names) -> bool {
  return std::any_of(names.begin(), names.end(), [&](const char* name) { return tokens.is(name); });
}

/// The old spellings of some operators.
auto modern(std::string_view name) -> std::string {
  return std::string{name == "notcontains"     ? "!contains"
                     : name == "containscs"    ? "contains_cs"
                     : name == "notcontainscs" ? "!contains_cs"
                                               : name};
}

} // namespace

auto Parser::expression() -> ast::ExpressionPtr {
  const Depth guard{*this};
  return either();
}

auto Parser::either() -> ast::ExpressionPtr {
  auto left = both();
  if (tokens_.is("or")) {
    left = make_operator(tokens_.peek(), "or", std::move(left));
    while (tokens_.accept("or")) {
      add_argument(*left, both());
    }
  }
  return left;
}

auto Parser::both() -> ast::ExpressionPtr {
  auto left = equality();
  if (tokens_.is("and")) {
    left = make_operator(tokens_.peek(), "and", std::move(left));
    while (tokens_.accept("and")) {
      add_argument(*left, equality());
    }
  }
  return left;
}

auto Parser::equality() -> ast::ExpressionPtr {
  auto left = relation();
  if (any_of(tokens_, list_operators)) {
    return list_membership(std::move(left));
  }
  if (tokens_.is("between") || tokens_.is("!between")) {
    return between(std::move(left));
  }
  if (in_search_ && tokens_.is(":")) {
    left = make_operator(tokens_.next(), ":", std::move(left));
    add_argument(*left, relation());
  } else if (tokens_.is("==") || tokens_.is("!=") || tokens_.is("<>")) {
    const auto& token = tokens_.next();
    left = make_operator(token, token.text == "==" ? "==" : "!=", std::move(left));
    add_argument(*left, relation());
  }
  return left;
}

auto Parser::list_membership(ast::ExpressionPtr left) -> ast::ExpressionPtr {
  const auto& token = tokens_.next();
  auto call = make_operator(token, std::string{token.text}, std::move(left));
  if (!tokens_.is("(")) {
    // `has_any T`: without brackets the language wants a table or one list.
    if (token.text != "has_any" && token.text != "has_all" && !tokens_.is("range")) {
      tokens_.fail_expecting("`(`");
    }
    if (tokens_.is("range") && tokens_.is("(", 1)) { // Of `make-series ... in range(a, b, c)`.
      for (auto range = plain_call(); auto& argument : range.arguments) {
        add_argument(*call, std::move(argument));
      }
      return call;
    }
    add_argument(*call, path());
    return call;
  }
  tokens_.next();
  while (!tokens_.is(")")) {
    add_argument(*call, pipeline_value());
    if (!tokens_.accept(",")) {
      break;
    }
  }
  call->span.end = tokens_.expect(")").span.end;
  return call;
}

auto Parser::between(ast::ExpressionPtr left) -> ast::ExpressionPtr {
  const auto& token = tokens_.next();
  auto call = make_operator(token, std::string{token.text}, std::move(left));
  tokens_.expect("(");
  add_argument(*call, sum());
  tokens_.expect("..");
  add_argument(*call, sum());
  call->span.end = tokens_.expect(")").span.end;
  return call;
}

auto Parser::relation() -> ast::ExpressionPtr {
  auto left = sum();
  if (any_of(tokens_, std::array{"<", ">", "<=", ">="})) {
    const auto& token = tokens_.next();
    left = make_operator(token, std::string{token.text}, std::move(left));
    add_argument(*left, sum());
  }
  return left;
}

auto Parser::sum() -> ast::ExpressionPtr {
  auto left = product();
  for (int length = 0; tokens_.is("+") || tokens_.is("-"); ++length) {
    const auto& token = tokens_.next();
    if (length > max_chain) {
      tokens_.fail(token.span, Code::too_large, "too many terms in one expression");
    }
    left = make_operator(token, std::string{token.text}, std::move(left));
    add_argument(*left, product());
  }
  return left;
}

auto Parser::product() -> ast::ExpressionPtr {
  auto left = text_match();
  for (int length = 0; any_of(tokens_, std::array{"*", "/", "%"}); ++length) {
    const auto& token = tokens_.next();
    if (length > max_chain) {
      tokens_.fail(token.span, Code::too_large, "too many factors in one expression");
    }
    left = make_operator(token, std::string{token.text}, std::move(left));
    add_argument(*left, text_match());
  }
  return left;
}

auto Parser::text_match() -> ast::ExpressionPtr {
  auto left = signed_path();
  if (tokens_.is("matches") && tokens_.is("regex", 1)) {
    left = make_operator(tokens_.next(), "matches regex", std::move(left));
    tokens_.next();
    add_argument(*left, signed_path());
  } else if (any_of(tokens_, text_operators)) {
    const auto& token = tokens_.next();
    left = make_operator(token, modern(token.text), std::move(left));
    add_argument(*left, signed_path());
  }
  return left;
}

} // namespace sluice::kql

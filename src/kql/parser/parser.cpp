// SPDX-License-Identifier: Apache-2.0
#include "kql/parser/parser.hpp"

#include <fmt/format.h>

#include "kql/lexer.hpp"
#include "kql/parser.hpp"

namespace sluice::kql {
namespace {

constexpr int max_depth = 100;

} // namespace

Parser::Depth::Depth(Parser& parser) : parser_{parser} {
  if (++parser_.depth_ > max_depth) {
    --parser_.depth_;
    parser_.tokens_.fail(parser_.tokens_.peek().span,
                         Code::too_deep,
                         fmt::format("more than {} levels of nesting", max_depth));
  }
}

auto parse_query(std::string_view text, Diagnostics& diagnostics) -> std::optional<ast::Query> {
  const auto before = diagnostics.size();
  auto tokens = tokenize(text, diagnostics);
  auto query = Parser{std::move(tokens), diagnostics}.query();
  return diagnostics.size() == before ? std::optional{std::move(query)} : std::nullopt;
}

auto parse_expression(std::string_view text, Diagnostics& diagnostics) -> ast::ExpressionPtr {
  const auto before = diagnostics.size();
  auto tokens = tokenize(text, diagnostics);
  auto expression = Parser{std::move(tokens), diagnostics}.lone_expression();
  return diagnostics.size() == before ? std::move(expression) : nullptr;
}

} // namespace sluice::kql

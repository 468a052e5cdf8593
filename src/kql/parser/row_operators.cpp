// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "kql/parser/parser.hpp"

namespace sluice::kql {

auto Parser::where() -> ast::Where {
  ast::Where made{expression()};
  if (std::holds_alternative<ast::Name>(made.condition->node) && tokens_.accept("=")) {
    made.name = made.condition->span;
    made.condition = expression();
  }
  return made;
}

/// Operators that choose, order or combine rows. False when the name is none of theirs.
auto Parser::row_operator(const ast::Identifier& name, ast::Operator& op) -> bool {
  const auto& text = name.text;
  if (text == "where" || text == "filter") {
    op.node = where();
  } else if (text == "sort" || text == "order") {
    tokens_.expect("by");
    op.node = ast::Sort{keys()};
  } else if (text == "take" || text == "limit" || text == "sample") {
    op.node = ast::Take{expression()};
  } else if (text == "sample-distinct") {
    op.node = sample_distinct();
  } else if (text == "top") {
    op.node = top();
  } else if (text == "count") {
    op.node = ast::Count{};
  } else if (text == "as") {
    op.node = as();
  } else if (text == "render") {
    op.node = render();
  } else if (text == "consume") {
    op.node = ast::Render{text};
  } else if (text == "serialize") {
    op.node = ast::Serialize{at_end_of_operator() ? std::vector<ast::Item>{} : items()};
  } else if (text == "join" || text == "lookup") {
    op.node = join(text == "lookup");
  } else if (text == "union") {
    op.node = union_of_tables();
  } else if (text == "search") {
    op.node = search();
  } else if (text == "find") {
    op.node = find();
  } else {
    return false;
  }
  return true;
}

auto Parser::top() -> ast::Top {
  ast::Top top;
  top.count = expression();
  tokens_.expect("by");
  top.key = key();
  return top;
}

auto Parser::sample_distinct() -> ast::SampleDistinct {
  ast::SampleDistinct sample;
  sample.count = expression();
  tokens_.expect("of");
  sample.of = expression();
  return sample;
}

auto Parser::as() -> ast::As {
  return {identifier().text};
}

/// The kind is kept, how it is to look is read over: the rows are the same.
auto Parser::render() -> ast::Render {
  ast::Render render{identifier().text};
  skip_operator();
  return render;
}

auto Parser::join(bool is_lookup) -> ast::Join {
  constexpr std::array<std::string_view, 1> known{"kind"};
  constexpr std::array<std::string_view, 13> kinds{"inner",
                                                   "innerunique",
                                                   "leftouter",
                                                   "rightouter",
                                                   "fullouter",
                                                   "leftsemi",
                                                   "rightsemi",
                                                   "leftanti",
                                                   "rightanti",
                                                   "leftantisemi",
                                                   "rightantisemi",
                                                   "anti",
                                                   "cross"};
  ast::Join join;
  join.is_lookup = is_lookup;
  for (const auto& [name, value] : settings(known)) {
    if (std::ranges::find(kinds, value.text) == kinds.end()) {
      tokens_.fail(
          value.span, Code::expected, fmt::format("there is no kind `{}` of join", value.text));
    }
    join.kind = value.text;
  }
  join.right = path();
  skip_hints();
  if (tokens_.accept("on")) {
    do {
      join.on.push_back(expression());
    } while (tokens_.accept(","));
  }
  return join;
}

} // namespace sluice::kql

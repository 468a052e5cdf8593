// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "kql/parser/parser.hpp"

namespace sluice::kql {

/// Operators over rows in an order or in levels. False when the name is none of theirs.
auto Parser::series_operator(const ast::Identifier& name, ast::Operator& op) -> bool {
  if (name.text == "make-series") {
    op.node = make_series();
  } else if (name.text == "top-nested") {
    op.node = top_nested();
  } else if (name.text == "top-hitters") {
    op.node = top_hitters();
  } else if (name.text == "scan") {
    op.node = scan();
  } else {
    return false;
  }
  return true;
}

auto Parser::make_series() -> ast::MakeSeries {
  constexpr std::array<std::string_view, 1> known{"kind"};
  ast::MakeSeries series;
  for (const auto& [name, value] : settings(known)) {
    series.is_never_empty = value.text == "nonempty";
  }
  do {
    ast::MakeSeries::Aggregate aggregate;
    aggregate.item = item();
    if (tokens_.accept("default")) {
      tokens_.expect("=");
      aggregate.fill = sum();
    }
    series.aggregates.push_back(std::move(aggregate));
  } while (tokens_.accept(","));
  tokens_.expect("on");
  series.axis = item();
  series_axis(series);
  if (tokens_.accept("by")) {
    series.keys = items();
  }
  return series;
}

/// `from a to b step c`, or the older `in range(a, b, c)`, which the item has read already.
void Parser::series_axis(ast::MakeSeries& series) {
  auto* in = std::get_if<ast::Call>(&series.axis.value->node);
  if (in != nullptr && in->function == "in" && in->arguments.size() == 4) {
    series.from = std::move(in->arguments[1]);
    series.to = std::move(in->arguments[2]);
    series.step = std::move(in->arguments[3]);
    series.bins_from_zero = true;
    auto axis = std::move(in->arguments[0]);
    series.axis.value = std::move(axis);
    return;
  }
  if (tokens_.accept("from")) {
    series.from = expression();
  }
  if (tokens_.accept("to")) {
    series.to = expression();
  }
  tokens_.expect("step");
  series.step = expression();
}

auto Parser::top_nested() -> ast::TopNested {
  ast::TopNested nested;
  nested.levels.push_back(top_nested_level());
  while (tokens_.accept(",")) {
    const auto name = operator_name();
    if (name.text != "top-nested") {
      tokens_.fail(name.span, Code::expected, "expected `top-nested`");
    }
    nested.levels.push_back(top_nested_level());
  }
  return nested;
}

/// `top-hitters 3 of x by y` is `top-nested 3 of x by sum(y)`.
auto Parser::top_hitters() -> ast::TopNested {
  ast::TopNested::Level level;
  level.is_hitter = true;
  level.count = expression();
  tokens_.expect("of");
  level.of = item();
  const auto span = tokens_.peek().span;
  ast::Call sum{"count", span, {}};
  if (tokens_.accept("by")) {
    sum.function = "sum";
    sum.arguments.push_back(expression());
  }
  level.by.value = make_expression(span, std::move(sum));
  ast::TopNested nested;
  nested.levels.push_back(std::move(level));
  return nested;
}

auto Parser::top_nested_level() -> ast::TopNested::Level {
  ast::TopNested::Level level;
  if (!tokens_.is("of")) {
    level.count = expression();
  }
  tokens_.expect("of");
  level.of = item();
  if (tokens_.accept("with")) {
    tokens_.expect("others");
    tokens_.expect("=");
    level.others = expression();
  }
  tokens_.expect("by");
  level.by = item();
  level.descending = !tokens_.accept("asc");
  if (level.descending) {
    tokens_.accept("desc");
  }
  return level;
}

auto Parser::scan() -> ast::Scan {
  constexpr std::array<std::string_view, 2> known{"with_match_id", "with_step_name"};
  ast::Scan scan;
  for (const auto& [name, value] : settings(known)) {
    scan.match_column = name == "with_match_id" ? value.text : scan.match_column;
  }
  if (tokens_.accept("order")) {
    tokens_.expect("by");
    scan.order = keys();
  }
  if (tokens_.accept("partition")) {
    tokens_.expect("by");
    do {
      scan.partition.push_back(expression());
    } while (tokens_.accept(","));
  }
  if (tokens_.accept("declare")) {
    tokens_.expect("(");
    do {
      ast::Scan::Declared declared{{new_name(), Type::string}, nullptr};
      tokens_.expect(":");
      declared.column.type = type_name();
      declared.start = tokens_.accept("=") ? expression() : nullptr;
      scan.declared.push_back(std::move(declared));
    } while (tokens_.accept(","));
    tokens_.expect(")");
  }
  tokens_.expect("with");
  tokens_.expect("(");
  while (!tokens_.is(")")) {
    scan.steps.push_back(scan_step());
    if (!tokens_.accept(";")) {
      break;
    }
  }
  tokens_.expect(")");
  return scan;
}

auto Parser::scan_step() -> ast::Scan::Step {
  ast::Scan::Step step;
  tokens_.expect("step");
  step.name = identifier();
  step.is_optional = tokens_.accept("optional");
  if (tokens_.accept("output")) {
    tokens_.expect("=");
    step.output = identifier().text;
  }
  tokens_.expect(":");
  step.condition = expression();
  if (tokens_.accept("=>")) {
    step.assignments = items();
  }
  return step;
}

} // namespace sluice::kql

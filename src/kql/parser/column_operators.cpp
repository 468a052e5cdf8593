// SPDX-License-Identifier: Apache-2.0
#include "kql/parser/parser.hpp"

namespace sluice::kql {

/// Operators that make, drop or rename columns. False when the name is none of theirs.
auto Parser::column_operator(const ast::Identifier& name, ast::Operator& op) -> bool {
  if (name.text == "extend") {
    op.node = ast::Extend{items()};
  } else if (name.text == "project") {
    op.node = ast::Project{at_end_of_operator() ? std::vector<ast::Item>{} : items()};
  } else if (name.text == "project-rename") {
    op.node = ast::ProjectRename{items()};
  } else if (name.text == "project-away") {
    op.node = ast::ProjectColumns{ast::Columns::away, patterns()};
  } else if (name.text == "project-keep") {
    op.node = ast::ProjectColumns{ast::Columns::keep, patterns()};
  } else if (name.text == "project-reorder") {
    op.node = ast::ProjectColumns{ast::Columns::reorder, patterns()};
  } else if (name.text == "summarize") {
    op.node = summarize();
  } else if (name.text == "distinct") {
    op.node = distinct();
  } else if (name.text == "getschema") {
    op.node = ast::GetSchema{};
  } else {
    return false;
  }
  return true;
}

auto Parser::summarize() -> ast::Summarize {
  ast::Summarize summarize;
  if (!tokens_.is("by") && !at_end_of_operator()) {
    summarize.aggregates = items();
  }
  if (tokens_.accept("by")) {
    summarize.keys = items();
  }
  return summarize;
}

auto Parser::distinct() -> ast::Distinct {
  return {items()};
}

} // namespace sluice::kql

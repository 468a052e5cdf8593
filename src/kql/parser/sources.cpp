// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>

#include "kql/case_fold.hpp"
#include "kql/conversion.hpp"
#include "kql/parser/parser.hpp"

namespace sluice::kql {

auto Parser::datatable() -> ast::Datatable {
  ast::Datatable table;
  table.columns = typed_columns("(", ")");
  tokens_.expect("[");
  while (!tokens_.is("]")) {
    const bool is_signed = tokens_.is("-") || tokens_.is("+");
    if (tokens_.peek(is_signed ? 1 : 0).kind != TokenKind::literal) {
      tokens_.fail_expecting("a constant");
    }
    table.values.push_back(signed_path());
    if (!tokens_.accept(",")) {
      break;
    }
  }
  tokens_.expect("]");
  return table;
}

auto Parser::range() -> ast::Range {
  ast::Range range;
  range.name = new_name();
  tokens_.expect("from");
  range.from = expression();
  tokens_.expect("to");
  range.to = expression();
  tokens_.expect("step");
  range.step = expression();
  return range;
}

auto Parser::external_data() -> ast::ExternalData {
  ast::ExternalData data;
  data.columns = typed_columns("(", ")");
  if (tokens_.peek().kind == TokenKind::quoted_name) { // `["https://..."]` looks like a name.
    data.addresses.emplace_back(tokens_.next().value.text());
    external_options(data);
    return data;
  }
  const std::string_view close = tokens_.accept("[") ? "]" : (tokens_.expect("("), ")");
  do {
    const auto address = expression();
    const auto* constant = std::get_if<ast::Constant>(&address->node);
    data.addresses.emplace_back(constant == nullptr ? "" : constant->value.text());
  } while (tokens_.accept(",") && !tokens_.is(close));
  tokens_.expect(close);
  external_options(data);
  return data;
}

void Parser::external_options(ast::ExternalData& data) {
  if (!tokens_.accept("with")) {
    return;
  }
  tokens_.expect("(");
  while (!tokens_.is(")")) {
    const auto name = folded(identifier().text);
    tokens_.expect("=");
    const auto value = expression();
    const auto* word = std::get_if<ast::Name>(&value->node);
    const auto* constant = std::get_if<ast::Constant>(&value->node);
    const auto text = word != nullptr       ? word->text
                      : constant == nullptr ? ""
                                            : to_text(constant->value);
    data.format = name == "format" ? folded(text) : data.format;
    data.ignores_first =
        data.ignores_first || (name == "ignorefirstrecord" && folded(text) == "true");
    if (!tokens_.accept(",")) {
      break;
    }
  }
  tokens_.expect(")");
}

auto Parser::union_of_tables() -> ast::Union {
  constexpr std::array<std::string_view, 4> known{"kind", "withsource", "with_source", "isfuzzy"};
  ast::Union made;
  for (const auto& [name, value] : settings(known)) {
    if (name == "kind") {
      if (value.text != "inner" && value.text != "outer") {
        tokens_.fail(value.span, Code::expected, "expected `inner` or `outer`");
      }
      made.is_inner = value.text == "inner";
    } else if (name == "isfuzzy") {
      made.is_fuzzy = value.text == "true" || value.text == "1";
    } else {
      made.source_column = value.text;
    }
  }
  do {
    made.sources.push_back(union_source());
  } while (tokens_.accept(","));
  return made;
}

/// A table, several by a pattern, or a query in brackets.
auto Parser::union_source() -> ast::Union::Source {
  const auto& first = tokens_.peek();
  const bool has_star = tokens_.is("*") || (first.kind == TokenKind::name && tokens_.is("*", 1) &&
                                            tokens_.peek(1).span.begin == first.span.end);
  if (has_star) {
    return pattern();
  }
  return path();
}

/// `in (A, B)`, if it stands here.
auto Parser::tables_in() -> std::vector<ast::Union::Source> {
  std::vector<ast::Union::Source> tables;
  if (tokens_.accept("in")) {
    tokens_.expect("(");
    do {
      tables.push_back(union_source());
    } while (tokens_.accept(","));
    tokens_.expect(")");
  }
  return tables;
}

auto Parser::find() -> ast::Find {
  constexpr std::array<std::string_view, 3> known{"withsource", "with_source", "datascope"};
  ast::Find find;
  for (const auto& [name, value] : settings(known)) {
    find.source_column = name == "datascope" ? find.source_column : value.text;
  }
  find.tables = tables_in();
  tokens_.accept("where");
  find.condition = expression();
  if (!tokens_.is("project")) {
    return find;
  }
  const auto project = operator_name();
  if (project.text != "project") {
    tokens_.fail(project.span,
                 Code::not_supported,
                 fmt::format("`{}` is not supported behind `find`", project.text));
  }
  do {
    if (tokens_.is("pack") && tokens_.is("(", 1)) {
      tokens_.next();
      tokens_.next();
      tokens_.expect("*");
      tokens_.expect(")");
      find.packs = true;
    } else {
      find.columns.push_back(identifier());
    }
  } while (tokens_.accept(","));
  return find;
}

auto Parser::search() -> ast::Search {
  constexpr std::array<std::string_view, 1> known{"kind"};
  ast::Search search;
  for (const auto& [name, value] : settings(known)) {
    search.minds_case = value.text == "case_sensitive";
  }
  search.tables = tables_in();
  const bool outer = std::exchange(in_search_, true);
  search.condition = expression();
  in_search_ = outer;
  return search;
}

} // namespace sluice::kql

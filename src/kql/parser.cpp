// SPDX-License-Identifier: Apache-2.0
#include "kql/parser.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "kql/expression_parser.hpp"
#include "kql/lexer.hpp"
#include "kql/suggestion.hpp"
#include "kql/token_stream.hpp"

namespace sluice::kql {
namespace {

constexpr std::size_t max_operators = 1000;
constexpr int max_nesting = 50;

constexpr std::array<std::string_view, 23> known_operators{
    "where",          "filter",          "extend",    "project",   "project-away", "project-keep",
    "project-rename", "project-reorder", "summarize", "sort",      "order",        "top",
    "take",           "limit",           "distinct",  "count",     "as",           "serialize",
    "render",         "consume",         "print",     "datatable", "let"};

/// What the language has and we do not serve yet: refused by name.
constexpr std::array<std::string_view, 36> later_operators{"join",
                                                           "union",
                                                           "mv-expand",
                                                           "mvexpand",
                                                           "mv-apply",
                                                           "mvapply",
                                                           "parse",
                                                           "parse-where",
                                                           "parse-kv",
                                                           "lookup",
                                                           "evaluate",
                                                           "invoke",
                                                           "externaldata",
                                                           "external_data",
                                                           "make-series",
                                                           "search",
                                                           "find",
                                                           "range",
                                                           "getschema",
                                                           "partition",
                                                           "top-nested",
                                                           "top-hitters",
                                                           "scan",
                                                           "sample",
                                                           "sample-distinct",
                                                           "reduce",
                                                           "fork",
                                                           "facet",
                                                           "graph-match",
                                                           "make-graph",
                                                           "graph-to-table",
                                                           "graph-shortest-paths",
                                                           "execute-and-cache",
                                                           "assert-schema",
                                                           "macro-expand",
                                                           "graph-mark-components"};

template <class Names>
auto contains(const Names& names, std::string_view name) -> bool {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Parser {
public:
  Parser(std::vector<Token> tokens, Diagnostics& diagnostics)
      : tokens_{std::move(tokens), diagnostics},
        expressions_{tokens_} {}

  auto query() -> ast::Query;
  auto lone_expression() -> ast::ExpressionPtr;

private:
  void statement(ast::Query& query, bool& has_pipeline);
  void let_statement(ast::Query& query);
  void skip_statement();
  auto pipeline() -> ast::Pipeline;
  void source(ast::Pipeline& pipeline);
  void operators(ast::Pipeline& pipeline);
  void skip_operator();
  auto operator_name() -> ast::Identifier;
  void one_operator(ast::Pipeline& pipeline);
  void columns_operator(const ast::Identifier& name, ast::Operator& op);
  void ordering_operator(const ast::Identifier& name, ast::Operator& op);
  void pass_through(const ast::Identifier& name, ast::Pipeline& pipeline);
  void skip_hints();
  void refuse(const ast::Identifier& name);
  auto datatable() -> ast::Datatable;
  auto summarize() -> ast::Summarize;
  auto item() -> ast::Item;
  auto items() -> std::vector<ast::Item>;
  auto patterns() -> std::vector<ast::Pattern>;
  auto pattern() -> ast::Pattern;
  auto key() -> ast::Key;
  auto keys() -> std::vector<ast::Key>;

  TokenStream tokens_;
  ExpressionParser expressions_;
  int nesting_ = 0;
};

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
  if (!has_pipeline) {
    tokens_.report(tokens_.peek().span,
                   "syntax",
                   "there is no query",
                   "name a table, for example `AuditRecords | take 10`");
  }
  return query;
}

auto Parser::lone_expression() -> ast::ExpressionPtr {
  try {
    auto expression = expressions_.expression();
    if (!tokens_.at_end()) {
      tokens_.fail_expecting("the end of the expression");
    }
    return expression;
  } catch (const ParseFailure&) {
    return nullptr;
  }
}

void Parser::statement(ast::Query& query, bool& has_pipeline) {
  const auto& first = tokens_.peek();
  if (tokens_.is("let")) {
    let_statement(query);
  } else if (tokens_.is("set") && tokens_.peek(1).kind == TokenKind::name) {
    skip_statement(); // Request properties change no rows.
  } else if (tokens_.is("declare") || tokens_.is("restrict") || tokens_.is("alias") ||
             tokens_.is("pattern")) {
    if (tokens_.peek(1).kind == TokenKind::name) {
      refuse({std::string{first.text}, first.span});
    }
  } else {
    if (has_pipeline) {
      tokens_.report(first.span,
                     "not-supported",
                     "a second query in one text is not supported yet",
                     "send one query at a time");
    }
    has_pipeline = true;
    query.pipeline = pipeline();
  }
}

void Parser::let_statement(ast::Query& query) {
  if (query.lets.size() >= max_operators) {
    tokens_.fail(tokens_.peek().span, "too-deep", "too many let statements");
  }
  tokens_.next();
  ast::Let let;
  let.name = expressions_.identifier();
  tokens_.expect("=");
  const bool is_function =
      tokens_.is("(") &&
      (tokens_.is(")", 1) || (tokens_.peek(1).kind == TokenKind::name && tokens_.is(":", 2)));
  if (is_function || tokens_.is("view")) {
    tokens_.fail(let.name.span, "not-supported", "functions in `let` are not supported yet");
  }
  const auto& first = tokens_.peek();
  const bool starts_source =
      first.kind == TokenKind::name && tokens_.is("(", 1)
          ? first.text == "datatable"
          : tokens_.is("print") || (first.kind == TokenKind::name &&
                                    contains(later_operators, first.text) && !tokens_.is(";", 1));
  const bool is_table =
      starts_source || ((first.kind == TokenKind::name || first.kind == TokenKind::quoted_name) &&
                        tokens_.is("|", 1));
  if (is_table) {
    let.value = pipeline();
  } else {
    let.value = expressions_.expression();
  }
  query.lets.push_back(std::move(let));
}

void Parser::skip_statement() {
  while (!tokens_.at_end() && !tokens_.is(";")) {
    tokens_.next();
  }
}

auto Parser::pipeline() -> ast::Pipeline {
  ast::Pipeline pipeline;
  source(pipeline);
  operators(pipeline);
  return pipeline;
}

void Parser::source(ast::Pipeline& pipeline) {
  const auto& first = tokens_.peek();
  pipeline.span = first.span;
  if (tokens_.accept("(")) {
    if (++nesting_ > max_nesting) {
      tokens_.fail(first.span, "too-deep", "too many brackets");
    }
    auto inner = std::make_unique<ast::Pipeline>(this->pipeline());
    tokens_.expect(")");
    --nesting_;
    pipeline.source = ast::Nested{std::move(inner)};
    return;
  }
  if (first.kind == TokenKind::quoted_name ||
      (first.kind == TokenKind::name && tokens_.is("|", 1))) {
    pipeline.source = ast::Table{expressions_.identifier().text};
    return;
  }
  const auto name = operator_name();
  pipeline.span = name.span;
  if (name.text == "print") {
    pipeline.source = ast::Print{items()};
  } else if (name.text == "datatable") {
    pipeline.source = datatable();
  } else if (contains(later_operators, name.text)) {
    refuse(name);
  } else if (tokens_.is("(")) {
    tokens_.fail(
        name.span,
        "not-supported",
        fmt::format("a function as a source of rows (`{}(...)`) is not supported yet", name.text));
  } else {
    pipeline.source = ast::Table{name.text};
  }
}

void Parser::operators(ast::Pipeline& pipeline) {
  bool failed = false;
  while (tokens_.accept("|")) {
    if (pipeline.operators.size() >= max_operators) {
      tokens_.fail(tokens_.peek().span, "too-deep", "too many operators in one query");
    }
    try {
      one_operator(pipeline);
      if (!tokens_.at_end() && !tokens_.is("|") && !tokens_.is(";") && !tokens_.is(")")) {
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

/// To the next `|` or `;` outside brackets.
void Parser::skip_operator() {
  std::size_t depth = 0;
  while (!tokens_.at_end() && !tokens_.is(";")) {
    if (tokens_.is("(") || tokens_.is("[")) {
      ++depth;
    } else if (tokens_.is(")") || tokens_.is("]")) {
      depth -= depth > 0 ? 1 : 0;
    } else if (depth == 0 && tokens_.is("|")) {
      return;
    }
    tokens_.next();
  }
}

/// `project-away` comes as three tokens side by side.
auto Parser::operator_name() -> ast::Identifier {
  auto name = expressions_.identifier();
  while (tokens_.is("-") && tokens_.peek().span.begin == name.span.end &&
         tokens_.peek(1).kind == TokenKind::name &&
         tokens_.peek(1).span.begin == tokens_.peek().span.end) {
    tokens_.next();
    const auto part = expressions_.identifier();
    name = {name.text + "-" + part.text, join(name.span, part.span)};
  }
  return name;
}

void Parser::refuse(const ast::Identifier& name) {
  tokens_.fail(name.span, "not-supported", fmt::format("`{}` is not supported yet", name.text));
}

void Parser::one_operator(ast::Pipeline& pipeline) {
  if (tokens_.peek().kind != TokenKind::name) {
    tokens_.fail_expecting("an operator such as `where`");
  }
  const auto name = operator_name();
  if (contains(later_operators, name.text)) {
    refuse(name);
  }
  if (name.text == "as" || name.text == "render" || name.text == "serialize" ||
      name.text == "consume") {
    pass_through(name, pipeline);
    return;
  }
  ast::Operator op;
  op.span = name.span;
  skip_hints();
  if (name.text == "where" || name.text == "filter") {
    op.node = ast::Where{expressions_.expression()};
  } else if (name.text == "extend") {
    op.node = ast::Extend{items()};
  } else if (name.text == "summarize") {
    op.node = summarize();
  } else if (name.text == "count") {
    op.node = ast::Count{};
  } else if (name.text == "distinct") {
    op.node = tokens_.accept("*") ? ast::Distinct{} : ast::Distinct{items()};
  } else if (name.text.starts_with("project")) {
    columns_operator(name, op);
  } else {
    ordering_operator(name, op);
  }
  pipeline.operators.push_back(std::move(op));
}

void Parser::columns_operator(const ast::Identifier& name, ast::Operator& op) {
  if (name.text == "project") {
    const bool is_empty = tokens_.at_end() || tokens_.is("|") || tokens_.is(";");
    op.node = ast::Project{is_empty ? std::vector<ast::Item>{} : items()};
  } else if (name.text == "project-rename") {
    op.node = ast::ProjectRename{items()};
  } else if (name.text == "project-away") {
    op.node = ast::ProjectColumns{ast::Columns::away, patterns()};
  } else if (name.text == "project-keep") {
    op.node = ast::ProjectColumns{ast::Columns::keep, patterns()};
  } else if (name.text == "project-reorder") {
    op.node = ast::ProjectColumns{ast::Columns::reorder, patterns()};
  } else {
    ordering_operator(name, op);
  }
}

void Parser::ordering_operator(const ast::Identifier& name, ast::Operator& op) {
  if (name.text == "sort" || name.text == "order") {
    tokens_.expect("by");
    op.node = ast::Sort{keys()};
  } else if (name.text == "take" || name.text == "limit") {
    op.node = ast::Take{expressions_.expression()};
  } else if (name.text == "top") {
    ast::Top top;
    top.count = expressions_.expression();
    tokens_.expect("by");
    top.key = key();
    op.node = std::move(top);
  } else {
    const auto near = closest_name(name.text, known_operators);
    tokens_.fail(name.span,
                 "syntax",
                 fmt::format("there is no operator `{}`", name.text),
                 near.empty() ? "" : fmt::format("did you mean `{}`?", near));
  }
}

/// `as`, `render` and `serialize` leave the rows as they are.
void Parser::pass_through(const ast::Identifier& name, ast::Pipeline& pipeline) {
  const bool is_bare = tokens_.at_end() || tokens_.is("|") || tokens_.is(";") || tokens_.is(")");
  if (name.text == "serialize" && !is_bare) {
    pipeline.operators.push_back({name.span, ast::Extend{items()}});
    return;
  }
  if (name.text == "as" || name.text == "render") {
    skip_hints();
    const auto what = expressions_.identifier();
    if (name.text == "as") {
      return;
    }
  }
  while (!tokens_.at_end() && !tokens_.is("|") && !tokens_.is(";")) {
    tokens_.next();
  }
}

/// `hint.strategy = shuffle` and `kind = ...` before an operator's operands.
void Parser::skip_hints() {
  while (tokens_.is("hint") && tokens_.is(".", 1)) {
    tokens_.next();
    tokens_.next();
    const auto what = expressions_.identifier();
    tokens_.expect("=");
    tokens_.next();
  }
}

auto Parser::datatable() -> ast::Datatable {
  ast::Datatable table;
  tokens_.expect("(");
  while (!tokens_.is(")")) {
    auto name = expressions_.identifier();
    tokens_.expect(":");
    const auto& type_token = tokens_.peek();
    const auto type = parse_type(expressions_.identifier().text);
    if (!type) {
      tokens_.fail(
          type_token.span, "syntax", fmt::format("there is no type `{}`", type_token.text));
    }
    if (*type == Type::decimal) {
      tokens_.fail(type_token.span, "not-supported", "decimal is not supported yet", "use real");
    }
    table.columns.push_back({std::move(name), *type});
    if (!tokens_.accept(",")) {
      break;
    }
  }
  tokens_.expect(")");
  tokens_.expect("[");
  while (!tokens_.is("]")) {
    table.values.push_back(expressions_.expression());
    if (!tokens_.accept(",")) {
      break;
    }
  }
  tokens_.expect("]");
  return table;
}

auto Parser::summarize() -> ast::Summarize {
  ast::Summarize summarize;
  if (!tokens_.is("by")) {
    summarize.aggregates = items();
  }
  if (tokens_.accept("by")) {
    summarize.keys = items();
  }
  return summarize;
}

auto Parser::item() -> ast::Item {
  ast::Item item;
  const auto& first = tokens_.peek();
  const bool is_name = first.kind == TokenKind::name || first.kind == TokenKind::quoted_name;
  if (is_name && tokens_.is("=", 1)) {
    item.names.push_back(expressions_.identifier());
    tokens_.next();
  } else if (tokens_.is("(") &&
             (tokens_.is(",", 2) || (tokens_.is(")", 2) && tokens_.is("=", 3)))) {
    tokens_.next();
    do {
      item.names.push_back(expressions_.identifier());
    } while (tokens_.accept(","));
    tokens_.expect(")");
    tokens_.expect("=");
  }
  item.value = expressions_.expression();
  return item;
}

auto Parser::items() -> std::vector<ast::Item> {
  std::vector<ast::Item> found;
  do {
    if (found.size() >= 10 * max_operators) {
      tokens_.fail(tokens_.peek().span, "too-deep", "too many columns");
    }
    found.push_back(item());
  } while (tokens_.accept(","));
  return found;
}

/// Names and `*` side by side make one pattern: `Device*Id`.
auto Parser::pattern() -> ast::Pattern {
  const auto& first = tokens_.peek();
  ast::Pattern pattern{"", first.span};
  auto end = first.span.begin;
  while (tokens_.peek().span.begin == end) {
    const auto& token = tokens_.peek();
    if (tokens_.is("*")) {
      pattern.text += '*';
    } else if (token.kind == TokenKind::quoted_name) {
      pattern.text += token.value.text();
    } else if (token.kind == TokenKind::name || token.kind == TokenKind::literal) {
      pattern.text += token.text;
    } else {
      break;
    }
    end = token.span.end;
    tokens_.next();
  }
  if (pattern.text.empty()) {
    tokens_.fail_expecting("a column's name");
  }
  pattern.span.end = end;
  pattern.ascending = tokens_.accept("asc") || tokens_.accept("granny-asc");
  pattern.descending = !pattern.ascending && tokens_.accept("desc");
  return pattern;
}

auto Parser::patterns() -> std::vector<ast::Pattern> {
  std::vector<ast::Pattern> found;
  do {
    found.push_back(pattern());
  } while (tokens_.accept(","));
  return found;
}

auto Parser::key() -> ast::Key {
  ast::Key key;
  key.value = item().value;
  key.descending = !tokens_.accept("asc");
  if (key.descending) {
    tokens_.accept("desc");
  }
  // Null is the smallest value.
  key.nulls_first = !key.descending;
  if (tokens_.accept("nulls")) {
    key.nulls_first = tokens_.accept("first");
    if (!key.nulls_first) {
      tokens_.expect("last");
    }
  }
  return key;
}

auto Parser::keys() -> std::vector<ast::Key> {
  std::vector<ast::Key> found;
  do {
    found.push_back(key());
  } while (tokens_.accept(","));
  return found;
}

} // namespace

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

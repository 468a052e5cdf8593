// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kql/ast.hpp"
#include "kql/parser/token_stream.hpp"

namespace sluice::kql {

/// Private to the parser: recursive descent, one method for each rule of the grammar. The methods
/// of one heading lie in one file of this folder.
///
/// Use:    `query` or `lone_expression`, once.
/// Errors: reported, then `ParseFailure` is thrown up to the operator or statement at hand, behind
///         which parsing goes on.
class Parser {
public:
  Parser(std::vector<Token> tokens, Diagnostics& diagnostics)
      : tokens_{std::move(tokens), diagnostics} {}

  auto query() -> ast::Query;
  auto lone_expression() -> ast::ExpressionPtr;

private:
  class Depth;

  // statements.cpp
  void statement(ast::Query& query, bool& has_pipeline);
  auto let_statement() -> ast::Let;
  auto at_function() -> bool;
  auto function() -> ast::Function;
  void function_body(ast::Function& function);
  auto parameters() -> std::vector<ast::Parameter>;
  auto parameter() -> ast::Parameter;
  void table_parameter(ast::Parameter& parameter);
  void skip_statement();

  // pipeline.cpp
  auto pipeline() -> ast::Pipeline;
  auto sub_pipeline() -> ast::PipelinePtr;
  auto pipeline_value() -> ast::ExpressionPtr;
  void source(ast::Pipeline& pipeline);
  auto makes_rows() const -> bool;
  void operators(ast::Pipeline& pipeline);
  void skip_operator();
  auto operator_name() -> ast::Identifier;
  auto one_operator() -> ast::Operator;
  [[noreturn]] void no_such_operator(const ast::Identifier& name);
  auto unserved(const ast::Identifier& name) -> ast::Unserved;
  auto at_end_of_operator() const -> bool;

  // names.cpp
  auto identifier() -> ast::Identifier;
  auto new_name() -> ast::Identifier;
  auto item() -> ast::Item;
  auto items() -> std::vector<ast::Item>;
  auto pattern() -> ast::Pattern;
  auto patterns() -> std::vector<ast::Pattern>;
  auto key() -> ast::Key;
  auto keys() -> std::vector<ast::Key>;
  auto type_name() -> Type;
  auto typed_columns(std::string_view open, std::string_view close)
      -> std::vector<ast::TypedColumn>;
  /// `kind = inner`: those of `known` names, and hints, which are dropped.
  auto settings(std::span<const std::string_view> known)
      -> std::vector<std::pair<std::string, ast::Identifier>>;
  void skip_hints();

  // sources.cpp
  auto datatable() -> ast::Datatable;
  auto range() -> ast::Range;
  auto external_data() -> ast::ExternalData;
  void external_options(ast::ExternalData& data);
  auto union_of_tables() -> ast::Union;
  auto union_source() -> ast::Union::Source;
  auto tables_in() -> std::vector<ast::Union::Source>;
  auto search() -> ast::Search;
  auto find() -> ast::Find;

  // column_operators.cpp
  auto column_operator(const ast::Identifier& name, ast::Operator& op) -> bool;
  auto summarize() -> ast::Summarize;
  auto distinct() -> ast::Distinct;

  // row_operators.cpp
  auto row_operator(const ast::Identifier& name, ast::Operator& op) -> bool;
  auto where() -> ast::Where;
  auto top() -> ast::Top;
  auto sample_distinct() -> ast::SampleDistinct;
  auto render() -> ast::Render;
  auto as() -> ast::As;
  auto join(bool is_lookup) -> ast::Join;

  // array_operators.cpp
  auto array_operator(const ast::Identifier& name, ast::Operator& op) -> bool;
  auto expansion(std::string_view spelling) -> ast::MvExpand;
  auto mv_apply() -> ast::MvApply;
  auto partition() -> ast::Partition;
  auto evaluate() -> ast::Evaluate;
  auto plain_call() -> ast::Call;

  // graph_operators.cpp
  auto graph_operator(const ast::Identifier& name, ast::Operator& op) -> bool;
  auto edges(ast::GraphTable& graph) -> bool;
  void table_of(ast::GraphTable& graph);

  // text_operators.cpp
  auto text_operator(const ast::Identifier& name, ast::Operator& op) -> bool;
  auto parse(bool keeps_matches_only) -> ast::Parse;
  void parse_pieces(ast::Parse& parse);
  auto parse_kv() -> ast::ParseKv;

  // series_operators.cpp
  auto series_operator(const ast::Identifier& name, ast::Operator& op) -> bool;
  auto make_series() -> ast::MakeSeries;
  void series_axis(ast::MakeSeries& series);
  auto top_nested() -> ast::TopNested;
  auto top_hitters() -> ast::TopNested;
  auto top_nested_level() -> ast::TopNested::Level;
  auto scan() -> ast::Scan;
  auto scan_step() -> ast::Scan::Step;

  // expressions.cpp; the loosest first
  auto expression() -> ast::ExpressionPtr;
  auto either() -> ast::ExpressionPtr;     ///< or
  auto both() -> ast::ExpressionPtr;       ///< and
  auto equality() -> ast::ExpressionPtr;   ///< == != in between has_any
  auto relation() -> ast::ExpressionPtr;   ///< < > <= >=
  auto sum() -> ast::ExpressionPtr;        ///< + -
  auto product() -> ast::ExpressionPtr;    ///< * / %
  auto text_match() -> ast::ExpressionPtr; ///< has contains =~ matches regex
  auto list_membership(ast::ExpressionPtr left) -> ast::ExpressionPtr;
  auto between(ast::ExpressionPtr left) -> ast::ExpressionPtr;

  // primary.cpp
  auto signed_path() -> ast::ExpressionPtr;
  auto path() -> ast::ExpressionPtr; ///< a.b a[0] f().g()
  auto member(ast::ExpressionPtr object) -> ast::ExpressionPtr;
  auto member_apart(ast::ExpressionPtr object) -> ast::ExpressionPtr;
  auto primary() -> ast::ExpressionPtr;
  auto bracketed() -> ast::ExpressionPtr;
  auto call() -> ast::ExpressionPtr;
  auto type_of() -> ast::ExpressionPtr;
  auto arguments(ast::Call& call) -> Span;

  TokenStream tokens_;
  int depth_ = 0;
  bool in_search_ = false; ///< `Column:"word"` has a meaning.
};

/// Bounds what any list of a query may have.
constexpr std::size_t max_list = 10'000;

/// Refuses nesting that would exhaust the stack.
class Parser::Depth {
public:
  explicit Depth(Parser& parser);
  Depth(const Depth&) = delete;
  auto operator=(const Depth&) -> Depth& = delete;
  ~Depth() { --parser_.depth_; }

private:
  Parser& parser_;
};

/// An expression of the tree.
template <class Node>
auto make_expression(Span span, Node node) -> ast::ExpressionPtr {
  auto expression = std::make_unique<ast::Expression>();
  expression->span = span;
  expression->node = std::move(node);
  return expression;
}

} // namespace sluice::kql

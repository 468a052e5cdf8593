// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "kql/span.hpp"
#include "kql/type.hpp"
#include "kql/value.hpp"

/// A query as it was written, names not yet resolved. Made by the parser, read by the binder.
namespace sluice::kql::ast {

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

struct Identifier {
  std::string text;
  Span span;
};

struct Constant {
  Value value;
};
struct Name {
  std::string text;
};
/// A function or an operator: `a + b` calls `+`, `a.b` and `a["b"]` call `[]` with a text,
/// `x in (1, 2)` calls `in` with x first. `a and b and c` is one call.
struct Call {
  std::string function;
  Span name_span;
  std::vector<ExpressionPtr> arguments;
  bool is_operator = false;
};
/// `*`, as in `arg_max(x, *)`.
struct Star {};

struct Expression {
  Span span;
  std::variant<Constant, Name, Call, Star> node;
};

/// `name = expression`, `(a, b) = expression`, or an expression alone.
struct Item {
  std::vector<Identifier> names;
  ExpressionPtr value;
};

/// A column name with `*` for any stretch of characters.
struct Pattern {
  std::string text;
  Span span;
  bool ascending = false; ///< `project-reorder x* asc`: matches sorted by name
  bool descending = false;
};

struct Key {
  ExpressionPtr value;
  bool descending = true;
  bool nulls_first = false;
};

struct Where {
  ExpressionPtr condition;
};
struct Extend {
  std::vector<Item> items;
};
struct Project {
  std::vector<Item> items;
};
enum class Columns : std::uint8_t { away, keep, reorder };
struct ProjectColumns {
  Columns how = Columns::away;
  std::vector<Pattern> patterns;
};
struct ProjectRename {
  std::vector<Item> items;
};
struct Summarize {
  std::vector<Item> aggregates;
  std::vector<Item> keys;
};
struct Sort {
  std::vector<Key> keys;
};
struct Top {
  ExpressionPtr count;
  Key key;
};
struct Take {
  ExpressionPtr count;
};
/// No items: `distinct *`.
struct Distinct {
  std::vector<Item> items;
};
struct Count {};

struct Operator {
  Span span; ///< Of the operator's name.
  std::variant<Where,
               Extend,
               Project,
               ProjectColumns,
               ProjectRename,
               Summarize,
               Sort,
               Top,
               Take,
               Distinct,
               Count>
      node;
};

struct Table {
  std::string name;
};
struct Print {
  std::vector<Item> items;
};
struct Datatable {
  struct Column {
    Identifier name;
    Type type = Type::string;
  };
  std::vector<Column> columns;
  std::vector<ExpressionPtr> values;
};
struct Pipeline;
struct Nested {
  std::unique_ptr<Pipeline> pipeline;
};

struct Pipeline {
  Span span; ///< Of the source.
  std::variant<Table, Print, Datatable, Nested> source;
  std::vector<Operator> operators;
};

/// `let name = value;` A bare name may turn out to be a table: the binder decides.
struct Let {
  Identifier name;
  std::variant<ExpressionPtr, Pipeline> value;
};

struct Query {
  std::vector<Let> lets;
  Pipeline pipeline;
};

} // namespace sluice::kql::ast

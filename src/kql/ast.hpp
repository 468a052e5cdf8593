// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
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
struct Pipeline;
using PipelinePtr = std::unique_ptr<Pipeline>;

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
/// `x in (1, 2)` calls `in` with x first. `a and b and c` is one call; so is `database("d").f(1)`,
/// whose first argument then is what stands before the point (`is_method`).
struct Call {
  std::string function;
  Span name_span;
  std::vector<ExpressionPtr> arguments;
  bool is_operator = false;
  bool is_method = false;
  /// `f(count = 3)`: one for each argument, empty where there is none; or none at all.
  std::vector<std::string> argument_names = {};
};
/// `*`, as in `arg_max(x, *)`.
struct Star {};
/// `typeof(long)`; `typeof(a: long, b: string)` has columns.
struct TypeOf {
  struct Column {
    Identifier name;
    Type type = Type::string;
  };
  std::optional<Type> type;
  std::vector<Column> columns;
};
/// A query where a value may stand: `toscalar(T | count)`, `x in (T | project y)`.
struct Subquery {
  PipelinePtr pipeline;
};

struct Expression {
  Span span;
  std::variant<Constant, Name, Call, Star, TypeOf, Subquery> node;
};

/// `name = expression`, `(a, b) = expression`, or an expression alone.
struct Item {
  std::vector<Identifier> names;
  ExpressionPtr value;
};

/// A name with `*` for any stretch of characters.
struct Pattern {
  std::string text;
  Span span;
  bool ascending = false; ///< `project-reorder x* asc`: matches sorted by name
  bool descending = false;
  bool by_number = false; ///< `granny-asc`: digits in names count as numbers
};

struct Key {
  ExpressionPtr value;
  bool descending = true;
  bool nulls_first = false;
};

/// `name: type`
using TypedColumn = TypeOf::Column;

struct Where {
  ExpressionPtr condition;
  /// Of `name =` before the condition, which compares nothing.
  std::optional<Span> name{};
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
struct SampleDistinct {
  ExpressionPtr count;
  ExpressionPtr of;
};
struct Distinct {
  std::vector<Item> items; ///< An item whose value is a `Star`: all columns.
};
struct Count {};
/// The rows have an order from here on.
struct Serialize {
  std::vector<Item> items;
};
/// The rows so far get a name.
struct As {
  std::string name;
};
struct Render {
  std::string kind;
};
struct Join {
  std::string kind; ///< "" when it was not said.
  bool is_lookup = false;
  ExpressionPtr right;
  std::vector<ExpressionPtr> on;
};
/// `union`; the rows so far, if there are any, come first.
struct Union {
  using Source = std::variant<ExpressionPtr, Pattern>;
  bool is_inner = false;
  bool is_fuzzy = false;
  std::string source_column;
  std::vector<Source> sources;
};
/// One array of `mv-expand` or `mv-apply`.
struct Expansion {
  Item item;
  std::optional<Type> type;
};
struct MvExpand {
  bool old_spelling = false;   ///< `mvexpand`
  bool bags_to_arrays = false; ///< `kind = array`
  std::string index_column;
  std::vector<Expansion> items;
  ExpressionPtr limit;
};
struct MvApply {
  MvExpand expand;
  PipelinePtr subquery; ///< Has no source of its own.
};
/// `*`, a text, or a name that takes what lies between.
struct ParsePiece {
  std::variant<Star, ExpressionPtr, TypedColumn> node;
  bool is_typed = false;
};
struct Parse {
  enum class Kind : std::uint8_t { simple, regex, relaxed };
  Kind kind = Kind::simple;
  std::string flags;
  bool keeps_matches_only = false; ///< `parse-where`
  ExpressionPtr text;
  std::vector<ParsePiece> pieces;
};
struct ParseKv {
  ExpressionPtr text;
  std::vector<TypedColumn> columns;
  std::vector<Item> options; ///< `pair_delimiter = ","` and the like
};
struct Evaluate {
  Call plugin;
  std::optional<TypeOf> schema; ///< What the plugin gives, as it is written behind it.
  bool keeps_source = false;    ///< The columns of the input are part of it: `(*, ...)`.
};
struct Invoke {
  Call function;
};
struct GetSchema {};
struct Search {
  bool minds_case = false;
  std::vector<Union::Source> tables;
  ExpressionPtr condition;
};
/// `find in (A, B) where ... project x, y`
struct Find {
  std::string source_column;
  std::vector<Union::Source> tables; ///< None: all.
  ExpressionPtr condition;
  std::vector<Identifier> columns; ///< None: those that all tables have, and the rest packed.
  bool packs = false;              ///< `pack(*)`: what else a row has, as a bag.
};
struct MakeSeries {
  struct Aggregate {
    Item item;
    ExpressionPtr fill;
  };
  bool is_never_empty = false; ///< `kind = nonempty`
  bool bins_from_zero = false; ///< The older `in range(...)`: both ends belong to it.
  std::vector<Aggregate> aggregates;
  Item axis;
  ExpressionPtr from;
  ExpressionPtr to;
  ExpressionPtr step;
  std::vector<Item> keys;
};
struct Partition {
  ExpressionPtr key;
  PipelinePtr subquery;
};
struct TopNested {
  struct Level {
    ExpressionPtr count;
    Item of;
    ExpressionPtr others;
    Item by;
    bool descending = true;
    bool is_hitter = false; ///< `top-hitters`, whose columns have other names.
  };
  std::vector<Level> levels;
};
struct Scan {
  struct Step {
    Identifier name;
    bool is_optional = false;
    std::string output; ///< "all", "last" or "none"; "" when it was not said.
    ExpressionPtr condition;
    std::vector<Item> assignments;
  };
  struct Declared {
    TypedColumn column;
    ExpressionPtr start;
  };
  std::vector<Key> order;
  std::vector<ExpressionPtr> partition;
  std::string match_column;
  std::vector<Declared> declared;
  std::vector<Step> steps;
};
/// `make-graph Source --> Target with Nodes on Key | graph-to-table ...`
struct GraphTable {
  Identifier source;
  Identifier target;
  ExpressionPtr nodes; ///< Null when there are none.
  Identifier key;
  bool is_nodes = false; ///< Else the edges.
  std::string id;        ///< The column for the node's id, or the source's; "" for none.
  std::string target_id;
};
/// What the language has and we do not serve: refused by name, by the binder.
struct Unserved {
  std::string name;
};

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
               SampleDistinct,
               Distinct,
               Count,
               Serialize,
               As,
               Render,
               Join,
               Union,
               MvExpand,
               MvApply,
               Parse,
               ParseKv,
               Evaluate,
               Invoke,
               GetSchema,
               Search,
               Find,
               MakeSeries,
               Partition,
               TopNested,
               Scan,
               GraphTable,
               Unserved>
      node;
};

struct Print {
  std::vector<Item> items;
};
struct Datatable {
  std::vector<TypedColumn> columns;
  std::vector<ExpressionPtr> values;
};
struct Range {
  Identifier name;
  ExpressionPtr from;
  ExpressionPtr to;
  ExpressionPtr step;
};
struct ExternalData {
  std::vector<TypedColumn> columns;
  std::vector<std::string> addresses;
  std::string format; ///< "" when it was not said.
  bool ignores_first = false;
};
/// The first operator makes the rows (`union A, B`, `search "x"`), or gets them (`mv-apply`).
struct NoSource {};

struct Pipeline {
  Span span; ///< Of the source.
  /// An expression: a table's name, a call of a tabular function, a query in brackets.
  std::variant<NoSource, ExpressionPtr, Print, Datatable, Range, ExternalData> source;
  std::vector<Operator> operators;
};

struct Parameter {
  Identifier name;
  std::optional<Type> type;         ///< None: a table.
  std::vector<TypedColumn> columns; ///< Of a table; none means any.
  ExpressionPtr standard;           ///< Its value when the caller gives none.
};
struct Let;
/// `(x: long, T: (*)) { ... }`
struct Function {
  bool is_view = false; ///< `view () {...}`: `union View*` finds it.
  std::vector<Parameter> parameters;
  std::vector<Let> lets;
  ExpressionPtr result; ///< Null for an empty body.
};
/// `let name = value;` The value is a `Subquery` when it can only be rows; a bare name may turn
/// out to be a table: the binder decides.
struct Let {
  Identifier name;
  std::variant<ExpressionPtr, Function> value;
};

struct Query {
  std::vector<Let> lets;
  std::vector<Parameter> parameters; ///< `declare query_parameters(...)`
  Pipeline pipeline;
  bool has_pipeline = true; ///< Statements alone are a text that parses.
};

} // namespace sluice::kql::ast

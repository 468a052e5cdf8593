// SPDX-License-Identifier: Apache-2.0
#include "kql/evaluator.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/check.hpp"
#include "kql/case_fold.hpp"
#include "kql/compare.hpp"

namespace sluice::kql {

class Evaluator::Node {
public:
  Node() = default;
  Node(const Node&) = delete;
  auto operator=(const Node&) -> Node& = delete;
  virtual ~Node() = default;
  [[nodiscard]] virtual auto evaluate(Row& row, EvaluationContext& context) const -> Value = 0;
  /// The value, if it is the same for every row.
  [[nodiscard]] virtual auto constant() const -> const Value* { return nullptr; }
};

namespace {

using Node = Evaluator::Node;
using NodePtr = std::unique_ptr<Node>;
using Nodes = std::vector<NodePtr>;

class NoRow final : public Row {
public:
  [[nodiscard]] auto column(std::size_t) -> Value override { return {}; }
};

/// A view of a value, so that handing out a constant copies no text.
auto borrowed(const Value& value) -> Value {
  if (value.is_null()) {
    return value;
  }
  switch (value.type()) {
  case Type::string:
    return Value::borrowed_string(value.text());
  case Type::dynamic:
    return Value::borrowed_dynamic(value.text());
  default:
    return value;
  }
}

class ConstantNode final : public Node {
public:
  explicit ConstantNode(Value value) : value_{std::move(value)} {}
  [[nodiscard]] auto evaluate(Row&, EvaluationContext&) const -> Value override {
    return borrowed(value_);
  }
  [[nodiscard]] auto constant() const -> const Value* override { return &value_; }

private:
  Value value_;
};

class ColumnNode final : public Node {
public:
  explicit ColumnNode(std::size_t index) : index_{index} {}
  [[nodiscard]] auto evaluate(Row& row, EvaluationContext& context) const -> Value override {
    auto value = row.column(index_);
    return value.is_absent() && !context.missing_is_unknown ? Value::null(value.type())
                                                            : std::move(value);
  }

private:
  std::size_t index_;
};

class CallNode final : public Node {
public:
  CallNode(const Function& function, Type type, Nodes arguments)
      : function_{function},
        type_{type},
        arguments_{std::move(arguments)} {}

  [[nodiscard]] auto evaluate(Row& row, EvaluationContext& context) const -> Value override {
    std::array<Value, few> inline_values;
    std::vector<Value> many(arguments_.size() > few ? arguments_.size() : 0);
    const std::span<Value> values = arguments_.size() > few
                                        ? std::span{many}
                                        : std::span<Value>{inline_values}.first(arguments_.size());
    for (std::size_t i = 0; i < arguments_.size(); ++i) {
      values[i] = arguments_[i]->evaluate(row, context);
    }
    // The result may view an argument's text, which goes away here.
    return kql::call(function_, type_, values, context).owned_copy();
  }

private:
  static constexpr std::size_t few = 3;
  const Function& function_;
  Type type_;
  Nodes arguments_;
};

/// `parse_json` of a column, made once for a row.
class ParsedColumnNode final : public Node {
public:
  ParsedColumnNode(std::size_t index, NodePtr parse) : index_{index}, parse_{std::move(parse)} {}

  [[nodiscard]] auto evaluate(Row& row, EvaluationContext& context) const -> Value override {
    auto* kept = row.parsed(index_);
    if (kept == nullptr) {
      return parse_->evaluate(row, context);
    }
    if (!*kept) {
      *kept = parse_->evaluate(row, context);
    }
    return borrowed(**kept);
  }

private:
  std::size_t index_;
  NodePtr parse_;
};

/// and, or: stops at the first argument that settles it.
class ConnectNode final : public Node {
public:
  ConnectNode(bool decisive, Nodes arguments)
      : decisive_{decisive},
        arguments_{std::move(arguments)} {}

  [[nodiscard]] auto evaluate(Row& row, EvaluationContext& context) const -> Value override {
    bool unknown = false;
    for (const auto& argument : arguments_) {
      const auto value = argument->evaluate(row, context);
      if (value.is_null()) {
        unknown = true;
      } else if (value.as_boolean() == decisive_) {
        return Value::boolean(decisive_);
      }
    }
    return unknown ? Value::null(Type::boolean) : Value::boolean(!decisive_);
  }

private:
  bool decisive_;
  Nodes arguments_;
};

/// `==` and `!=` with a constant on the right.
class EqualsNode final : public Node {
public:
  EqualsNode(bool wanted, NodePtr left, Value right)
      : wanted_{wanted},
        left_{std::move(left)},
        right_{std::move(right)} {}

  [[nodiscard]] auto evaluate(Row& row, EvaluationContext& context) const -> Value override {
    const auto value = left_->evaluate(row, context);
    if (value.is_absent() && context.missing_is_unknown) {
      return Value::absent(Type::boolean);
    }
    const auto equal = equals(value, right_);
    return equal ? Value::boolean(*equal == wanted_) : Value::null(Type::boolean);
  }

private:
  bool wanted_;
  NodePtr left_;
  Value right_;
};

/// Text keys that may be looked up without making a string.
struct TextHash {
  using is_transparent = void;
  auto operator()(std::string_view text) const noexcept -> std::size_t {
    return std::hash<std::string_view>{}(text);
  }
};

/// `in` and its kind over constants that are all whole numbers, or all text.
class MemberNode final : public Node {
public:
  struct Form {
    bool wanted = true;
    bool ignores_case = false;
  };
  MemberNode(Form form, NodePtr left, std::span<const Value> list)
      : form_{form},
        left_{std::move(left)} {
    for (const auto& value : list) {
      if (value.type() == Type::string) {
        texts_.insert(form.ignores_case ? folded(value.text()) : std::string{value.text()});
      } else {
        numbers_.push_back(value.as_integer());
      }
    }
    std::sort(numbers_.begin(), numbers_.end());
  }

  [[nodiscard]] auto evaluate(Row& row, EvaluationContext& context) const -> Value override {
    const auto value = left_->evaluate(row, context);
    if (value.is_absent() && context.missing_is_unknown) {
      return Value::absent(Type::boolean);
    }
    return Value::boolean(holds(value) == form_.wanted);
  }

private:
  [[nodiscard]] auto holds(const Value& value) const -> bool {
    if (value.type() == Type::string) {
      return form_.ignores_case ? texts_.contains(folded(value.text()))
                                : texts_.contains(value.text());
    }
    return !value.is_null() &&
           std::binary_search(numbers_.begin(), numbers_.end(), value.as_integer());
  }

  Form form_;
  NodePtr left_;
  std::vector<std::int64_t> numbers_;
  std::unordered_set<std::string, TextHash, std::equal_to<>> texts_;
};

auto build(const Expression& expression, EvaluationContext& context) -> NodePtr;

auto all_constant(std::span<const NodePtr> nodes) -> bool {
  return std::all_of(
      nodes.begin(), nodes.end(), [](const NodePtr& n) { return n->constant() != nullptr; });
}

/// A set for `left in (constants)`, if these are of one kind that `left` shares.
auto build_member(std::string_view name, Type left, Nodes& arguments) -> NodePtr {
  const bool ignores_case = name.ends_with('~');
  std::vector<Value> list;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const auto* value = arguments[i]->constant();
    if (value == nullptr || value->is_null()) {
      return nullptr;
    }
    const bool numbers = is_integer(left) && is_integer(value->type());
    if (!numbers && !(left == Type::string && value->type() == Type::string)) {
      return nullptr;
    }
    list.push_back(*value);
  }
  return std::make_unique<MemberNode>(
      MemberNode::Form{!name.starts_with('!'), ignores_case}, std::move(arguments[0]), list);
}

auto build_call(const Expression& expression, EvaluationContext& context) -> NodePtr {
  const auto& call = std::get<Call>(expression.node);
  const auto name = call.function->name;
  Nodes arguments;
  for (const auto& argument : call.arguments) {
    arguments.push_back(build(*argument, context));
  }
  if (all_constant(arguments)) {
    NoRow row;
    const CallNode node{*call.function, expression.type, std::move(arguments)};
    return std::make_unique<ConstantNode>(node.evaluate(row, context));
  }
  if (name == "and" || name == "or") {
    return std::make_unique<ConnectNode>(name == "or", std::move(arguments));
  }
  if ((name == "==" || name == "!=") && arguments[1]->constant() != nullptr) {
    return std::make_unique<EqualsNode>(
        name == "==", std::move(arguments[0]), *arguments[1]->constant());
  }
  if (name == "in" || name == "!in" || name == "in~" || name == "!in~") {
    if (auto member = build_member(name, call.arguments[0]->type, arguments)) {
      return member;
    }
  }
  auto node = std::make_unique<CallNode>(*call.function, expression.type, std::move(arguments));
  const auto* column =
      name == "parse_json" ? std::get_if<ColumnRef>(&call.arguments[0]->node) : nullptr;
  return column == nullptr ? NodePtr{std::move(node)}
                           : std::make_unique<ParsedColumnNode>(column->index, std::move(node));
}

auto build(const Expression& expression, EvaluationContext& context) -> NodePtr {
  if (const auto* literal = std::get_if<Literal>(&expression.node)) {
    return std::make_unique<ConstantNode>(literal->value.owned_copy());
  }
  if (const auto* column = std::get_if<ColumnRef>(&expression.node)) {
    return std::make_unique<ColumnNode>(column->index);
  }
  CHECK(!std::holds_alternative<Subquery>(expression.node)); // Whoever has queries puts values in.
  return build_call(expression, context);
}

void collect_columns(const Expression& expression, std::vector<std::size_t>& columns) {
  if (const auto* column = std::get_if<ColumnRef>(&expression.node)) {
    columns.push_back(column->index);
  } else if (const auto* call = std::get_if<Call>(&expression.node)) {
    for (const auto& argument : call->arguments) {
      collect_columns(*argument, columns);
    }
  }
}

} // namespace

Evaluator::Evaluator(const Expression& expression, EvaluationContext context)
    : root_{build(expression, context)},
      context_{context} {
  collect_columns(expression, columns_);
  std::sort(columns_.begin(), columns_.end());
  columns_.erase(std::unique(columns_.begin(), columns_.end()), columns_.end());
}
Evaluator::Evaluator(Evaluator&&) noexcept = default;
auto Evaluator::operator=(Evaluator&&) noexcept -> Evaluator& = default;
Evaluator::~Evaluator() = default;

auto Evaluator::evaluate(Row& row) const -> Value {
  auto context = context_;
  return root_->evaluate(row, context);
}

auto Evaluator::columns_used() const noexcept -> std::span<const std::size_t> {
  return columns_;
}

auto evaluate_constant(const Expression& expression, EvaluationContext context) -> Value {
  NoRow row;
  const Evaluator evaluator{expression, context};
  CHECK(evaluator.columns_used().empty());
  return evaluator.evaluate(row).owned_copy();
}

} // namespace sluice::kql

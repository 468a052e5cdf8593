// SPDX-License-Identifier: Apache-2.0
#include "store/sql_expression.hpp"

#include <array>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "kql/dynamic.hpp"
#include "kql/evaluator.hpp"
#include "kql/predicate.hpp"

namespace sluice::store {
namespace {

using kql::Expression;
using kql::Type;
using kql::Value;

/// What the expression reads, as SQL, and a copy of it that counts that from 0.
struct Narrowed {
  std::vector<std::string> operands;
  std::vector<Type> types;
  kql::ExpressionPtr expression;
};

class RowOfValues final : public kql::Row {
public:
  explicit RowOfValues(std::span<const Value> values) : values_{values} {}
  auto column(std::size_t index) -> Value override { return values_[index]; }

private:
  std::span<const Value> values_;
};

auto place_of(std::string operand, Type type, Narrowed& narrowed) -> std::size_t {
  std::size_t place = 0;
  while (place < narrowed.operands.size() && narrowed.operands[place] != operand) {
    ++place;
  }
  if (place == narrowed.operands.size()) {
    narrowed.operands.push_back(std::move(operand));
    narrowed.types.push_back(type);
  }
  return place;
}

void narrow(Expression& expression,
            Narrowed& narrowed,
            const ExpressionWriter::SubqueryWriter& subqueries) {
  if (auto* column = std::get_if<kql::ColumnRef>(&expression.node)) {
    column->index = place_of(fmt::format("c{}", column->index), expression.type, narrowed);
  } else if (const auto* subquery = std::get_if<kql::Subquery>(&expression.node)) {
    expression.node = kql::ColumnRef{place_of(subqueries(*subquery), expression.type, narrowed)};
  } else if (auto* call = std::get_if<kql::Call>(&expression.node)) {
    for (auto& argument : call->arguments) {
      narrow(*argument, narrowed, subqueries);
    }
  }
}

auto as_call(const Expression& expression, std::string_view function) -> const kql::Call* {
  const auto* call = std::get_if<kql::Call>(&expression.node);
  return call != nullptr && call->function->name == function ? call : nullptr;
}

/// A constant as SQL, if SQL compares it as the language does.
auto constant(const Expression& expression, Type wanted) -> std::optional<std::string> {
  const auto* literal = std::get_if<kql::Literal>(&expression.node);
  const bool fits =
      expression.type == wanted || (kql::is_integer(expression.type) && kql::is_integer(wanted));
  if (literal == nullptr || literal->value.is_null() || !fits) {
    return std::nullopt;
  }
  switch (wanted) {
  case Type::int32:
  case Type::int64:
  case Type::datetime:
  case Type::timespan:
    return fmt::format("{}", literal->value.as_integer());
  case Type::string:
    if (literal->value.text().find('\0') == std::string_view::npos) {
      return sql_quoted(literal->value.text());
    }
    return std::nullopt;
  default:
    return std::nullopt;
  }
}

/// `column op constant` in SQL's own terms.
auto plain_comparison(const Expression& expression) -> std::optional<std::string> {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> operators{{
      {"==", "="},
      {"!=", "IS DISTINCT FROM"},
      {"<", "<"},
      {"<=", "<="},
      {">", ">"},
      {">=", ">="},
  }};
  for (const auto& [name, sql] : operators) {
    const auto* call = as_call(expression, name);
    if (call == nullptr || call->arguments.size() != 2) {
      continue;
    }
    const auto* column = std::get_if<kql::ColumnRef>(&call->arguments[0]->node);
    const auto right = constant(*call->arguments[1], call->arguments[0]->type);
    if (column != nullptr && right) {
      return fmt::format("c{} {} {}", column->index, sql, *right);
    }
  }
  return std::nullopt;
}

/// `column in (constants)` in SQL's own terms; a null column is in no list.
auto plain_membership(const Expression& expression) -> std::optional<std::string> {
  const auto* in = as_call(expression, "in");
  const auto* call = in != nullptr ? in : as_call(expression, "!in");
  const auto* column =
      call == nullptr ? nullptr : std::get_if<kql::ColumnRef>(&call->arguments[0]->node);
  if (column == nullptr || call->arguments.size() < 2) {
    return std::nullopt;
  }
  std::string list;
  for (std::size_t i = 1; i < call->arguments.size(); ++i) {
    const auto item = constant(*call->arguments[i], call->arguments[0]->type);
    if (!item) {
      return std::nullopt;
    }
    list += (list.empty() ? "" : ", ") + *item;
  }
  return in != nullptr ? fmt::format("c{} IN ({})", column->index, list)
                       : fmt::format("c{0} IS NULL OR c{0} NOT IN ({1})", column->index, list);
}

} // namespace

auto sql_quoted(std::string_view text) -> std::string {
  std::string quoted = "'";
  for (const char c : text) {
    quoted += c;
    if (c == '\'') {
      quoted += c;
    }
  }
  return quoted + "'";
}

void mark_columns(const Expression& expression, std::vector<bool>& used) {
  if (const auto* column = std::get_if<kql::ColumnRef>(&expression.node)) {
    used[column->index] = true;
  } else if (const auto* call = std::get_if<kql::Call>(&expression.node)) {
    for (const auto& argument : call->arguments) {
      mark_columns(*argument, used);
    }
  }
}

auto ExpressionWriter::value(const Expression& expression) -> std::string {
  if (const auto* column = std::get_if<kql::ColumnRef>(&expression.node)) {
    return fmt::format("c{}", column->index);
  }
  if (const auto* subquery = std::get_if<kql::Subquery>(&expression.node)) {
    return subqueries_(*subquery);
  }
  return call(
      expression,
      expression.type,
      [](const Value& value) { return value; },
      function_name(expression.type));
}

auto ExpressionWriter::json(const Expression& expression) -> std::string {
  return call(
      expression,
      Type::dynamic,
      [](const Value& value) {
        return value.is_null() ? Value{} : Value::dynamic(kql::to_json(value));
      },
      function_name(Type::dynamic));
}

auto ExpressionWriter::items(const Expression& expression, bool bags_to_arrays) -> std::string {
  return call(
      expression,
      Type::dynamic,
      bags_to_arrays ? [](const Value& value) { return kql::expanded(value, true); }
                     : [](const Value& value) { return kql::expanded(value, false); },
      items_function_name);
}

auto ExpressionWriter::condition(const Expression& expression) -> std::string {
  for (const auto& [name, sql_name] : {std::pair{"and", " AND "}, {"or", " OR "}}) {
    if (const auto* parts = as_call(expression, name)) {
      std::string sql;
      for (const auto& part : parts->arguments) {
        sql += (sql.empty() ? "" : sql_name) + condition(*part);
      }
      return "(" + sql + ")";
    }
  }
  const auto member = plain_membership(expression);
  const auto plain = member ? member : plain_comparison(expression);
  return plain ? "(" + *plain + ")" : value(expression);
}

auto ExpressionWriter::computed_text(std::function<Value(std::span<const Value>)> compute,
                                     const std::string& argument) -> std::string {
  const auto number =
      statement_.add(Computation{Type::dynamic, {Type::string}, std::move(compute)});
  return fmt::format("kql_text({}, {})", number, argument);
}

auto ExpressionWriter::call(const Expression& expression,
                            Type result,
                            Finish finish,
                            std::string_view function) -> std::string {
  Narrowed narrowed;
  narrowed.expression = kql::clone(expression);
  narrow(*narrowed.expression, narrowed, subqueries_);
  std::string arguments;
  for (const auto& operand : narrowed.operands) {
    arguments += ", " + operand;
  }
  auto compute = [evaluator =
                      std::make_shared<const kql::Evaluator>(*narrowed.expression, context_),
                  finish](std::span<const Value> values) {
    RowOfValues row{values};
    return finish(evaluator->evaluate(row));
  };
  const auto number =
      statement_.add(Computation{result, std::move(narrowed.types), std::move(compute)});
  return fmt::format("{}({}{})", function, number, arguments);
}

} // namespace sluice::store

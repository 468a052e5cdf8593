// SPDX-License-Identifier: Apache-2.0
#include "store/sql_expression.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "kql/dynamic.hpp"
#include "kql/evaluator.hpp"
#include "kql/predicate.hpp"
#include "store/sql_native.hpp"

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
  if (auto native = native_value(expression)) {
    return *std::move(native);
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
  const auto native = native_condition(expression);
  if (native) {
    return "(" + *native + ")";
  }
  const auto sieve = native_sieve(expression);
  return sieve ? fmt::format("({} AND {})", *sieve, value(expression)) : value(expression);
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

// SPDX-License-Identifier: Apache-2.0
#include "kql/bind/summarize_binder.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"
#include "kql/signature.hpp"

namespace sluice::kql {
namespace {

auto as_call(const ast::Expression& expression) -> const ast::Call* {
  const auto* call = std::get_if<ast::Call>(&expression.node);
  return call != nullptr && !call->is_operator ? call : nullptr;
}

/// Of names, constants and calls; anything else stands in no percentile.
auto copy_of(const ast::Expression& expression) -> ast::ExpressionPtr {
  auto copy = std::make_unique<ast::Expression>();
  copy->span = expression.span;
  if (const auto* call = std::get_if<ast::Call>(&expression.node)) {
    ast::Call copied{call->function, call->name_span, {}, call->is_operator, call->is_method};
    for (const auto& argument : call->arguments) {
      copied.arguments.push_back(copy_of(*argument));
    }
    copy->node = std::move(copied);
  } else if (const auto* name = std::get_if<ast::Name>(&expression.node)) {
    copy->node = *name;
  } else if (const auto* constant = std::get_if<ast::Constant>(&expression.node)) {
    copy->node = *constant;
  } else {
    copy->node = ast::Star{};
  }
  return copy;
}

auto pointers(const std::vector<ast::Item>& items) -> std::vector<const ast::Item*> {
  std::vector<const ast::Item*> all;
  for (const auto& item : items) {
    all.push_back(&item);
  }
  return all;
}

/// Aggregates that give several columns of one row.
auto gives_row(const Aggregate& aggregate) -> bool {
  return aggregate.column_prefix.empty();
}

auto is_identity(const std::vector<ExpressionPtr>& columns, std::size_t width) -> bool {
  if (columns.size() != width) {
    return false;
  }
  for (std::size_t i = 0; i < width; ++i) {
    const auto* reference = std::get_if<ColumnRef>(&columns[i]->node);
    if (reference == nullptr || reference->index != i) {
      return false;
    }
  }
  return true;
}

} // namespace

auto SummarizeBinder::bind(PlanPtr input, const ast::Summarize& op) -> PlanPtr {
  return bind(std::move(input), pointers(op.keys), pointers(op.aggregates));
}

auto SummarizeBinder::bind(PlanPtr input,
                           const std::vector<const ast::Item*>& keys,
                           const std::vector<const ast::Item*>& aggregates) -> PlanPtr {
  summarize_.input = std::move(input);
  bool good = add_keys(keys);
  for (const auto* item : aggregates) {
    good = add_item(*item) && good;
  }
  return good ? finish() : nullptr;
}

auto SummarizeBinder::bind_one(PlanPtr input,
                               const std::vector<const ast::Item*>& keys,
                               const ast::Call& aggregate) -> PlanPtr {
  summarize_.input = std::move(input);
  ast::Expression expression;
  expression.span = aggregate.name_span;
  expression.node = ast::Call{aggregate.function, aggregate.name_span, {}};
  for (const auto& argument : aggregate.arguments) {
    std::get<ast::Call>(expression.node).arguments.push_back(copy_of(*argument));
  }
  const ast::Item item{{}, std::make_unique<ast::Expression>(std::move(expression))};
  return add_keys(keys) && add_item(item) ? finish() : nullptr;
}

auto SummarizeBinder::bind_keys(PlanPtr input, const std::vector<ast::Item>& keys) -> PlanPtr {
  summarize_.input = std::move(input);
  return add_keys(pointers(keys)) ? finish() : nullptr;
}

auto SummarizeBinder::add_keys(const std::vector<const ast::Item*>& keys) -> bool {
  const auto scope = binder_.scope(summarize_.input->output);
  for (const auto& column : scope.columns->columns) {
    names_.pass_over(column.name);
  }
  bool good = true;
  for (const auto* item : keys) {
    auto key = ExpressionBinder{scope, binder_.diagnostics()}.bind(*item->value);
    const auto name = name_item(binder_, *item, names_);
    if (key != nullptr && key->type == Type::dynamic) {
      binder_.report(item->value->span,
                     Code::type_not_allowed,
                     "rows cannot be grouped by a dynamic value",
                     "convert it, for example with tostring()");
      key = nullptr;
    }
    if (key == nullptr || name.empty()) {
      good = false;
      continue;
    }
    inner_.columns.push_back({name, key->type});
    output_.columns.push_back({name, key->type});
    columns_.push_back(make_reference(inner_, inner_.columns.size() - 1));
    summarize_.keys.push_back(std::move(key));
  }
  return good;
}

auto SummarizeBinder::add_item(const ast::Item& item) -> bool {
  if (const auto* call = as_call(*item.value)) {
    const auto* aggregate = find_aggregate(call->function);
    if (aggregate != nullptr && gives_row(*aggregate)) {
      return add_rows_aggregate(*aggregate, item, *call);
    }
  }
  if (const auto* call = as_call(*item.value);
      call != nullptr && (call->function == "percentiles" || call->function == "percentilesw")) {
    return add_percentiles(item, *call);
  }
  // Outside an aggregate there are no columns: each would be many values.
  const Schema none;
  const auto scope = binder_.scope(none);
  ExpressionBinder binder{scope, binder_.diagnostics()};
  binder.set_aggregate_hook([this](const Aggregate& aggregate, const ast::Call& call, Span span) {
    return bind_aggregate(aggregate, call, span);
  });
  auto value = binder.bind(*item.value);
  auto name = name_item(binder_, item, names_);
  if (value == nullptr || name.empty()) {
    return false;
  }
  output_.columns.push_back({std::move(name), value->type});
  columns_.push_back(std::move(value));
  return true;
}

/// percentiles(x, 5, 50), percentilesw(x, weight, 5, 50): a column for each share.
auto SummarizeBinder::add_percentiles(const ast::Item& item, const ast::Call& call) -> bool {
  const std::size_t first = call.function == "percentilesw" ? 2 : 1;
  bool good = call.arguments.size() > first && item.names.size() + first <= call.arguments.size();
  if (!good) {
    binder_.report(
        call.name_span, Code::nameless_values, "there are not as many percentiles as names");
  }
  for (auto i = first; good && i < call.arguments.size(); ++i) {
    ast::Call one{first == 2 ? "percentilew" : "percentile", call.name_span, {}};
    for (std::size_t of = 0; of < first; ++of) {
      one.arguments.push_back(copy_of(*call.arguments[of]));
    }
    one.arguments.push_back(copy_of(*call.arguments[i]));
    ast::Item single;
    if (i - first < item.names.size()) {
      single.names.push_back(item.names[i - first]);
    }
    single.value = std::make_unique<ast::Expression>();
    single.value->span = item.value->span;
    single.value->node = std::move(one);
    good = single.value != nullptr && add_item(single);
  }
  return good;
}

auto SummarizeBinder::bind_arguments(const ast::Call& call,
                                     std::vector<ExpressionPtr>& arguments,
                                     std::vector<std::string>& names) -> bool {
  const auto scope = binder_.scope(summarize_.input->output);
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const auto& argument = call.arguments[i];
    if (std::holds_alternative<ast::Star>(argument->node)) {
      add_star(call, arguments, names);
      continue;
    }
    auto bound = ExpressionBinder{scope, binder_.diagnostics()}.bind(*argument);
    if (bound == nullptr) {
      return false;
    }
    arguments.push_back(std::move(bound));
    const bool is_named = i < call.argument_names.size() && !call.argument_names[i].empty();
    names.push_back(is_named ? call.argument_names[i] : automatic_name(*argument).value_or(""));
  }
  return true;
}

/// All columns that are neither keys nor arguments already.
void SummarizeBinder::add_star(const ast::Call& call,
                               std::vector<ExpressionPtr>& arguments,
                               std::vector<std::string>& names) {
  const auto& schema = summarize_.input->output;
  const auto is_reference_to = [](const ExpressionPtr& expression, std::size_t index) {
    const auto* reference = std::get_if<ColumnRef>(&expression->node);
    return reference != nullptr && reference->index == index;
  };
  for (std::size_t i = 0; i < schema.columns.size(); ++i) {
    const auto is_this = [&](const ExpressionPtr& e) { return is_reference_to(e, i); };
    const bool is_used = schema.columns[i].hidden ||
                         std::any_of(summarize_.keys.begin(), summarize_.keys.end(), is_this) ||
                         std::any_of(arguments.begin(), arguments.end(), is_this);
    if (!is_used) {
      arguments.push_back(make_reference(schema, i, call.name_span));
      names.push_back(schema.columns[i].name);
    }
  }
}

/// arg_max(x, y), take_any(x, y): a column for each argument.
auto SummarizeBinder::add_rows_aggregate(const Aggregate& aggregate,
                                         const ast::Item& item,
                                         const ast::Call& call) -> bool {
  Aggregation aggregation{&aggregate, {}, 0};
  std::vector<std::string> names;
  if (!bind_arguments(call, aggregation.arguments, names)) {
    return false;
  }
  aggregation.columns = aggregation.arguments.size();
  if (aggregation.columns == 0 || item.names.size() > aggregation.columns) {
    binder_.report(call.name_span,
                   Code::nameless_values,
                   fmt::format("`{}` has not the right number of columns", call.function));
    return false;
  }
  if (aggregate.name != "take_any" && aggregation.arguments[0]->type == Type::dynamic) {
    binder_.report(call.name_span, Code::not_orderable, "a dynamic value has no order");
    return false;
  }
  for (std::size_t i = 0; i < aggregation.columns; ++i) {
    auto name = names[i].empty() ? "" : names[i];
    if (i < item.names.size()) {
      name = item.names[i].text;
      if (!names_.declare(name)) {
        binder_.report(item.names[i].span,
                       Code::duplicate_column,
                       fmt::format("there are two columns `{}`", name));
        return false;
      }
    } else {
      name = call.function == "any" && !name.empty() ? "any_" + name : name;
      name = name.empty() ? names_.next_numbered() : names_.make_unique(name);
    }
    const Column column{name, aggregation.arguments[i]->type};
    inner_.columns.push_back(column);
    output_.columns.push_back(column);
    columns_.push_back(make_reference(inner_, inner_.columns.size() - 1));
  }
  summarize_.aggregations.push_back(std::move(aggregation));
  return true;
}

auto SummarizeBinder::bind_aggregate(const Aggregate& aggregate, const ast::Call& call, Span span)
    -> ExpressionPtr {
  Aggregation aggregation{&aggregate, {}, 1};
  std::vector<std::string> names;
  if (gives_row(aggregate)) {
    binder_.report(call.name_span,
                   Code::not_supported,
                   fmt::format("`{}` inside an expression is not supported yet", call.function));
    return nullptr;
  }
  if (!bind_arguments(call, aggregation.arguments, names)) {
    return nullptr;
  }
  if (aggregation.arguments.size() == 1 &&
      (call.function == "makelist" || call.function == "makeset")) {
    constexpr std::int64_t old_limit = 128; // Documented; the new names have a million.
    auto limit = std::make_unique<Expression>();
    limit->type = Type::int64;
    limit->span = span;
    limit->node = Literal{Value::int64(old_limit)};
    aggregation.arguments.push_back(std::move(limit));
  }
  std::vector<Type> types;
  for (const auto& argument : aggregation.arguments) {
    types.push_back(argument->type);
  }
  const auto match = match_signature(aggregate.signature, types, DynamicArguments::refused);
  if (!match) {
    binder_.report(call.name_span,
                   mismatch_code(false, aggregate.signature, types.size()),
                   fmt::format("`{}` cannot take {}", call.function, to_text(types)),
                   fmt::format("it takes {}", aggregate.signature));
    return nullptr;
  }
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i] == Type::decimal) { // A real, where an aggregate knows no decimals.
      aggregation.arguments[i] =
          ExpressionBinder::converted(std::move(aggregation.arguments[i]), match->parameters[i]);
    }
  }
  inner_.columns.push_back({fmt::format("aggregate_{}", inner_.columns.size()), match->result});
  summarize_.aggregations.push_back(std::move(aggregation));
  return make_reference(inner_, inner_.columns.size() - 1, span);
}

auto SummarizeBinder::finish() -> PlanPtr {
  if (is_identity(columns_, inner_.columns.size())) {
    return make_plan(std::move(output_), std::move(summarize_));
  }
  auto step = make_plan(std::move(inner_), std::move(summarize_));
  return make_plan(std::move(output_), Project{std::move(step), std::move(columns_)});
}

} // namespace sluice::kql

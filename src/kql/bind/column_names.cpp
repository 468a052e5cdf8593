// SPDX-License-Identifier: Apache-2.0
#include "kql/bind/column_names.hpp"

#include <algorithm>

#include "kql/conversion.hpp"
#include "kql/function_table.hpp"

namespace sluice::kql {
namespace {

auto aggregate_name(const Aggregate& aggregate, const ast::Call& call) -> std::string {
  const auto inner = call.arguments.empty() ? std::nullopt : automatic_name(*call.arguments[0]);
  if (call.function == "take_anyif") {
    return inner.value_or("");
  }
  // The old spelling `any(x)` says so in the name; `take_any(x)` does not.
  const std::string prefix{call.function == "any" ? "any" : aggregate.column_prefix};
  if (prefix.empty()) {
    return inner.value_or("");
  }
  auto name = prefix + "_" + inner.value_or("");
  if (aggregate.name.starts_with("percentile") && call.arguments.size() > 1) {
    if (const auto* share = std::get_if<ast::Constant>(&call.arguments.back()->node)) {
      auto text = to_text(share->value);
      std::ranges::replace(text, '.', '_');
      name += "_" + text;
    }
  }
  if (aggregate.name.starts_with("covariance") && call.arguments.size() > 1) {
    name += "_" + automatic_name(*call.arguments[1]).value_or("");
  }
  return name;
}

/// `d.x` and `d["x"]` are d_x, `d[0]` is d_0; `split(s, ",")[0]` is s_0.
auto member_name(const ast::Call& call) -> std::optional<std::string> {
  const auto object = automatic_name(*call.arguments[0]);
  const auto* key = std::get_if<ast::Constant>(&call.arguments[1]->node);
  if (!object || key == nullptr) {
    return std::nullopt;
  }
  return *object + "_" + to_text(key->value);
}

} // namespace

auto automatic_name(const ast::Expression& expression) -> std::optional<std::string> {
  if (const auto* name = std::get_if<ast::Name>(&expression.node)) {
    return name->text;
  }
  const auto* call = std::get_if<ast::Call>(&expression.node);
  if (call == nullptr) {
    return std::nullopt;
  }
  if (call->is_operator) {
    return call->function == "[]" ? member_name(*call) : std::nullopt;
  }
  if (const auto* aggregate = find_aggregate(call->function)) {
    return aggregate_name(*aggregate, *call);
  }
  const auto* function = find_function(call->function);
  const bool keeps = function != nullptr && function->keeps_name && !call->arguments.empty();
  if (keeps && !call->argument_names.empty() && !call->argument_names[0].empty()) {
    return call->argument_names[0]; // `toint(Total = sum(x))`
  }
  return keeps ? automatic_name(*call->arguments[0]) : std::nullopt;
}

auto ColumnNames::make_unique(const std::string& name) -> std::string {
  auto unique = name;
  for (int number = 1; !taken_.insert(unique).second; ++number) {
    unique = name + std::to_string(number);
  }
  return unique;
}

auto ColumnNames::next_numbered() -> std::string {
  std::string name;
  do {
    name = std::string{numbered_prefix} + std::to_string(++numbered_);
  } while (passed_over_.contains(name) || !taken_.insert(name).second);
  return name;
}

} // namespace sluice::kql

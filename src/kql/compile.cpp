// SPDX-License-Identifier: Apache-2.0
#include "kql/compile.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "kql/bind/expression_binder.hpp"
#include "kql/binder.hpp"
#include "kql/parser.hpp"

namespace sluice::kql {
namespace {

auto failed(Diagnostics diagnostics) -> tl::unexpected<Diagnostics> {
  std::stable_sort(diagnostics.begin(), diagnostics.end(), [](const auto& a, const auto& b) {
    return a.span.begin < b.span.begin;
  });
  return tl::unexpected{std::move(diagnostics)};
}

auto check_length(std::string_view text, const CompileOptions& options) -> Diagnostics {
  if (text.size() <= options.max_text_bytes) {
    return {};
  }
  return {{{options.max_text_bytes, options.max_text_bytes},
           "too-long",
           fmt::format("the text has {} bytes, more than {}", text.size(), options.max_text_bytes),
           ""}};
}

} // namespace

auto compile_query(std::string_view text, const Catalog& catalog, const CompileOptions& options)
    -> tl::expected<Plan, Diagnostics> {
  auto diagnostics = check_length(text, options);
  const auto query = diagnostics.empty() ? parse_query(text, diagnostics) : std::nullopt;
  auto plan = query ? bind_query(*query, catalog, {options.now, false}, diagnostics) : std::nullopt;
  if (!plan) {
    return failed(std::move(diagnostics));
  }
  return *std::move(plan);
}

auto compile_predicate(std::string_view text, const Schema& schema, const CompileOptions& options)
    -> tl::expected<Predicate, Diagnostics> {
  auto diagnostics = check_length(text, options);
  const auto parsed = diagnostics.empty() ? parse_expression(text, diagnostics) : nullptr;
  if (parsed == nullptr) {
    return failed(std::move(diagnostics));
  }
  const Scope scope{&schema, nullptr, {options.now, options.missing_is_unknown}, nullptr};
  const auto condition = ExpressionBinder{scope, diagnostics}.bind_condition(*parsed);
  if (condition == nullptr) {
    return failed(std::move(diagnostics));
  }
  return Predicate{*condition, schema.columns.size(), scope.context};
}

} // namespace sluice::kql

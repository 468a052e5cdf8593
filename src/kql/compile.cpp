// SPDX-License-Identifier: Apache-2.0
#include "kql/compile.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "kql/bind/expression_binder.hpp"
#include "kql/binder.hpp"
#include "kql/parser.hpp"
#include "kql/record_pipeline.hpp"
#include "kql/rule/predicate_push_down.hpp"
#include "kql/rule/projection_push_down.hpp"

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
           Code::too_long,
           fmt::format("the text has {} bytes, more than {}", text.size(), options.max_text_bytes),
           ""}};
}

/// A parameter's value: the constant that `text` reads as, else the text itself, to be converted.
auto parameter_value(const std::string& text, std::optional<Type> type) -> ast::ExpressionPtr {
  Diagnostics mistakes;
  auto read = parse_expression(text, mistakes);
  const auto* constant = read == nullptr ? nullptr : std::get_if<ast::Constant>(&read->node);
  if (mistakes.empty() && constant != nullptr &&
      (type != Type::string || constant->value.type() == Type::string)) {
    return read;
  }
  auto plain = std::make_unique<ast::Expression>();
  plain->node = ast::Constant{Value::string(text)};
  return plain;
}

void give_parameters(ast::Query& query, const CompileOptions& options) {
  for (auto& declared : query.parameters) {
    for (const auto& [name, text] : options.parameters) {
      if (name == declared.name.text) {
        declared.standard = parameter_value(text, declared.type);
      }
    }
  }
}

/// The one record as a table.
class RecordCatalog final : public Catalog {
public:
  explicit RecordCatalog(const Schema& schema) : schema_{schema} {}
  [[nodiscard]] auto table(std::string_view name) const -> const Schema* override {
    return name == record_table ? &schema_ : nullptr;
  }
  [[nodiscard]] auto table_names() const -> std::vector<std::string> override {
    return {std::string{record_table}};
  }

private:
  const Schema& schema_;
};

/// `condition | parse ...` asks about the record too.
void start_with_record(ast::Pipeline& pipeline) {
  auto* source = std::get_if<ast::ExpressionPtr>(&pipeline.source);
  const auto* name = source == nullptr ? nullptr : std::get_if<ast::Name>(&(*source)->node);
  if (source == nullptr || (name != nullptr && name->text == record_table)) {
    return;
  }
  const auto span = (*source)->span;
  auto record = std::make_unique<ast::Expression>();
  record->span = span;
  record->node = ast::Name{std::string{record_table}};
  ast::Operator where{span, ast::Where{std::exchange(*source, std::move(record))}};
  pipeline.operators.insert(pipeline.operators.begin(), std::move(where));
}

auto compile_pipeline(std::string_view text, const Schema& schema, const CompileOptions& options)
    -> tl::expected<Predicate, Diagnostics> {
  Diagnostics diagnostics;
  auto query = parse_query(text, diagnostics);
  if (!query) {
    return failed(std::move(diagnostics));
  }
  start_with_record(query->pipeline);
  const EvaluationContext context{options.now, options.missing_is_unknown};
  const auto plan = bind_query(
      *query, RecordCatalog{schema}, context, {nullptr, options.local_copies}, diagnostics);
  if (!plan) {
    return failed(std::move(diagnostics));
  }
  auto pipeline = RecordPipeline::make(*plan, context);
  if (!pipeline) {
    return failed({{query->pipeline.span, Code::not_supported, pipeline.error(), ""}});
  }
  return Predicate{*std::move(pipeline)};
}

} // namespace

auto compile_query(std::string_view text, const Catalog& catalog, const CompileOptions& options)
    -> tl::expected<Plan, Diagnostics> {
  auto diagnostics = check_length(text, options);
  auto query = diagnostics.empty() ? parse_query(text, diagnostics) : std::nullopt;
  if (query) {
    give_parameters(*query, options);
  }
  auto plan = query ? bind_query(*query,
                                 catalog,
                                 {options.now, false},
                                 {options.probe, options.local_copies, options.checks_alone},
                                 diagnostics)
                    : std::nullopt;
  if (!plan) {
    return failed(std::move(diagnostics));
  }
  auto cheaper = std::make_unique<Plan>(*std::move(plan));
  push_predicates_down(cheaper);
  push_projections_down(cheaper);
  return std::move(*cheaper);
}

auto compile_predicate(std::string_view text, const Schema& schema, const CompileOptions& options)
    -> tl::expected<Predicate, Diagnostics> {
  auto diagnostics = check_length(text, options);
  const auto parsed = diagnostics.empty() ? parse_expression(text, diagnostics) : nullptr;
  const bool may_have_steps =
      text.find_first_of("|;") != std::string_view::npos && text.size() <= options.max_text_bytes;
  if (parsed == nullptr && may_have_steps) {
    return compile_pipeline(text, schema, options);
  }
  if (parsed == nullptr) {
    return failed(std::move(diagnostics));
  }
  const Scope scope{&schema, nullptr, {options.now, options.missing_is_unknown}, nullptr};
  const auto condition = ExpressionBinder{scope, diagnostics}.bind_condition(*parsed);
  if (condition == nullptr) { // A query inside it may ask constant rows.
    return may_have_steps ? compile_pipeline(text, schema, options)
                          : failed(std::move(diagnostics));
  }
  return Predicate{*condition, schema.columns.size(), scope.context};
}

} // namespace sluice::kql

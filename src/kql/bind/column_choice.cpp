// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <map>

#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"
#include "kql/suggestion.hpp"

namespace sluice::kql {
namespace {

/// The visible columns that a pattern means; a plain name that is none is a mistake.
auto matching(PipelineBinder& binder, const ast::Pattern& pattern, const Schema& schema)
    -> std::vector<std::size_t> {
  std::vector<std::size_t> found;
  std::vector<std::string_view> candidates;
  for (const auto index : visible_columns(schema)) {
    candidates.emplace_back(schema.columns[index].name);
    if (matches_wildcard(pattern.text, schema.columns[index].name)) {
      found.push_back(index);
    }
  }
  if (found.empty() && pattern.text.find('*') == std::string::npos) {
    binder.infer(pattern.text);
    const auto near = closest_name(pattern.text, candidates);
    binder.report(pattern.span,
                  Code::unknown_name,
                  fmt::format("unknown column `{}`", pattern.text),
                  near.empty() ? "" : fmt::format("did you mean `{}`?", near));
  }
  return found;
}

auto is_digit(char c) -> bool {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// Takes the digits off the front, leading zeros set aside.
auto take_digits(std::string_view& text) -> std::string_view {
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end])) {
    ++end;
  }
  auto digits = text.substr(0, end);
  text.remove_prefix(end);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

/// `a2` before `a10`.
auto less_by_number(std::string_view a, std::string_view b) -> bool {
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const auto x = take_digits(a);
      const auto y = take_digits(b);
      if (x != y) {
        return x.size() != y.size() ? x.size() < y.size() : x < y;
      }
      continue;
    }
    if (a.front() != b.front()) {
      return a.front() < b.front();
    }
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.size() < b.size();
}

void sort_names(const ast::Pattern& pattern,
                const Schema& schema,
                std::vector<std::size_t>& found) {
  if (!pattern.ascending && !pattern.descending) {
    return;
  }
  std::ranges::sort(found, [&](std::size_t a, std::size_t b) {
    const auto& x = schema.columns[pattern.ascending ? a : b].name;
    const auto& y = schema.columns[pattern.ascending ? b : a].name;
    return pattern.by_number ? less_by_number(x, y) : x < y;
  });
}

auto contains(const std::vector<std::size_t>& list, std::size_t index) -> bool {
  return std::ranges::find(list, index) != list.end();
}

} // namespace

auto bind_columns(PipelineBinder& binder, PlanPtr input, const ast::ProjectColumns& op) -> PlanPtr {
  const auto& schema = input->output;
  const auto before = binder.diagnostics().size();
  std::vector<std::size_t> named;
  for (const auto& pattern : op.patterns) {
    auto found = matching(binder, pattern, schema);
    sort_names(pattern, schema, found);
    std::ranges::copy_if(
        found, std::back_inserter(named), [&](auto index) { return !contains(named, index); });
  }
  if (binder.diagnostics().size() != before) {
    return nullptr;
  }
  auto indexes = op.how == ast::Columns::reorder ? named : std::vector<std::size_t>{};
  for (const auto index : visible_columns(schema)) {
    if (contains(named, index) == (op.how == ast::Columns::keep)) {
      indexes.push_back(index);
    }
  }
  return pick_columns(std::move(input), indexes);
}

auto bind_rename(PipelineBinder& binder, PlanPtr input, const ast::ProjectRename& op) -> PlanPtr {
  const auto indexes = visible_columns(input->output);
  const auto before = binder.diagnostics().size();
  std::map<std::size_t, std::string> renamed;
  for (const auto& item : op.items) {
    const auto* old = std::get_if<ast::Name>(&item.value->node);
    if (old == nullptr || item.names.size() != 1) {
      binder.report(
          item.value->span, Code::expected_renaming, "expected `new = old` with two column names");
      continue;
    }
    const auto found = matching(binder, {old->text, item.value->span}, input->output);
    if (!found.empty()) {
      renamed[found.front()] = item.names.front().text;
    }
  }
  auto plan = pick_columns(std::move(input), indexes);
  ColumnNames names;
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    auto& column = plan->output.columns[i];
    const auto found = renamed.find(indexes[i]);
    column.name = found == renamed.end() ? column.name : found->second;
    if (!names.declare(column.name)) {
      binder.report(op.items.front().value->span,
                    Code::duplicate_column,
                    fmt::format("there are two columns `{}`", column.name));
    }
  }
  return binder.diagnostics().size() == before ? std::move(plan) : nullptr;
}

auto bind_getschema(PlanPtr input) -> PlanPtr {
  constexpr std::string_view clr_names[] = {"System.SByte",
                                            "System.Int32",
                                            "System.Int64",
                                            "System.Double",
                                            "System.Data.SqlTypes.SqlDecimal",
                                            "System.String",
                                            "System.DateTime",
                                            "System.TimeSpan",
                                            "System.Guid",
                                            "System.Object"};
  Values values;
  for (const auto index : visible_columns(input->output)) {
    const auto& column = input->output.columns[index];
    values.rows.push_back(
        {Value::string(column.name),
         Value::int64(static_cast<std::int64_t>(values.rows.size())),
         Value::string(std::string{clr_names[static_cast<std::size_t>(column.type)]}),
         Value::string(std::string{to_text(column.type)})});
  }
  return make_plan(Schema{{{"ColumnName", Type::string},
                           {"ColumnOrdinal", Type::int64},
                           {"DataType", Type::string},
                           {"ColumnType", Type::string}}},
                   std::move(values));
}

} // namespace sluice::kql

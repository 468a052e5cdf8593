// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "kql/bind/columns.hpp"
#include "kql/bind/operators.hpp"
#include "kql/local_copy.hpp"

namespace sluice::kql {
namespace {

auto copy_of_file(PipelineBinder& binder, const std::string& address, Span span, std::string hint)
    -> std::optional<std::string> {
  const auto& copies = binder.session().local_copies;
  auto text = copies ? copies(address) : std::nullopt;
  if (!text) {
    binder.report(span,
                  Code::no_local_copy,
                  fmt::format("there is no local copy of `{}`, and nothing is fetched", address),
                  std::move(hint));
  }
  return text;
}

/// What stands behind the last point of an address, before any `?`.
auto format_by_name(std::string_view address) -> std::string {
  address = address.substr(0, address.find_first_of("?;"));
  const auto point = address.rfind('.');
  const auto ending = point == std::string_view::npos ? "" : address.substr(point + 1);
  for (const auto* known : {"csv", "tsv", "psv", "txt", "json"}) {
    if (ending == known) {
      return std::string{ending};
    }
  }
  return "csv";
}

} // namespace

auto bind_external(PipelineBinder& binder, const ast::ExternalData& data, Span span) -> PlanPtr {
  Schema schema;
  for (const auto& column : data.columns) {
    schema.columns.push_back({column.name.text, column.type});
  }
  FileFormat format{data.format, data.ignores_first};
  std::vector<std::vector<Value>> rows;
  for (const auto& address : data.addresses) {
    const auto text =
        copy_of_file(binder, address, span, "sluice query takes one: --external ADDRESS=FILE");
    if (!text) {
      return nullptr;
    }
    format.name = data.format.empty() ? format_by_name(address) : data.format;
    auto more = read_rows(*text, schema, format);
    if (!more) {
      binder.report(span, Code::bad_file, more.error().message());
      return nullptr;
    }
    rows.insert(
        rows.end(), std::make_move_iterator(more->begin()), std::make_move_iterator(more->end()));
  }
  return make_plan(std::move(schema), Values{std::move(rows)});
}

auto bind_watchlist(PipelineBinder& binder, const std::string& name, Span span) -> PlanPtr {
  const auto text = copy_of_file(
      binder, "watchlist:" + name, span, "sluice query takes one: --watchlist NAME=FILE");
  if (!text) {
    return nullptr;
  }
  auto names = csv_header(*text);
  if (names.empty()) {
    names.emplace_back("SearchKey");
  }
  Schema schema;
  for (auto& column : names) {
    schema.columns.push_back({std::move(column), Type::string});
  }
  auto rows = read_rows(*text, schema, {"csv", true});
  if (!rows) {
    binder.report(span, Code::bad_file, rows.error().message());
    return nullptr;
  }
  return make_plan(std::move(schema), Values{*std::move(rows)});
}

} // namespace sluice::kql

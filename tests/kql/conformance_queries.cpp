// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>

#include "conformance.hpp"
#include "kql/compile.hpp"
#include "kql/schema_text.hpp"
#include "query_text.hpp"

namespace sluice {
namespace {

struct Expected {
  bool is_open = false; ///< Which columns there are, only the data can tell.
  std::vector<std::string> errors;
  std::vector<std::string> columns;
};

auto expectations(const std::filesystem::path& file) -> std::map<std::string, Expected> {
  std::map<std::string, Expected> all;
  for_each_line(file, [&](Json line) {
    auto& expected = all[std::string{std::string_view{line["id"]}}];
    expected.errors = texts_of(line["errors"]);
    Json result;
    expected.is_open = static_cast<bool>(line.at_key("result").get(result));
    if (!expected.is_open) {
      expected.columns = texts_of(result);
    }
  });
  return all;
}

auto is_refusal(const kql::Diagnostics& diagnostics) -> bool {
  return std::ranges::any_of(diagnostics, [](const kql::Diagnostic& one) {
    return one.code == kql::Code::not_supported || one.code == kql::Code::unknown_function ||
           one.code == kql::Code::unknown_plugin || one.code == kql::Code::no_local_copy ||
           one.code == kql::Code::not_reachable;
  });
}

auto columns_of(const kql::Schema& schema) -> std::vector<std::string> {
  std::vector<std::string> columns;
  for (const auto& column : schema.columns) {
    columns.push_back(column.name + ":" + std::string{kql::to_text(column.type)});
  }
  return columns;
}

auto compare(const kql::Schema& ours, const Expected& expected) -> Judgement {
  if (!expected.errors.empty()) {
    return {Verdict::wrong, "accepted, expected " + expected.errors.front()};
  }
  if (expected.is_open) {
    return {};
  }
  const auto columns = columns_of(ours);
  for (std::size_t i = 0; i < std::max(columns.size(), expected.columns.size()); ++i) {
    const auto left = i < columns.size() ? columns[i] : "nothing";
    const auto right = i < expected.columns.size() ? expected.columns[i] : "nothing";
    if (left != right) {
      return {Verdict::wrong, "column " + left + ", expected " + right};
    }
  }
  return {};
}

/// The columns that every table of the workspaces has, before its own.
auto with_standard_columns(const kql::Schema& table) -> kql::Schema {
  using kql::Type;
  kql::Schema all{{{"TimeGenerated", Type::datetime},
                   {"Timestamp", Type::datetime},
                   {"TenantId", Type::string},
                   {"Type", Type::string},
                   {"_ResourceId", Type::string},
                   {"_ItemId", Type::string}}};
  for (const auto& column : table.columns) {
    if (!all.find(column.name)) {
      all.columns.push_back(column);
    }
  }
  return all;
}

void read_workspace(const std::filesystem::path& file, kql::SchemaCatalog& catalog) {
  std::ifstream in{file};
  const auto read = kql::parse_schemas(std::string{std::istreambuf_iterator<char>{in}, {}});
  for (const auto& name : read ? (*read)->table_names() : std::vector<std::string>{}) {
    catalog.add(name, with_standard_columns(*(*read)->table(name)));
  }
}

auto runs(const kql::Plan& plan, const store::Store& store) -> Judgement {
  KeptRows sink;
  SystemClock clock;
  const auto run =
      store.run(plan, sink, {.now = test_now(), .timeout = std::chrono::seconds{10}}, clock);
  return run ? Judgement{} : Judgement{Verdict::wrong, run.error().message().substr(0, 300)};
}

/// Files are there and empty.
auto over_no_rows(bool checks_alone) -> kql::CompileOptions {
  return {.now = test_now(), .checks_alone = checks_alone, .local_copies = [](std::string_view) {
            return std::string{};
          }};
}

using Compiled = tl::expected<kql::Plan, kql::Diagnostics>;

auto parses(const Compiled& plan) -> Judgement {
  const bool is_syntax = !plan && plan.error().front().code <= kql::Code::unknown_type;
  return is_syntax ? Judgement{Verdict::wrong, plan.error().front().message} : Judgement{};
}

auto refused(const kql::Diagnostics& diagnostics, const Expected& expected) -> Judgement {
  if (!expected.errors.empty()) {
    return {};
  }
  return {is_refusal(diagnostics) ? Verdict::refused : Verdict::wrong, diagnostics.front().message};
}

} // namespace

auto run_queries(const std::filesystem::path& folder, bool lists) -> int {
  const auto expected = expectations(folder / "binder-expectations.jsonl");
  kql::SchemaCatalog catalog;
  read_workspace(folder / "table-schemas.json", catalog);
  Tally parsed{lists};
  Tally bound{lists};
  Tally codes{lists};
  for_each_line(folder / "queries.jsonl", [&](Json query) {
    const std::string id{std::string_view{query["id"]}};
    const std::string tier{std::string_view{query["tier"]}};
    const auto plan = kql::compile_query(
        std::string{std::string_view{query["kql"]}}, catalog, over_no_rows(true));
    parsed.add(tier, id, parses(plan));
    const auto wanted = expected.find(id);
    if (wanted == expected.end()) {
      return;
    }
    const auto family = (wanted->second.errors.empty() ? "result " : "error  ") + tier;
    if (plan) {
      bound.add(family, id, compare(plan->output, wanted->second));
    } else {
      bound.add(family, id, refused(plan.error(), wanted->second));
      if (!wanted->second.errors.empty()) {
        codes.add(tier, id, judge_code(plan.error(), wanted->second.errors));
      }
    }
  });
  parsed.print("queries that must parse");
  bound.print("columns as the binder's");
  codes.print("codes as the binder's");
  return parsed.wrong() + bound.wrong();
}

auto run_on_empty_tables(const std::filesystem::path& folder, bool lists) -> int {
  kql::SchemaCatalog catalog;
  read_workspace(folder / "table-schemas.json", catalog);
  const auto store = store::Store::open_empty({});
  Tally run{lists};
  for_each_line(folder / "queries.jsonl", [&](Json query) {
    const auto plan = kql::compile_query(
        std::string{std::string_view{query["kql"]}}, catalog, over_no_rows(false));
    if (plan) {
      run.add(std::string{std::string_view{query["tier"]}},
              std::string{std::string_view{query["id"]}},
              runs(*plan, *store));
    }
  });
  run.print("queries run on empty tables");
  return run.wrong();
}

} // namespace sluice

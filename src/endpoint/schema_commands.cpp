// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "endpoint/cell_text.hpp"
#include "endpoint/command.hpp"
#include "endpoint/database_name.hpp"
#include "endpoint/stored_results.hpp"

namespace sluice::endpoint {
namespace {

using kql::Schema;
using kql::Type;
using kql::Value;

/// `a:string,b:long`, as `cslschema` has it.
auto csl_text(const Schema& schema) -> std::string {
  std::string text;
  for (const auto& column : schema.columns) {
    if (!column.hidden) {
      text +=
          fmt::format("{}{}:{}", text.empty() ? "" : ",", column.name, kql::to_text(column.type));
    }
  }
  return text;
}

auto table_json(std::string_view name, const Schema& schema) -> std::string {
  std::string columns;
  for (const auto& column : schema.columns) {
    if (!column.hidden) {
      columns += fmt::format(R"({}{{"Name":{},"Type":"{}","CslType":"{}"}})",
                             columns.empty() ? "" : ",",
                             json_quoted(column.name),
                             system_name(column.type),
                             kql::to_text(column.type));
    }
  }
  return fmt::format(R"({{"Name":{},"Folder":"","DocString":"","OrderedColumns":[{}]}})",
                     json_quoted(name),
                     columns);
}

/// Those that somebody made, and ours.
auto listed_tables(const kql::Catalog& catalog) -> std::vector<std::string> {
  auto names = catalog.table_names();
  std::erase_if(names, [](const std::string& name) { return is_stored_result(name); });
  return names;
}

auto database_json(const Service& service, const kql::Catalog& catalog) -> std::string {
  std::string tables;
  for (const auto& name : listed_tables(catalog)) {
    tables += fmt::format("{}{}:{}",
                          tables.empty() ? "" : ",",
                          json_quoted(name),
                          table_json(name, *catalog.table(name)));
  }
  const auto name = json_quoted(service.database);
  return fmt::format(
      R"({{"Plugins":[],"Databases":{{{0}:{{"Name":{0},"Tables":{{{1}}},"ExternalTables":{{}},)"
      R"("MaterializedViews":{{}},"EntityGroups":{{}},"Functions":{{}},"MajorVersion":1,)"
      R"("MinorVersion":1,"DatabaseAccessMode":"ReadWrite","PrettyName":null}}}}}})",
      name,
      tables);
}

auto with_catalog(CommandCall& call, auto make) -> CommandOutcome {
  const auto lease = call.service.store.read({});
  if (!lease) {
    return tl::unexpected{to_failure(lease.error())};
  }
  return make((*lease)->catalog());
}

auto show_tables(CommandCall& call) -> CommandOutcome {
  return with_catalog(call, [&](const kql::Catalog& catalog) -> CommandOutcome {
    auto result = text_result({"TableName", "DatabaseName", "Folder", "DocString"}, {});
    for (auto& name : listed_tables(catalog)) {
      result.rows.push_back({Value::string(std::move(name)),
                             Value::string(call.service.database),
                             Value::string(""),
                             Value::string("")});
    }
    return result;
  });
}

/// The table that the command names, and what follows the name.
auto show_table(CommandCall& call) -> CommandOutcome {
  const auto name = call.text.name();
  if (!name) {
    return tl::unexpected{syntax_failure(name.error().message())};
  }
  if (call.text.accept("ingestion")) {
    return show_mappings(call, *name);
  }
  const bool as_json = call.text.accept("schema as json");
  const bool as_csl = !as_json && call.text.accept("cslschema");
  const bool plain = call.text.at_end() || call.text.accept("details");
  if (!call.text.at_end() && !plain) {
    return tl::unexpected{syntax_failure("expected `cslschema` or `schema as json`")};
  }
  return with_catalog(call, [&](const kql::Catalog& catalog) -> CommandOutcome {
    const auto* schema = catalog.table(*name);
    if (schema == nullptr) {
      return tl::unexpected{not_found(fmt::format("table `{}` could not be found", *name))};
    }
    if (as_json || as_csl) {
      return text_result({"TableName", "Schema", "DatabaseName", "Folder", "DocString"},
                         {{*name,
                           as_json ? table_json(*name, *schema) : csl_text(*schema),
                           call.service.database,
                           "",
                           ""}});
    }
    auto result = text_result({"AttributeName", "AttributeType", "ColumnType"}, {});
    for (const auto& column : schema->columns) {
      if (!column.hidden) {
        result.rows.push_back({Value::string(column.name),
                               Value::string(std::string{system_name(column.type)}),
                               Value::string(std::string{kql::to_text(column.type)})});
      }
    }
    return result;
  });
}

/// One row for the database, one for each table, one for each column (documented).
auto schema_rows(CommandCall& call) -> CommandOutcome {
  return with_catalog(call, [&](const kql::Catalog& catalog) -> CommandOutcome {
    CommandResult result{{{{"DatabaseName", Type::string},
                           {"TableName", Type::string},
                           {"ColumnName", Type::string},
                           {"ColumnType", Type::string},
                           {"IsDefaultTable", Type::boolean},
                           {"IsDefaultColumn", Type::boolean},
                           {"PrettyName", Type::string},
                           {"Version", Type::string}}},
                         {}};
    const auto add = [&](std::string table, std::string column, std::string_view type) {
      result.rows.push_back({Value::string(call.service.database),
                             Value::string(std::move(table)),
                             Value::string(std::move(column)),
                             Value::string(std::string{type}),
                             Value::boolean(false),
                             Value::boolean(false),
                             Value::string(""),
                             Value::string("v1.0")});
    };
    add("", "", "");
    for (const auto& name : listed_tables(catalog)) {
      add(name, "", "");
      for (const auto& column : catalog.table(name)->columns) {
        if (!column.hidden) {
          add(name, column.name, system_name(column.type));
        }
      }
    }
    return result;
  });
}

auto schema_json(CommandCall& call) -> CommandOutcome {
  return with_catalog(call, [&](const kql::Catalog& catalog) -> CommandOutcome {
    return text_result({"DatabaseSchema"}, {{database_json(call.service, catalog)}});
  });
}

auto schema_in_form(CommandCall& call) -> CommandOutcome {
  return call.text.accept("as json") ? schema_json(call) : schema_rows(call);
}

/// `.show database D schema [as json]`, `.show database D principal roles`, ...
auto show_database(CommandCall& call) -> CommandOutcome {
  const auto name = call.text.name();
  if (!name) {
    return tl::unexpected{syntax_failure(name.error().message())};
  }
  if (!is_database(call.service, *name)) {
    return tl::unexpected{no_database(*name)};
  }
  if (call.text.accept("schema")) {
    return schema_in_form(call);
  }
  if (call.text.accept("principal roles") || call.text.accept("principals")) {
    return text_result({"Scope", "DisplayName", "AADObjectID", "Role"}, {});
  }
  return tl::unexpected{syntax_failure("expected `schema` behind the database")};
}

/// `.show databases (D, ...) schema [as json]`
auto show_databases_listed(CommandCall& call) -> CommandOutcome {
  while (!call.text.accept(")")) {
    const auto name = call.text.name();
    if (!name) {
      return tl::unexpected{syntax_failure(name.error().message())};
    }
    if (!is_database(call.service, *name)) {
      return tl::unexpected{no_database(*name)};
    }
    call.text.accept(",");
  }
  if (auto schema = call.text.expect("schema"); !schema) {
    return tl::unexpected{syntax_failure(schema.error().message())};
  }
  return schema_in_form(call);
}

constexpr std::array table{
    Command{"show tables", false, show_tables},
    Command{"show table", false, show_table},
    Command{"show schema", false, schema_in_form},
    Command{"show database schema", false, schema_in_form},
    Command{"show databases schema", false, schema_in_form},
    Command{"show database", false, show_database},
    Command{"show databases (", false, show_databases_listed},
};

} // namespace

auto schema_commands() -> std::span<const Command> {
  return table;
}

} // namespace sluice::endpoint

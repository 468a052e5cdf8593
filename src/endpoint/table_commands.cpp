// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include <fmt/format.h>

#include "endpoint/command.hpp"
#include "endpoint/database_name.hpp"
#include "endpoint/ingest_mapping.hpp"
#include "endpoint/ingestion.hpp"
#include "store/case_table.hpp"

namespace sluice::endpoint {
namespace {

using kql::Schema;
using kql::Value;

auto syntax(const Error& error) -> tl::unexpected<Failure> {
  return tl::unexpected{syntax_failure(error.message())};
}

/// `(a: string, ['b c']: long)`
auto parse_columns(CommandText& text) -> Result<Schema> {
  TRY_DO(text.expect("("));
  Schema schema;
  while (!text.accept(")")) {
    TRY(auto name, text.name());
    TRY_DO(text.expect(":"));
    TRY(const auto type_name, text.name());
    const auto type = kql::parse_type(type_name);
    if (!type || schema.find(name)) {
      return Error{ErrorKind::invalid_input,
                   fmt::format("column `{}` has no type or is there twice", name)};
    }
    schema.columns.push_back({std::move(name), *type});
    static_cast<void>(text.accept(","));
  }
  return schema;
}

/// Makes or extends the table that the command describes.
auto put_table(CommandCall& call) -> CommandOutcome {
  const auto name = call.text.name();
  auto schema = name ? parse_columns(call.text) : Result<Schema>{name.error()};
  if (!schema) {
    return syntax(schema.error());
  }
  if (*name == store::case_table_name) { // A cluster needs it, the store has it by itself.
    std::erase_if(schema->columns, [](const auto& column) { return column.name == "Epoch"; });
  }
  const auto lease = call.service.store.change({});
  if (!lease) {
    return tl::unexpected{to_failure(lease.error())};
  }
  if (const auto put = (*lease)->put_table(*name, *schema); !put) {
    return tl::unexpected{to_failure(put.error())};
  }
  return text_result({"TableName", "Schema", "DatabaseName", "Folder", "DocString"},
                     {{*name, "", call.service.database, "", ""}});
}

/// Whether the words behind the table's name are `ingestion`.
auto is_mapping(CommandText text) -> bool {
  return text.name().has_value() && text.accept("ingestion");
}

auto put_mapping(CommandCall& call) -> CommandOutcome;

/// `.create table` leaves a table that is there as it is.
auto create_table(CommandCall& call) -> CommandOutcome {
  if (is_mapping(call.text)) {
    return put_mapping(call);
  }
  auto probe = call.text;
  if (const auto name = probe.name()) {
    const auto lease = call.service.store.read({});
    if (lease && (*lease)->catalog().table(*name) != nullptr) {
      return text_result({"TableName", "Schema", "DatabaseName", "Folder", "DocString"},
                         {{*name, "", call.service.database, "", ""}});
    }
  }
  return put_table(call);
}

auto drop_table(CommandCall& call) -> CommandOutcome {
  const auto name = call.text.name();
  if (!name) {
    return syntax(name.error());
  }
  const bool if_exists = call.text.accept("ifexists");
  const auto lease = call.service.store.change({});
  if (!lease) {
    return tl::unexpected{to_failure(lease.error())};
  }
  const auto dropped = (*lease)->drop_table(*name);
  if (!dropped && !(if_exists && dropped.error().kind() == ErrorKind::gone)) {
    return tl::unexpected{to_failure(dropped.error())};
  }
  return text_result({"TableName", "DatabaseName"}, {});
}

auto keep(CommandCall& call, const std::string& name, const std::string& text) -> Result<> {
  TRY(const auto lease, call.service.store.change({}));
  return lease->remember(name, text);
}

/// `table T ingestion json mapping "m" '[...]'`, behind the verb.
auto put_mapping(CommandCall& call) -> CommandOutcome {
  const auto table = call.text.name();
  if (!table || !call.text.accept("ingestion")) {
    return tl::unexpected{syntax_failure("expected the table and `ingestion`")};
  }
  const auto kind = call.text.name();
  auto expected = call.text.expect("mapping");
  const auto name = expected ? call.text.text() : Result<std::string>{expected.error()};
  const auto mapping = name ? call.text.text() : Result<std::string>{name.error()};
  if (!kind || !mapping) {
    return syntax(kind ? mapping.error() : kind.error());
  }
  if (const auto parsed = parse_mapping(*mapping); !parsed) {
    return tl::unexpected{to_failure(Error{parsed.error()}.while_doing("reading the mapping"))};
  }
  if (const auto kept = keep(call, mapping_note(*table, *kind, *name), *mapping); !kept) {
    return tl::unexpected{to_failure(kept.error())};
  }
  return text_result({"Name", "Kind", "Mapping"}, {{*name, *kind, *mapping}});
}

auto notes(CommandCall& call, const std::string& prefix)
    -> Result<std::vector<std::pair<std::string, std::string>>> {
  TRY(const auto lease, call.service.store.read({}));
  return lease->recall(prefix);
}

/// What stands behind: a text as such, other words with spaces between.
auto rest_of(CommandText& words) -> std::string {
  std::string text;
  while (const auto word = words.next()) {
    const bool is_text =
        word->kind == CommandWord::Kind::literal && word->value.type() == kql::Type::string;
    text += is_text ? std::string{word->value.text()} : word->text + " ";
  }
  return text;
}

/// `.alter-merge database D policy managed_identity '[{"ObjectId":"system",...}]'`: kept whole, so
/// that what was there goes; ingestion asks it.
auto put_database_policy(CommandCall& call) -> CommandOutcome {
  const auto database = call.text.name();
  if (!database) {
    return syntax(database.error());
  }
  if (!is_database(call.service, *database)) {
    return tl::unexpected{no_database(*database)};
  }
  const auto policy = call.text.accept("policy")
                          ? call.text.name()
                          : Error{ErrorKind::invalid_input, "expected `policy`"};
  if (!policy) {
    return syntax(policy.error());
  }
  const auto text = rest_of(call.text);
  if (const auto kept = keep(call, fmt::format("policy-of-database/{}", *policy), text); !kept) {
    return tl::unexpected{to_failure(kept.error())};
  }
  return text_result({"PolicyName", "EntityName", "Policy", "ChildEntities", "EntityType"},
                     {{*policy, *database, text, "", "Database"}});
}

/// `.alter table T policy streamingingestion '{...}'`: kept and shown; nothing here needs them.
auto put_policy(CommandCall& call) -> CommandOutcome {
  auto probe = call.text;
  const auto table = probe.name();
  if (!table) {
    return syntax(table.error());
  }
  if (!probe.accept("policy")) {
    return put_table(call);
  }
  call.text = probe;
  const auto policy = call.text.name();
  if (!policy) {
    return syntax(policy.error());
  }
  const auto text = rest_of(call.text);
  const auto note = fmt::format("policy/{}/{}", *table, *policy);
  if (const auto kept = keep(call, note, text); !kept) {
    return tl::unexpected{to_failure(kept.error())};
  }
  return text_result({"PolicyName", "EntityName", "Policy", "ChildEntities", "EntityType"},
                     {{*policy, *table, text, "", "Table"}});
}

/// `.ingest inline into table T <| 1,"a"`
auto ingest_inline(CommandCall& call) -> CommandOutcome {
  const auto table = call.text.name();
  if (!table) {
    return syntax(table.error());
  }
  auto data = call.text.data();
  data.remove_prefix(std::min(data.find_first_not_of(" \r\n"), data.size()));
  IngestRequest request;
  request.table = *table;
  const auto stored = ingest(call.service, request, data);
  if (!stored) {
    return tl::unexpected{stored.error()};
  }
  return text_result({"ExtentId", "ItemLoaded", "Duration", "HasErrors", "OperationId"}, {});
}

/// Objects of a cluster that this store has by itself (`LatestCases`, views of unique records), and
/// what only a cluster has to be told.
auto accept_quietly(CommandCall&) -> CommandOutcome {
  return text_result({"Name"}, {});
}

constexpr std::array table{
    Command{"create table", true, create_table},
    Command{"create-or-alter table", true, put_mapping},
    Command{"create-merge table", true, put_table},
    Command{"alter-merge table", true, put_policy},
    Command{"alter table", true, put_policy},
    Command{"alter-merge database", true, put_database_policy},
    Command{"alter database", true, put_database_policy},
    Command{"drop table", true, drop_table},
    Command{"ingest inline into table", true, ingest_inline},
    Command{"clear database cache streamingingestion schema", true, accept_quietly},
    Command{"create-or-alter function", true, accept_quietly},
    Command{"create-or-alter materialized-view", true, accept_quietly},
    Command{"create ifnotexists materialized-view", true, accept_quietly},
    Command{"create async ifnotexists materialized-view", true, accept_quietly},
};

} // namespace

auto table_commands() -> std::span<const Command> {
  return table;
}

auto show_mappings(CommandCall& call, const std::string& table_name) -> CommandOutcome {
  const auto kept = notes(call, fmt::format("mapping/{}/", table_name));
  if (!kept) {
    return tl::unexpected{to_failure(kept.error())};
  }
  auto result = text_result({"Name", "Kind", "Mapping", "Database", "Table"}, {});
  for (const auto& [name, text] : *kept) {
    const auto rest = name.substr(fmt::format("mapping/{}/", table_name).size());
    const auto slash = rest.find('/');
    result.rows.push_back({Value::string(rest.substr(slash + 1)),
                           Value::string(rest.substr(0, slash)),
                           Value::string(text),
                           Value::string(call.service.database),
                           Value::string(table_name)});
  }
  return result;
}

} // namespace sluice::endpoint

// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/sha256.hpp"
#include "endpoint/command.hpp"

namespace sluice::endpoint {
namespace {

using kql::Type;
using kql::Value;

/// A GUID that a name always has.
auto guid_of(std::string_view name) -> std::string {
  const auto hex = to_hex(sha256(name));
  return fmt::format("{}-{}-4{}-8{}-{}",
                     hex.substr(0, 8),
                     hex.substr(8, 4),
                     hex.substr(13, 3),
                     hex.substr(17, 3),
                     hex.substr(20, 12));
}

auto show_version(CommandCall& call) -> CommandOutcome {
  CommandResult result{{{{"BuildVersion", Type::string},
                         {"BuildTime", Type::datetime},
                         {"ServiceType", Type::string},
                         {"ProductVersion", Type::string}}},
                       {}};
  result.rows.push_back({Value::string(call.service.version),
                         Value::datetime({Ticks{DateTime::unix_epoch_ticks}}),
                         Value::string("Engine"),
                         Value::string("Sluice " + call.service.version)});
  return result;
}

auto databases(CommandCall& call, bool with_identity) -> CommandOutcome {
  CommandResult result{{{{"DatabaseName", Type::string},
                         {"PersistentStorage", Type::string},
                         {"Version", Type::string},
                         {"IsCurrent", Type::boolean},
                         {"DatabaseAccessMode", Type::string},
                         {"PrettyName", Type::string}}},
                       {}};
  auto& row = result.rows.emplace_back();
  const auto& name = call.service.database;
  row = {Value::string(name),
         Value::string(""),
         Value::string("v1.0"),
         Value::boolean(true),
         Value::string("ReadWrite"),
         Value::string("")};
  if (with_identity) {
    result.schema.columns.push_back({"CurrentUserIsUnrestrictedViewer", Type::boolean});
    row.push_back(Value::boolean(true));
  }
  for (const auto* column : {"DatabaseId", "InTransitionTo", "SuspensionState"}) {
    const bool is_id = column == std::string_view{"DatabaseId"};
    result.schema.columns.push_back({column, is_id ? Type::guid : Type::string});
    row.push_back(is_id ? Value::guid(guid_of(name)) : Value::string(""));
  }
  return result;
}

auto show_databases(CommandCall& call) -> CommandOutcome {
  return databases(call, false);
}

auto show_databases_identity(CommandCall& call) -> CommandOutcome {
  return databases(call, true);
}

auto show_cluster(CommandCall& call) -> CommandOutcome {
  CommandResult result{{{{"NodeId", Type::string},
                         {"Address", Type::string},
                         {"Name", Type::string},
                         {"StartTime", Type::datetime},
                         {"IsAdmin", Type::boolean}}},
                       {}};
  result.rows.push_back({Value::string("Engine_0"),
                         Value::string(""),
                         Value::string("Sluice"),
                         Value::datetime(call.service.clock.now()),
                         Value::boolean(true)});
  return result;
}

auto cancel_query(CommandCall& call) -> CommandOutcome {
  const auto id = call.text.text();
  if (!id) {
    return tl::unexpected{syntax_failure(id.error().message())};
  }
  const auto count = call.service.queries.cancel(*id);
  CommandResult result{{{{"ClientRequestId", Type::string}, {"Cancelled", Type::boolean}}}, {}};
  result.rows.push_back({Value::string(*id), Value::boolean(count > 0)});
  return result;
}

auto show_principal_roles(CommandCall&) -> CommandOutcome {
  return text_result({"Scope", "DisplayName", "AADObjectID", "Role"},
                     {{"Cluster", "everyone who may connect", "", "AllDatabasesAdmin"}});
}

/// Lists that tools ask for and that are always empty here.
auto show_nothing(CommandCall&) -> CommandOutcome {
  return text_result({"Name"}, {});
}

constexpr std::array table{
    Command{"show version", false, show_version},
    Command{"show databases", false, show_databases},
    Command{"show databases identity", false, show_databases_identity},
    Command{"show cluster", false, show_cluster},
    Command{"show cluster principal roles", false, show_principal_roles},
    Command{"show principal roles", false, show_principal_roles},
    Command{"cancel query", true, cancel_query},
    Command{"show operations", false, show_nothing},
    Command{"show queries", false, show_nothing},
    Command{"show running queries", false, show_nothing},
    Command{"show external tables", false, show_nothing},
    Command{"show entity_groups", false, show_nothing},
    Command{"show plugins", false, show_nothing},
};

} // namespace

auto show_commands() -> std::span<const Command> {
  return table;
}

} // namespace sluice::endpoint

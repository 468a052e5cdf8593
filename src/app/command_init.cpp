// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/adx_connection.hpp"
#include "app/command.hpp"
#include "app/components.hpp"
#include "app/configuration.hpp"
#include "app/interrupt.hpp"
#include "app/storage_setup.hpp"
#include "kusto/database_objects.hpp"

namespace sluice::app {
namespace {

using kusto::DatabaseObject;

class NoRows final : public kusto::AnswerSink {
public:
  auto begin(const kql::Schema&) -> Result<> override { return {}; }
  auto row(std::span<const kql::Value>) -> Result<> override { return {}; }
};

/// Whether somebody with more rights could do it. Not every refusal has the status for that.
auto lacks_rights(const Error& error) -> bool {
  return error.kind() == ErrorKind::forbidden || error.kind() == ErrorKind::unauthorized ||
         error.message().find("not authorized") != std::string::npos;
}

/// A script for Azure Data Explorer's query window, which runs one command after another.
void print_script(const config::Config& config, const std::vector<DatabaseObject>& objects) {
  fmt::print("// Run these in database {} of {}.\n", config.adx.database, config.adx.cluster);
  for (const auto& object : objects) {
    fmt::print("\n// {}: needs {}\n{}\n", object.subject, object.role, object.command);
  }
  const auto& credential = config.adx.credential.value_or(config.azure.credential);
  const auto client = credential.client_id.empty() ? "CLIENT_ID" : credential.client_id;
  const auto tenant = config.azure.tenant.empty() ? "TENANT_ID" : config.azure.tenant;
  fmt::print("\n// so that runs may ingest: needs Database Admin\n{}\n",
             kusto::ingestor_grant(config.adx.database, client, tenant));
}

void tell(std::string_view outcome, std::string_view subject, std::string_view reason) {
  fmt::print(stderr, "{:9} {}{}{}\n", outcome, subject, reason.empty() ? "" : ": ", reason);
}

/// What the database must have for this configuration.
auto objects_for(const config::Adx& adx) -> std::vector<DatabaseObject> {
  auto objects = kusto::database_objects();
  if (!adx.staging.managed_identity.empty()) {
    objects.push_back(kusto::managed_identity_policy(adx.database, adx.staging.managed_identity));
  }
  return objects;
}

/// Makes what can be made, and gives back what somebody else must.
auto make_objects(const config::Config& config, AdxConnection& adx, const std::stop_token& stop)
    -> Result<std::vector<DatabaseObject>> {
  std::vector<DatabaseObject> left;
  for (auto& object : objects_for(config.adx)) {
    NoRows ignored;
    const auto made =
        adx.engine().ask({.database = config.adx.database, .text = object.command}, ignored, stop);
    if (made) {
      tell("there is", object.subject, {});
      continue;
    }
    const auto& error = made.error();
    const bool is_refused = lacks_rights(error);
    const bool goes_on =
        is_refused || (!object.is_required && error.kind() != ErrorKind::cancelled);
    if (!goes_on) {
      return Error{error}.while_doing(fmt::format("making {}", object.subject));
    }
    tell(is_refused ? "no right" : "not made", object.subject, error.message());
    if (is_refused) {
      left.push_back(std::move(object));
    }
  }
  return left;
}

/// What is left for an administrator.
struct LeftOver {
  bool storage = false;
  std::vector<DatabaseObject> objects = {};
};

auto init(const config::Config& config, const std::stop_token& stop) -> Result<LeftOver> {
  SystemClock clock;
  TRY(const auto client, connect(config));
  TRY(const auto azure, AzureAccess::create(config, *client, clock));
  LeftOver left;
  TRY(const bool made, make_storage(config, *azure, stop));
  left.storage = !made;
  if (!config.adx.cluster.empty()) {
    TRY(const auto adx, AdxConnection::create(config.adx, *azure, *client, clock));
    TRY(left.objects, make_objects(config, *adx, stop));
  }
  return left;
}

} // namespace

auto declare_init(CLI::App& parser) -> CommandBody {
  auto file = std::make_shared<std::filesystem::path>("sluice.yaml");
  auto print = std::make_shared<bool>(false);
  declare_config_option(parser, *file);
  parser.add_flag("--print", *print, "Only print what an administrator would run in the database");
  return [file, print] {
    const auto config = load_configuration(*file);
    if (!config) {
      return ExitCode::config;
    }
    const bool has_storage =
        !config->archive_blob.account.empty() || !config->ledger_table.account.empty();
    if (config->adx.cluster.empty() && (*print || !has_storage)) {
      fmt::print(stderr,
                 "error: nothing to make: the configuration has none of "
                 "`destinations.adx.cluster`, `archive.blob` and `ledger.table`\n");
      return ExitCode::config;
    }
    if (*print) {
      print_script(*config, objects_for(config->adx));
      return ExitCode::ok;
    }
    const Interrupt interrupt;
    const auto left = init(*config, interrupt.token());
    if (!left) {
      return report(left.error());
    }
    if (!left->objects.empty()) {
      fmt::print(stderr, "An administrator of the database must run what is printed here.\n");
      print_script(*config, left->objects);
    }
    return left->storage || !left->objects.empty() ? ExitCode::no_permission : ExitCode::ok;
  };
}

} // namespace sluice::app

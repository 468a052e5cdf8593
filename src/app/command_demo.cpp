// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/command.hpp"
#include "app/interrupt.hpp"
#include "app/pipeline_run.hpp"
#include "app/query_run.hpp"
#include "app/simulated_tenant.hpp"
#include "base/check.hpp"

namespace sluice::app {
namespace {

/// The query of the reference architecture, with our table's name.
constexpr std::string_view reference_query =
    "AuditRecords\n"
    "| extend IngestionTime=ingestion_time()\n"
    "| order by IngestionTime desc\n"
    "| project Name,Severity,InvestigationType,InvestigationName,InvestigationId,CreationTime,"
    "StartTimeUtc,LastUpdateTimeUtc,EndTimeUtc,Operation,ResultStatus,UserKey,ObjectId,Data,"
    "Actions,Source,Comments,Status";

struct DemoOptions {
  std::filesystem::path directory;
  bool keep = false;
  std::uint64_t rows = 20;
  bool wide = false;
  std::shared_ptr<simulator::SimulatorOptions> tenant =
      std::make_shared<simulator::SimulatorOptions>();
};

auto make_directory(DemoOptions& options) -> Result<> {
  if (!options.directory.empty()) {
    options.keep = true;
    std::error_code failed;
    std::filesystem::create_directories(options.directory, failed);
    options.directory = std::filesystem::absolute(options.directory);
    return failed ? Result<>{Error{ErrorKind::storage, failed.message()}} : Result<>{};
  }
  auto name = (std::filesystem::temp_directory_path() / "sluice-demo-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    return Error{ErrorKind::storage, "no temporary directory can be made"}.with_hint(
        "name one with --directory");
  }
  options.directory = name;
  return {};
}

auto demo_config(const DemoOptions& options, const simulator::Simulator& tenant) -> std::string {
  return fmt::format("tenants:\n"
                     "  - id: {0}\n"
                     "    name: contoso\n"
                     "    cloud: custom\n"
                     "    endpoints: {{management: \"{1}\", login: \"{1}\"}}\n"
                     "    credential: {{type: client_secret, client_id: {2}, "
                     "secret: \"file:{3}/secret\"}}\n"
                     "    content_types: [Audit.AzureActiveDirectory, Audit.Exchange, "
                     "Audit.SharePoint, Audit.General, DLP.All]\n"
                     "archive: {{directory: \"{3}/archive\"}}\n"
                     "store: {{directory: \"{3}/store\"}}\n"
                     "limits: {{requests_per_minute: 6000000}}\n"
                     "retry: {{first_wait: 50ms, longest_wait: 2s}}\n"
                     "log: {{level: warning}}\n",
                     simulator::SimulatorOptions{}.tenant_id,
                     tenant.url(),
                     simulator::SimulatorOptions{}.client_id,
                     options.directory.string());
}

/// Collects the tenant into the directory.
auto collect(const DemoOptions& options,
             const simulator::Simulator& tenant,
             const std::stop_token& stop) -> Result<> {
  const auto text = demo_config(options, tenant);
  TRY_DO(write_private_file(options.directory / "secret", tenant.client_secret().reveal()));
  TRY_DO(write_private_file(options.directory / "sluice.yaml", text));
  const auto config = config::parse(text, options.directory);
  CHECK(config.has_value()); // We wrote it.
  configure_log(config->log.level, config->log.format);
  auto outcome = run_pipeline(*config, {.once = true, .stages = {}, .replay = false}, stop);
  fmt::print(stderr, "{}\n\n", outcome.summary);
  return std::move(outcome.result);
}

auto run_demo(DemoOptions& options) -> Result<ExitCode> {
  const Interrupt interrupt;
  SystemClock clock;
  TRY_DO(make_directory(options));
  fmt::print(stderr, "making a simulated Microsoft 365 tenant and collecting its audit feed ...\n");
  TRY(auto tenant, simulator::Simulator::create(std::move(*options.tenant), clock));
  TRY_DO(collect(options, tenant, interrupt.token()));
  tenant.stop();
  const auto query = options.rows == 0
                         ? std::string{reference_query}
                         : fmt::format("{}\n| take {}", reference_query, options.rows);
  fmt::print(stderr, "{}\n\n", query);
  const auto answered = run_query(
      options.directory / "store", query, {.max_rows = 0, .wide = options.wide}, interrupt.token());
  if (!options.wide) {
    fmt::print(stderr, "\nCells are shortened to fit; --wide shows them whole.\n");
  }
  if (options.keep) {
    fmt::print(stderr,
               "\nAll of it is in {0}. Ask it more:\n  sluice query --store {0}/store "
               "'AuditRecords | summarize count() by Operation, Status'\n",
               options.directory.string());
  }
  return answered;
}

} // namespace

auto declare_demo(CLI::App& parser) -> CommandBody {
  auto options = std::make_shared<DemoOptions>();
  parser.add_option("--directory", options->directory, "Keep everything in this directory");
  parser.add_option("--rows", options->rows, "Rows of the answer; 0 for all")
      ->capture_default_str();
  parser.add_flag("--wide", options->wide, "Shorten no cell");
  declare_simulator_options(
      parser,
      options->tenant,
      {"listen", "certificate", "key", "tenant", "client-id", "client-secret"});
  return [options] {
    const auto answered = run_demo(*options);
    if (!options->keep && !options->directory.empty()) {
      std::error_code ignored;
      std::filesystem::remove_all(options->directory, ignored);
    }
    return answered ? *answered : report(answered.error());
  };
}

} // namespace sluice::app

// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/command.hpp"
#include "app/components.hpp"
#include "app/configuration.hpp"
#include "app/interrupt.hpp"
#include "app/query_run.hpp"
#include "base/json_text.hpp"

namespace sluice::app {
namespace {

constexpr std::size_t most_findings = 1'000;

struct CasesOptions {
  std::filesystem::path config = "sluice.yaml";
  std::filesystem::path store;
  std::string outcome;
  bool all_versions = false;
  bool json = false;
  bool findings = false;
  QueryRunOptions run;
};

auto query_of(const CasesOptions& options) -> std::string {
  std::string query = options.all_versions ? "Cases" : "LatestCases() | where Withdrawn == false";
  if (!options.outcome.empty()) {
    query += fmt::format(" | where Outcome == \"{}\"", options.outcome);
  }
  query += " | sort by AlertedTime desc, CaseId asc, Version asc";
  if (!options.json) {
    query += " | project CaseId, Version, Outcome, InvestigationStatus, AlertStatus, Severity, "
             "AlertedTime, SecondsInTotal, Reporter, Subject";
  }
  return query;
}

void print_finding(const ledger::CaseFinding& finding, bool json) {
  if (json) {
    fmt::print(R"({{"kind":{},"text":{},"times":{},"last_seen":"{}"}})"
               "\n",
               json_quoted(finding.kind),
               json_quoted(finding.text),
               finding.times,
               to_iso8601(finding.last_seen, 0));
    return;
  }
  fmt::print("{} {}: {} ({} times)\n",
             to_iso8601(finding.last_seen, 0),
             finding.kind,
             escape_control(finding.text),
             finding.times);
}

auto print_findings(const config::Config& config, bool json) -> Result<> {
  TRY(const auto reading, read_ledger(config));
  TRY(const auto findings, reading->ledger->case_findings(most_findings));
  for (const auto& finding : findings) {
    print_finding(finding, json);
  }
  return {};
}

auto run_cases(CasesOptions& options) -> ExitCode {
  if (options.store.empty() || options.findings) {
    const auto config = load_configuration(options.config);
    if (!config) {
      return ExitCode::config;
    }
    if (options.findings) {
      const auto printed = print_findings(*config, options.json);
      return printed ? ExitCode::ok : report(printed.error());
    }
    const auto store = store_of(*config);
    if (!store) {
      return report(store.error());
    }
    options.store = *store;
  }
  options.run.format = options.json ? "ndjson" : "table";
  options.run.max_rows = 0;
  const Interrupt interrupt;
  return run_query(options.store, query_of(options), options.run, interrupt.token());
}

} // namespace

auto declare_cases(CLI::App& parser) -> CommandBody {
  auto options = std::make_shared<CasesOptions>();
  declare_config_option(parser, options->config);
  parser.add_option("--store", options->store, "Ask the store in this directory");
  parser.add_option("--outcome", options->outcome, "Only cases with this outcome")
      ->check(CLI::IsMember(std::vector<std::string>{
          "AwaitingAction", "Finished", "Aborted", "InProgress", "Unknown"}));
  parser.add_flag("--all", options->all_versions, "Every version, withdrawn ones too");
  parser.add_flag(
      "--findings",
      options->findings,
      "Instead: what was given up unresolved, unknown statuses, data that could not be read");
  parser.add_flag("--json", options->json, "One JSON object a line, with all columns");
  parser.add_flag("--wide", options->run.wide, "Shorten no cell of a table");
  return [options] { return run_cases(*options); };
}

} // namespace sluice::app

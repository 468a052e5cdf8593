// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "app/command.hpp"

namespace sluice::app {

auto commands() -> std::span<const Command> {
  static constexpr std::array all{
      Command{"demo",
              "Collect, filter and store a simulated tenant, then answer a query, in one go",
              "  sluice demo\n  sluice demo --events 1000000 --faults hostile",
              declare_demo},
      Command{"run",
              "Run the pipeline: discover, collect, correlate, deliver",
              "  sluice run -c sluice.yaml\n  sluice run --once -c sluice.yaml",
              declare_run},
      Command{"init",
              "Make the tables, mappings, policies, views and containers of Azure",
              "  sluice init -c sluice.yaml\n  sluice init -c sluice.yaml --print > init.kql",
              declare_init},
      Command{"query",
              "Answer a KQL query from the store",
              "  sluice query -c sluice.yaml 'AuditRecords | summarize count() by Operation'\n"
              "  sluice query 'print 1 + 1'\n"
              "  sluice query --cluster http://127.0.0.1:8080 --database sluice 'Cases | count'",
              declare_query},
      Command{"serve",
              "Serve the store to clients of Azure Data Explorer",
              "  sluice serve -c sluice.yaml\n  sluice serve --store DIR --listen 127.0.0.1:8080",
              declare_serve},
      Command{"cases",
              "List the cases: alerts joined with the investigations that processed them",
              "  sluice cases -c sluice.yaml\n  sluice cases --outcome AwaitingAction --json",
              declare_cases},
      Command{"explain",
              "Say why a record was kept, or what made a case",
              "  sluice explain -c sluice.yaml case-0123456789abcdef0123",
              declare_explain},
      Command{"rules",
              "Test rules with records and the cases that must come of them",
              "  sluice rules test examples/rules/user_reported_phishing.yaml",
              declare_rules},
      Command{"filter",
              "Print the audit records that a KQL predicate keeps",
              "  sluice filter --where 'RecordType in (40, 64)' content.json.gz\n"
              "  sluice filter --rule user_reported_phishing *.json",
              declare_filter},
      Command{"status",
              "Show where each content type stands",
              "  sluice status -c sluice.yaml --json",
              declare_status},
      Command{"replay",
              "Put the archive through today's rules again",
              "  sluice replay -c sluice.yaml",
              declare_replay},
      Command{"validate",
              "Check a configuration file",
              "  sluice validate -c sluice.yaml",
              declare_validate},
      Command{
          "doctor",
          "Check the world: sign-in, permissions, key vault, archive, cluster, each with its fix",
          "  sluice doctor -c sluice.yaml\n  sluice doctor -c sluice.yaml --json",
          declare_doctor},
      Command{"schema",
              "Print the JSON Schema or the reference page of the configuration",
              "  sluice schema > sluice.schema.json",
              declare_schema},
      Command{"import-variables",
              "Make a configuration of the variables of Azure Automation runbooks",
              "  sluice import-variables variables.json > sluice.yaml",
              declare_import_variables},
      Command{"simulate",
              "Serve a simulated Microsoft 365 tenant",
              "  sluice simulate --listen 127.0.0.1:8365 --events 100000 --truth truth.ndjson",
              declare_simulate},
  };
  return all;
}

} // namespace sluice::app

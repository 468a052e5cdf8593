// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cluster_query.hpp"
#include "app/command.hpp"
#include "app/configuration.hpp"
#include "app/interrupt.hpp"
#include "app/query_run.hpp"

namespace sluice::app {

auto declare_query(CLI::App& parser) -> CommandBody {
  struct Options {
    std::string text;
    std::filesystem::path config;
    std::filesystem::path store;
    ClusterAddress cluster;
    QueryRunOptions run;
  };
  auto options = std::make_shared<Options>();
  parser.add_option("kql", options->text, "The query; `-` reads it from standard input")
      ->required();
  auto* config =
      parser.add_option("-c,--config",
                        options->config,
                        "Ask the store of this configuration; with --cluster its `tls` counts");
  auto* store = parser.add_option("--store", options->store, "Ask the store in this directory")
                    ->excludes(config);
  auto* cluster =
      parser.add_option("--cluster", options->cluster.url, "Ask the cluster at this address")
          ->excludes(store);
  parser.add_option("--database", options->cluster.database, "The cluster's database")
      ->needs(cluster);
  parser
      .add_option("--token",
                  options->cluster.token,
                  "`file:/absolute/path` of a token for the cluster; without it who did `az login`")
      ->needs(cluster);
  parser
      .add_option("--parameter",
                  options->cluster.parameters,
                  "NAME=LITERAL for a declared query parameter; may be repeated")
      ->needs(cluster);
  parser
      .add_option("--page-rows",
                  options->cluster.page_rows,
                  "Have the cluster store the result and ask for so many rows at a time; 0 does so "
                  "when it is too large for one answer")
      ->needs(cluster)
      ->capture_default_str();
  parser.add_option("--format", options->run.format, fmt::format("One of {}", result_formats))
      ->capture_default_str()
      ->check(CLI::IsMember(std::vector<std::string>{
          "table", "chart", "json", "csv", "ndjson", "kusto-v1", "kusto-v2"}));
  parser.add_option("--limit", options->run.max_rows, "Rows at most; 0 for all")
      ->capture_default_str();
  parser.add_flag("--wide", options->run.wide, "Shorten no cell of a table");
  parser.add_option("--external",
                    options->run.external,
                    "ADDRESS=FILE: a local copy of what externaldata names; may be repeated");
  parser.add_option("--watchlist",
                    options->run.watchlists,
                    "NAME=FILE: a CSV file with a header for _GetWatchlist; may be repeated");
  parser.add_flag("--explain", options->run.explain, "Print the plan instead of running it");
  parser.add_flag("--check",
                  options->run.check,
                  "Say what columns it gives, or what is wrong, and run nothing");
  parser
      .add_option("--schema", options->run.schema, "A JSON file of empty tables to check against")
      ->check(CLI::ExistingFile)
      ->excludes("--store")
      ->excludes("--config");
  return [options] {
    if (!options->config.empty()) {
      const auto configuration = load_configuration(options->config);
      if (!configuration) {
        return ExitCode::config;
      }
      options->cluster.authorities_file = configuration->authorities_file;
      const auto there = options->cluster.url.empty() ? store_of(*configuration)
                                                      : Result<std::filesystem::path>{""};
      if (!there) {
        return report(there.error());
      }
      options->store = *there;
    }
    const Interrupt interrupt;
    if (!options->cluster.url.empty()) {
      return run_cluster_query(options->cluster, options->text, options->run, interrupt.token());
    }
    return run_query(options->store, options->text, options->run, interrupt.token());
  };
}

} // namespace sluice::app

// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/command.hpp"
#include "app/configuration.hpp"
#include "app/interrupt.hpp"
#include "app/pipeline_run.hpp"

namespace sluice::app {

auto declare_run(CLI::App& parser) -> CommandBody {
  struct Options {
    std::filesystem::path config = "sluice.yaml";
    PipelineRunOptions run;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  declare_config_option(parser, options->config);
  parser.add_flag("--once", options->run.once, "End when everything there is has been delivered");
  parser
      .add_option(
          "--stages", options->run.stages, "Only these: discover, collect, correlate, deliver")
      ->delimiter(',')
      ->check(CLI::IsMember(stage_names()));
  parser.add_flag("--json", options->json, "The summary as JSON");
  return [options] {
    const auto config = load_configuration(options->config);
    if (!config) {
      return ExitCode::config;
    }
    const Interrupt interrupt;
    const auto outcome = run_pipeline(*config, options->run, interrupt.token());
    if (!outcome.summary.empty()) {
      fmt::print("{}\n", options->json ? outcome.summary_json : outcome.summary);
    }
    return outcome.result ? ExitCode::ok : report(outcome.result.error());
  };
}

} // namespace sluice::app

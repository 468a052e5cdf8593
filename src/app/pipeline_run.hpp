// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/config.hpp"

namespace sluice::app {

struct PipelineRunOptions {
  bool once = false;
  /// Some of `stage_names`; empty for all.
  std::vector<std::string> stages;
  /// First put everything that is archived through today's rules again.
  bool replay = false;
};

struct PipelineRunOutcome {
  Result<> result;
  std::string summary;      ///< For a person; empty when the run did not begin.
  std::string summary_json; ///< One JSON object.
};

/// The stages in the order in which content passes through them.
[[nodiscard]] auto stage_names() -> const std::vector<std::string>&;

/// Builds the components, runs the stages and shows progress on a terminal meanwhile.
[[nodiscard]] auto run_pipeline(const config::Config& given,
                                const PipelineRunOptions& options,
                                const std::stop_token& stop) -> PipelineRunOutcome;

} // namespace sluice::app

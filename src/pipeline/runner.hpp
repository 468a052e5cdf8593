// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <stop_token>

#include "base/result.hpp"
#include "pipeline/stage.hpp"

namespace sluice::pipeline {

/// Runs the stages side by side, each on a thread of its own, in the order in which contents pass
/// through them. Returns when all have ended. A stage that fails for good stops the others.
///
/// Errors: the first that a stage returned; what a stage had to leave for later comes last.
[[nodiscard]] auto run_stages(std::span<Stage* const> stages, const std::stop_token& stop)
    -> Result<>;

} // namespace sluice::pipeline

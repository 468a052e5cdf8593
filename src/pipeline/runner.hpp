// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>

#include "base/result.hpp"
#include "pipeline/stage.hpp"

namespace sluice::pipeline {

/// When a stage comes to its end that has none before it in this process.
enum class Ending : std::uint8_t {
  when_done,    ///< When nothing is left to do.
  when_stopped, ///< Other processes bring new work all the time.
};

/// Runs the stages side by side, each on a thread of its own, in the order in which contents pass
/// through them. Returns when all have ended. A stage that fails for good stops the others.
///
/// Errors: the first that a stage returned; what a stage had to leave for later comes last.
[[nodiscard]] auto
run_stages(std::span<Stage* const> stages, Ending ending, const std::stop_token& stop) -> Result<>;

} // namespace sluice::pipeline

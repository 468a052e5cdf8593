// SPDX-License-Identifier: Apache-2.0
#include "pipeline/runner.hpp"

#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace sluice::pipeline {

auto run_stages(std::span<Stage* const> stages, Ending ending, const std::stop_token& stop)
    -> Result<> {
  std::stop_source source;
  const std::stop_callback forward{stop, [&] { source.request_stop(); }};
  std::deque<Doorbell> doorbells(stages.size() + 1); // Before, between and after the stages.
  if (ending == Ending::when_done) {
    doorbells.front().close();
  }
  std::mutex mutex;
  Result<> outcome;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < stages.size(); ++i) {
      threads.emplace_back([&, i] {
        auto result = stages[i]->run(doorbells[i], doorbells[i + 1], source.get_token());
        doorbells[i + 1].close(); // Also when the stage failed: those after it must come to an end.
        if (result || (result.error().kind() == ErrorKind::cancelled && stop.stop_requested())) {
          return;
        }
        const std::lock_guard lock{mutex};
        const bool graver =
            !outcome && !must_end_run(outcome.error()) && must_end_run(result.error());
        if (must_end_run(result.error())) {
          source.request_stop();
        }
        if (outcome || graver) {
          outcome = std::move(result);
        }
      });
    }
  }
  return outcome;
}

} // namespace sluice::pipeline

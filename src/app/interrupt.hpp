// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <thread>

namespace sluice::app {

/// Turns Ctrl-C and SIGTERM into a stop request: the first asks the work to drain, a second leaves
/// the process at once (nothing is lost by that: `kill -9` is an ordinary event).
///
/// Use:     construct it before any other thread starts, pass `token()` on.
/// Threads: one instance a process.
class Interrupt {
public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  auto operator=(const Interrupt&) -> Interrupt& = delete;
  ~Interrupt();

  [[nodiscard]] auto token() const -> std::stop_token { return source_.get_token(); }

private:
  std::stop_source source_;
  std::jthread watcher_;
};

} // namespace sluice::app

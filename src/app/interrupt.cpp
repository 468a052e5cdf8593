// SPDX-License-Identifier: Apache-2.0
#include "app/interrupt.hpp"

#include <array>
#include <csignal>

#include <fmt/format.h>
#include <unistd.h>

namespace sluice::app {
namespace {

/// Ends the watcher; blocked everywhere else and used for nothing else.
constexpr int wake_signal = SIGUSR2;

auto watched_signals() -> sigset_t {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : std::array{SIGINT, SIGTERM, wake_signal}) {
    ::sigaddset(&signals, signal);
  }
  return signals;
}

} // namespace

Interrupt::Interrupt() {
  const auto signals = watched_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr); // Threads that start later inherit this.
  watcher_ = std::jthread{[this, signals](const std::stop_token& ended) {
    for (int signal = 0; ::sigwait(&signals, &signal) == 0 && !ended.stop_requested();) {
      if (signal == wake_signal) {
        continue;
      }
      if (source_.stop_requested()) {
        constexpr int exit_base = 128;
        ::_exit(exit_base + signal);
      }
      fmt::print(stderr, "\nfinishing what is under way; once more to leave at once\n");
      source_.request_stop();
    }
  }};
}

Interrupt::~Interrupt() {
  watcher_.request_stop();
  ::pthread_kill(watcher_.native_handle(), wake_signal);
}

} // namespace sluice::app

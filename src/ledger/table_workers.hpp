// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.hpp"
#include "ledger/table_space.hpp"

namespace sluice::ledger::tables {

/// Which processes work with a ledger, and which of them are dead. Each has an entity that it
/// changes from time to time: a beat. One that did not change for `silence`, measured by the
/// observer's own clock, belongs to a worker that is dead or was stopped, and one that is gone to a
/// worker that ended in order. So clocks need not agree, and nobody is thought dead for being slow
/// to finish; a worker that comes back is refused by the ETags of what others took over.
///
/// Threads: any.
class Workers {
public:
  /// `space` and `clock` must outlive it. Nobody hears of this worker before `join`.
  Workers(Space& space, Clock& clock, std::chrono::milliseconds silence);
  Workers(const Workers&) = delete;
  auto operator=(const Workers&) -> Workers& = delete;
  /// Says that this worker has ended.
  ~Workers();

  [[nodiscard]] auto id() const noexcept -> const std::string& { return id_; }
  /// Begins to beat; further calls do nothing.
  [[nodiscard]] auto join() -> Result<>;

  /// Looks at the beats of all.
  [[nodiscard]] auto observe() -> Result<>;
  /// As of the last `observe`. This worker is alive; nobody (an empty id) is dead.
  [[nodiscard]] auto is_dead(std::string_view id) -> bool;

private:
  struct Seen {
    std::int64_t beat = 0;
    std::chrono::nanoseconds since{};
  };

  [[nodiscard]] auto beat() -> Result<>;
  void beat_until(const std::stop_token& stop);
  void remove(const std::string& id);

  Space& space_;
  Clock& clock_;
  const std::chrono::milliseconds silence_;
  const std::string id_;
  std::mutex mutex_;
  std::condition_variable_any ended_;
  std::map<std::string, Seen, std::less<>> seen_;
  std::jthread thread_; ///< Last: it uses the others.
};

/// Who leads what only one worker may do.
///
/// Threads: any.
class Leads {
public:
  Leads(Space& space, Workers& workers) : space_{space}, workers_{workers} {}
  Leads(const Leads&) = delete;
  auto operator=(const Leads&) -> Leads& = delete;
  /// Resigns from all roles.
  ~Leads();

  /// A number that grows each time that another worker takes the lead over; 0 when another has it.
  /// Errors: those of `Space`.
  [[nodiscard]] auto number(std::string_view role) -> Result<std::int64_t>;
  void resign(std::string_view role);

private:
  Space& space_;
  Workers& workers_;
  std::mutex mutex_;
  std::set<std::string, std::less<>> held_;
};

} // namespace sluice::ledger::tables

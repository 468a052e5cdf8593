// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "base/date_time.hpp"

namespace sluice::identity {

/// What ends on a known day: secrets and certificates that we sign in with. Whoever works for long
/// looks at them now and then; each is told of in the log 30, 7 and 1 days before its end, and when
/// it has ended.
///
/// Threads: any.
class Endings {
public:
  struct Ending {
    std::string what; ///< `the secret NAME of the key vault`
    DateTime end;
  };

  /// Noted again, the new end counts.
  void note(std::string what, DateTime end);
  /// Logs what has come nearer since the last look.
  void look(DateTime now);
  [[nodiscard]] auto all() const -> std::vector<Ending>;

private:
  struct Noted {
    Ending ending;
    std::size_t told = 0; ///< How many of the warnings.
  };
  mutable std::mutex mutex_;
  std::vector<Noted> noted_;
};

/// `in 12 days`, `12 days ago`.
[[nodiscard]] auto time_until(DateTime end, DateTime now) -> std::string;

} // namespace sluice::identity

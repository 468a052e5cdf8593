// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string_view>

#include "base/result.hpp"
#include "pipeline/doorbell.hpp"

namespace sluice::pipeline {

/// The failure concerns all stages. After any other, work was left that a later run can do, which
/// is no reason to stop the others.
[[nodiscard]] inline auto must_end_run(const Error& error) -> bool {
  return error.kind() == ErrorKind::storage || error.kind() == ErrorKind::corrupt ||
         error.kind() == ErrorKind::unauthorized;
}

/// One of the rooms that a content passes through. Stages know each other only through the ledger
/// and the archive, so that each can run in a process, and under an identity, of its own.
///
/// Use:     `run` once, on a thread of its own.
/// Threads: one `run` at a time; stages run side by side.
class Stage {
public:
  Stage() = default;
  Stage(const Stage&) = delete;
  auto operator=(const Stage&) -> Stage& = delete;
  virtual ~Stage() = default;

  /// The name on the command line: a verb.
  [[nodiscard]] virtual auto name() const noexcept -> std::string_view = 0;

  /// Works until `stop`, or until `upstream` is closed and nothing is left to do that waiting a
  /// reasonable time would make possible. Rings `downstream` when there is something to take over.
  /// What fails for a single content or window is counted and tried again, not returned.
  /// Errors: those that end the run: storage, corrupt, unauthorized, forbidden; try-later ones when
  /// work had to be left.
  [[nodiscard]] virtual auto
  run(Doorbell& upstream, Doorbell& downstream, const std::stop_token& stop) -> Result<> = 0;
};

} // namespace sluice::pipeline

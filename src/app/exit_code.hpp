// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

namespace sluice::app {

/// What the process tells its caller; the values of sysexits.h, which service managers and scripts
/// know.
enum class ExitCode : int {
  ok = 0,
  usage = 64,         ///< The command line, or a query on it, is wrong.
  bad_data = 65,      ///< Input files hold something that is not audit records.
  unavailable = 69,   ///< A service did not answer.
  internal = 70,      ///< Stored data is damaged and was not repaired.
  io_error = 74,      ///< The disk failed or is full.
  try_later = 75,     ///< Work is left that a later run will finish.
  no_permission = 77, ///< Sign-in or consent is missing.
  config = 78,        ///< The configuration file is wrong.
};

/// The exit code that fits an error.
[[nodiscard]] auto exit_code_for(ErrorKind kind) noexcept -> ExitCode;

/// Prints `error: ...` and its hint to stderr and says how to exit.
auto report(const Error& error) -> ExitCode;

} // namespace sluice::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace sluice::identity {

/// Runs a program, found by PATH, with no input, and gives what it wrote to standard output, at
/// most 64 KiB. It sees our environment but for what proves who we are (`IDENTITY_HEADER` and the
/// like); what it says on standard error is lost. It is killed when `total_time` is over. Errors:
/// unavailable when it cannot be started, fails, or takes too long; malformed when it says too
/// much; cancelled.
[[nodiscard]] auto program_output(const std::vector<std::string>& words,
                                  std::chrono::milliseconds total_time,
                                  const std::stop_token& stop) -> Result<Secret>;

} // namespace sluice::identity

// SPDX-License-Identifier: Apache-2.0
#include "pipeline/failure_policy.hpp"

#include <chrono>

namespace sluice::pipeline {
namespace {

/// How soon a missing permission is asked for again.
constexpr auto permission_recheck = std::chrono::hours{1};

} // namespace

auto decide_failure(const ledger::WorkItem& item,
                    const Error& error,
                    DateTime now,
                    http::RetryPolicy& retry) -> FailureDecision {
  if (error.code() == "AF20022" || error.code() == "AF20023") {
    // The subscription is off. Discover starts it again; what was listed can be had then.
    const Error off{ErrorKind::unavailable, error.message()};
    return RetryLater{now + Ticks{retry.wait_before(static_cast<int>(item.attempts) + 1, off)
                                      .value_or(std::chrono::minutes{1})}};
  }
  switch (error.kind()) {
  case ErrorKind::gone:
    return GiveUpExpired{};
  case ErrorKind::storage:
  case ErrorKind::cancelled:
  case ErrorKind::unauthorized:
    return EndRun{};
  case ErrorKind::forbidden:
    return RetryLater{now + Ticks{permission_recheck}};
  case ErrorKind::invalid_input:
  case ErrorKind::untrusted:
  case ErrorKind::corrupt:
    return SetAside{};
  case ErrorKind::malformed:
  case ErrorKind::throttled:
  case ErrorKind::unavailable:
    break;
  }
  const auto wait = retry.wait_before(static_cast<int>(item.attempts) + 1, error);
  if (!wait) {
    return SetAside{};
  }
  // An expired content is asked for once more: only the service's own answer makes it lost.
  return RetryLater{now + Ticks{*wait}};
}

} // namespace sluice::pipeline

// SPDX-License-Identifier: Apache-2.0
#include "pipeline/failure_policy.hpp"

#include <chrono>

#include "pipeline/subscription_keeper.hpp"

namespace sluice::pipeline {
namespace {

/// How soon a missing permission is asked for again.
constexpr auto permission_recheck = std::chrono::hours{1};

/// A subscription that was just started can be used after about this long (observed).
constexpr auto subscription_settling = std::chrono::seconds{5};

} // namespace

auto decide_failure(const ledger::WorkItem& item,
                    const Error& error,
                    std::uint32_t nonsense_before,
                    DateTime now,
                    http::RetryPolicy& retry) -> FailureDecision {
  if (subscription_is_off(error)) {
    return RetryLater{now + Ticks{subscription_settling}}; // It was asked to start.
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
  const auto before = error.kind() == ErrorKind::malformed ? nonsense_before : item.attempts;
  const auto wait = retry.wait_before(static_cast<int>(before) + 1, error);
  if (!wait) {
    return SetAside{};
  }
  // An expired content is asked for once more: only the service's own answer makes it lost.
  return RetryLater{now + Ticks{*wait}};
}

} // namespace sluice::pipeline

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <variant>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "http/retry_policy.hpp"
#include "ledger/content.hpp"

namespace sluice::pipeline {

/// Try the content again, not before `at`.
struct RetryLater {
  DateTime at;
};
/// The service no longer has it: count it as lost.
struct GiveUpExpired {};
/// It cannot be read: set it aside with what was received.
struct SetAside {};
/// Not the content's fault: end the run.
struct EndRun {};

using FailureDecision = std::variant<RetryLater, GiveUpExpired, SetAside, EndRun>;

/// What to do with a content that could not be collected. Failures that may pass are tried again
/// for as long as the service keeps the content; replies that make no sense only a few times, since
/// time does not mend them.
///
/// `nonsense_before` counts earlier replies to it that made no sense. `retry` supplies the waits
/// and how often nonsense is tried.
[[nodiscard]] auto decide_failure(const ledger::WorkItem& item,
                                  const Error& error,
                                  std::uint32_t nonsense_before,
                                  DateTime now,
                                  http::RetryPolicy& retry) -> FailureDecision;

} // namespace sluice::pipeline

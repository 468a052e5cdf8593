// SPDX-License-Identifier: Apache-2.0
#include "http/retry_policy.hpp"

#include <algorithm>

namespace sluice::http {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

auto ceiling(int retry, milliseconds first, milliseconds longest) -> milliseconds {
  auto wait = first;
  for (int i = 1; i < retry && wait < longest; ++i) {
    wait *= 2;
  }
  return std::min(wait, longest);
}

} // namespace

auto RetryPolicy::wait_before(int retry, const Error& error) -> std::optional<milliseconds> {
  if (options_.most_retries && retry > *options_.most_retries) {
    return std::nullopt;
  }
  const auto backed_off = ceiling(retry, options_.first_wait, options_.longest_wait);
  switch (error.kind()) {
  case ErrorKind::throttled:
    // The wait that was asked for is a least: some jitter on top keeps the waiters apart.
    return error.retry_after() ? between(*error.retry_after(), *error.retry_after() * 11 / 10)
                               : between(std::min<milliseconds>(30s, options_.longest_wait),
                                         std::min<milliseconds>(60s, options_.longest_wait));
  case ErrorKind::unavailable:
    return std::max(between(0ms, backed_off), error.retry_after().value_or(0ms));
  case ErrorKind::malformed:
    if (retry > options_.most_malformed_retries) {
      return std::nullopt;
    }
    return between(0ms, backed_off);
  default:
    return std::nullopt;
  }
}

auto RetryPolicy::between(milliseconds least, milliseconds most) -> milliseconds {
  const std::lock_guard lock{mutex_};
  const auto span = static_cast<std::uint64_t>((most - least).count());
  return least + milliseconds{static_cast<std::int64_t>(random_.below(span + 1))};
}

} // namespace sluice::http

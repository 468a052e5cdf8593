// SPDX-License-Identifier: Apache-2.0
#include "activity/server_clock.hpp"

#include <chrono>

#include "base/log.hpp"
#include "http/http_date.hpp"

namespace sluice::activity {
namespace {

/// Less than this is the reply's way to us and the second that `Date` is cut to.
constexpr Ticks tolerated = std::chrono::minutes{5};

auto significant(Ticks offset) -> bool {
  return offset > tolerated || offset < -tolerated;
}

} // namespace

void ServerClock::observe(const http::Headers& headers) {
  const auto text = headers.find("Date");
  const auto date = text ? http::parse_http_date(*text) : std::nullopt;
  if (!date) {
    return;
  }
  const auto offset = *date - clock_.now();
  const Ticks before{offset_ticks_.exchange(offset.count())};
  if (significant(offset) && !significant(before)) {
    log(LogLevel::warning,
        "clock_skew",
        "the service's clock differs from ours by more than five minutes; windows follow the "
        "service's",
        {{"offset_seconds", std::chrono::duration_cast<std::chrono::seconds>(offset).count()}});
  }
}

auto ServerClock::now() const -> DateTime {
  return clock_.now() + correction();
}

auto ServerClock::correction() const -> Ticks {
  const Ticks offset{offset_ticks_.load()};
  return significant(offset) ? offset : Ticks{0};
}

} // namespace sluice::activity

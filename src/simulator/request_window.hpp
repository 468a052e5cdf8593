// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/date_time.hpp"
#include "simulator/api_error.hpp"

namespace sluice::simulator {

/// The stretch of the ingestion axis that a listing asks for: `start <= created < end`.
struct RequestWindow {
  DateTime start;
  DateTime end;

  friend auto operator==(const RequestWindow&, const RequestWindow&) -> bool = default;
};

/// Reads `startTime` and `endTime`. Both or neither; neither is the last 24 hours (documented).
/// Accepted are a date, minutes, seconds or a fraction, with or without `Z`; any other zone is
/// refused (observed: `+00:00` gave nothing). At most 24 hours, start before end, start at most
/// 7 days and 1 hour ago (observed; documented is 7 days); the end may lie in the future.
/// Refuses with AF20002 and AF20055.
[[nodiscard]] auto read_window(std::optional<std::string_view> start,
                               std::optional<std::string_view> end,
                               DateTime now) -> ApiResult<RequestWindow>;

} // namespace sluice::simulator

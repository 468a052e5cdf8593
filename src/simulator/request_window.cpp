// SPDX-License-Identifier: Apache-2.0
#include "simulator/request_window.hpp"

#include <algorithm>
#include <chrono>

namespace sluice::simulator {
namespace {

constexpr auto longest = std::chrono::hours{24};
constexpr auto farthest_back = std::chrono::hours{7 * 24 + 1};

auto read_time(std::string_view text) -> std::optional<DateTime> {
  constexpr std::size_t date_length = 10;
  const auto clock = text.substr(std::min(date_length, text.size()));
  if (clock.find_first_of("+-") != std::string_view::npos || clock.starts_with(" ")) {
    return std::nullopt;
  }
  return parse_iso8601(text);
}

} // namespace

auto read_window(std::optional<std::string_view> start,
                 std::optional<std::string_view> end,
                 DateTime now) -> ApiResult<RequestWindow> {
  if (start.has_value() != end.has_value()) {
    return refuse("AF20055");
  }
  if (!start) {
    return RequestWindow{.start = now - longest, .end = now};
  }
  const auto from = read_time(*start);
  const auto to = read_time(*end);
  if (!from || !to) {
    return refuse("AF20002", from ? "endTime" : "startTime");
  }
  if (*from >= *to || *to - *from > longest || *from < now - farthest_back) {
    return refuse("AF20055");
  }
  return RequestWindow{.start = *from, .end = *to};
}

} // namespace sluice::simulator

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "activity/content.hpp"
#include "base/date_time.hpp"

namespace sluice::activity {

/// Which windows to list in one poll, oldest first, and what can no longer be listed.
struct WindowPlan {
  std::vector<Window> windows;
  /// The part between the watermark and the oldest time the service still lists: lost here, to be
  /// reported.
  std::optional<Window> gap;
};

struct WindowPlanOptions {
  /// Grid of the windows. Content is cut when it is listed, so only windows that begin at the same
  /// times give the same content ids again. 1 minute to 23 hours (24 are refused at times,
  /// observed).
  std::chrono::minutes width = std::chrono::hours{6};
  /// How far back finished windows are listed again: content may appear late in an old window.
  std::chrono::minutes overlap = std::chrono::hours{6};
  /// How far back the service lists (documented: 7 days), less a margin.
  std::chrono::minutes reach = std::chrono::hours{7 * 24} - std::chrono::minutes{5};
};

/// Plans from `watermark` less the overlap, or from as far back as the service lists when there is
/// none, up to `now`. All times in whole seconds; the watermark may move to the end of the last
/// window once all of them were listed. A watermark in the future counts as `now`.
[[nodiscard]] auto plan_windows(DateTime now,
                                std::optional<DateTime> watermark,
                                const WindowPlanOptions& options) -> WindowPlan;

} // namespace sluice::activity

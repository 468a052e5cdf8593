// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/date_time.hpp"

/// Clocks on walls: the zones of the IANA database (`Europe/Paris`), as ICU knows them.
namespace sluice::kql {

/// What a clock in the zone shows at that time; nothing when there is no such zone.
[[nodiscard]] auto utc_to_local(DateTime utc, std::string_view zone) -> std::optional<DateTime>;

/// When a clock in the zone shows that. Of an hour that comes twice, the first; in an hour that is
/// left out, as if the clock had not been turned.
[[nodiscard]] auto local_to_utc(DateTime local, std::string_view zone) -> std::optional<DateTime>;

} // namespace sluice::kql

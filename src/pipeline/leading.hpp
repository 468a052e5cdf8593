// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stop_token>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "ledger/ledger.hpp"

namespace sluice::pipeline {

/// How often a process that does not lead asks whether it does by now.
inline constexpr std::chrono::seconds standby_wait{2};
/// How long a run that is to end waits for the one who leads: longer than a dead one is missed.
inline constexpr std::chrono::minutes standby_patience{2};

/// Waits until this process leads `role`; see `Ledger::lead`.
/// Errors: unavailable when another still does after `standby_patience`; cancelled; those of the
/// ledger.
[[nodiscard]] auto wait_to_lead(ledger::Ledger& ledger,
                                std::string_view role,
                                Clock& clock,
                                const std::stop_token& stop) -> Result<>;

} // namespace sluice::pipeline

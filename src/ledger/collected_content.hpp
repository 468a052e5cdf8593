// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "ledger/content.hpp"

/// Private to this library.
namespace sluice::ledger {

/// Whether a content that stands in this state and generation may be recorded so.
/// Errors: invalid_input, a mistake of the caller's.
[[nodiscard]] auto
check_collected(const CollectedContent& content, State state, std::uint32_t generation) -> Result<>;

} // namespace sluice::ledger

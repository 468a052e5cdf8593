// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "relevance/cases/case_state.hpp"

/// States as they are kept, in memory as on disk: some hundred bytes in one piece instead of a
/// hundred small ones. A later release reads what an earlier one has packed.
namespace sluice::relevance {

/// Into `bytes`, over what was there.
void pack(const AlertState& state, std::string& bytes);
void pack(const InvestigationState& state, std::string& bytes);

/// Into the memory of whatever `state` was. False when `bytes` are no such state.
[[nodiscard]] auto unpack(std::string_view bytes, AlertState& state) -> bool;
[[nodiscard]] auto unpack(std::string_view bytes, InvestigationState& state) -> bool;

} // namespace sluice::relevance

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sluice::app {

/// Why a case is one, in plain sentences, a line each. `row` is its row as a JSON object, with all
/// columns of table Cases.
[[nodiscard]] auto case_story(std::string_view row) -> std::string;

} // namespace sluice::app

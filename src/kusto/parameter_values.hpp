// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace sluice::kusto {

/// The query with its declared parameters as constants: `declare query_parameters(n: long = 1);`
/// becomes `let n = 41;`, for what takes queries but no parameters. A value is read as one
/// literal of the declared type, or as the plain text of a string, and written anew: no text of it
/// becomes a part of the query.
/// Errors: invalid_input when a parameter has neither value nor default, or a value is not of its
/// type.
[[nodiscard]] auto with_values(std::string_view query,
                               std::span<const std::pair<std::string, std::string>> values)
    -> Result<std::string>;

} // namespace sluice::kusto

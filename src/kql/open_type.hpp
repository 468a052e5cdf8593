// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kql/type.hpp"

namespace sluice::kql {

/// The type of a column that only the rows could tell: of a bag's member that became a column, of a
/// table that is not there. It fits wherever a type is wanted. Checks alone make it
/// (`CompileOptions::checks_alone`); there are no values of it, so it is none of the enumerators.
constexpr auto unknown_type = static_cast<Type>(static_cast<std::uint8_t>(Type::dynamic) + 1);

} // namespace sluice::kql

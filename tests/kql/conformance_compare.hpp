// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <simdjson.h>

#include "kql/schema.hpp"
#include "kql/value.hpp"

/// Whether a query's answer is the known one.
namespace sluice {

using Json = simdjson::dom::element;

/// Names, in order.
[[nodiscard]] auto same_columns(Json expected, const kql::Schema& schema) -> bool;
/// The rows as a bag, reals to nine digits; `complete` when there must be no others.
[[nodiscard]] auto
same_rows(Json expected, std::vector<std::vector<kql::Value>> ours, bool complete) -> bool;

} // namespace sluice

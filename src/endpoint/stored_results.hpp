// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "store/store.hpp"

namespace sluice::endpoint {

/// Results of queries that are kept for a while, so that they can be had in pages (documented):
/// tables that no listing shows, each with the time of its end among the store's notes.
///
/// | what | how |
/// |---|---|
/// | keep one | `.set stored_query_result NAME with (previewCount=1, expiresAfter=1h) <\| QUERY` |
/// | read it | `stored_query_result("NAME") \| where Row between (1 .. 1000)` |
/// | forget it | `.drop stored_query_result NAME` |

/// What the store calls the table of a result.
[[nodiscard]] auto stored_result_table(std::string_view name) -> std::string;

/// Whether a table is one of those; listings leave it out.
[[nodiscard]] auto is_stored_result(std::string_view table) -> bool;

/// The query with the tables in place of `stored_query_result("NAME")`; nothing when it names none.
[[nodiscard]] auto with_stored_results(std::string_view query) -> std::optional<std::string>;

/// Removes those whose time has come. `store` must be had for changes.
/// Errors: those of the store.
[[nodiscard]] auto forget_ended_results(store::Store& store, DateTime now) -> Result<>;

} // namespace sluice::endpoint

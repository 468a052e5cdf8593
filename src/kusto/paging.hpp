// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "kusto/answer.hpp"
#include "kusto/cluster.hpp"

namespace sluice::kusto {

/// Asks for a result of any size, a page at a time: the cluster stores it for an hour (documented:
/// Database Viewer may do that), numbers its rows, gives them in pieces, and is told to forget it,
/// also after an error and when `stop` is requested. A page that is too large for one answer is
/// asked for again in smaller ones. Values of parameters become constants of the query
/// (`with_values`), since a stored result takes none.
///
/// The rows of a page go to `sink` when the page is complete, so that after an error some have been
/// given. `question.max_rows`, when it is not 0, is how many are given at most.
/// Errors: those of `Cluster::ask` and of `with_values`; invalid_input for a command; malformed
/// when rows are missing.
[[nodiscard]] auto ask_in_pages(Cluster& cluster,
                                const Question& question,
                                std::uint64_t page_rows,
                                AnswerSink& sink,
                                const std::stop_token& stop) -> Result<>;

/// The query with its rows numbered, without what only draws them (`render`).
[[nodiscard]] auto numbered_query(std::string_view text) -> std::string;

} // namespace sluice::kusto

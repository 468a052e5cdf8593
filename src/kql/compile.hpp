// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "base/date_time.hpp"
#include "kql/data_probe.hpp"
#include "kql/diagnostic.hpp"
#include "kql/local_copy.hpp"
#include "kql/plan.hpp"
#include "kql/predicate.hpp"
#include "kql/schema.hpp"

/// Text in, meaning out: the front door of the library. No I/O; safe with hostile text.
namespace sluice::kql {

struct CompileOptions {
  /// What `now()` is, throughout the query.
  DateTime now{};
  /// For predicates alone: see `predicate.hpp`.
  bool missing_is_unknown = false;
  /// Values for what the query declares as `query_parameters`: literals of the language, or the
  /// plain text of a string. They take the place of defaults.
  std::vector<std::pair<std::string, std::string>> parameters{};
  /// The plan will not be run: what the rows alone could tell stays open (`open_type.hpp`), and
  /// functions that are known by their types alone may be called.
  bool checks_alone = false;
  /// Asked what columns there are when the rows alone can tell. Null: such queries are refused.
  const DataProbe* probe = nullptr;
  /// Asked for the files that a query names. Empty: such queries are refused.
  LocalCopies local_copies = {};
  /// Longer texts are refused. Bytes.
  std::size_t max_text_bytes = 1024 * 1024;
};

/// Compiles a query: statements separated by `;`, the last one tabular. The plan borrows nothing.
/// Errors: every mistake that could be told apart, in the order of the text; never an empty list.
[[nodiscard]] auto compile_query(std::string_view text,
                                 const Catalog& catalog,
                                 const CompileOptions& options) -> tl::expected<Plan, Diagnostics>;

/// Compiles a rule: what may stand after `where`, an expression of type bool over the columns of
/// `schema`; or that and more steps (`... | parse ... | where ...`), or a query whose only table is
/// `record_table`, the one record, with `let` before it. See `record_pipeline.hpp`.
/// Errors: as above.
constexpr std::string_view record_table = "AuditRecords";
[[nodiscard]] auto
compile_predicate(std::string_view text, const Schema& schema, const CompileOptions& options)
    -> tl::expected<Predicate, Diagnostics>;

} // namespace sluice::kql

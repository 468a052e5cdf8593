// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "kql/compile.hpp"
#include "kql/diagnostic.hpp"
#include "kql/plan.hpp"
#include "kql/schema.hpp"
#include "store/case_table.hpp"
#include "store/named_table.hpp"
#include "store/options.hpp"
#include "store/query.hpp"

namespace sluice::store {

/// All records that one content brought, as they are to be stored.
struct Batch {
  std::string_view tenant;
  std::string_view content;
  /// Each one JSON object.
  std::span<const std::string_view> records;
  /// What ingestion_time() will say.
  DateTime ingested{};
};

/// What became of the batches since the flush before.
struct FlushSummary {
  std::uint64_t batches = 0;
  std::uint64_t stored = 0;
  /// Records whose (tenant, Id, CreationTime) another content had brought before: not stored again.
  std::uint64_t duplicates = 0;
};

/// The embedded store: one wide table of audit records in a DuckDB file, and KQL over it.
///
/// Use:     `open`; then `append` batches and `flush`; or `compile` and `run` queries. What is not
///          flushed is lost with the store, by intention: the ledger knows what to bring again.
/// Threads: append and flush one at a time; compile and run by any number beside them.
/// Owns:    the file `store.duckdb` and its log in its directory, which one process at a time can
///          have open for writing (several for reading, if none writes).
class Store {
public:
  struct Opened;

  /// Makes the directory (mode 0700) and the store if they are not there. A store that does not
  /// open any more is moved to `quarantine/` in the directory and a new one takes its place: the
  /// archive has everything that was in it.
  /// Errors: unavailable when another process has it open, storage, invalid_input when another
  /// release wrote it; with `read_only`, storage when there is none and corrupt when it is damaged.
  [[nodiscard]] static auto open(const std::filesystem::path& directory, const Options& options)
      -> Result<Opened>;

  /// A store in memory without tables: `print` and `datatable` work.
  /// Errors: none to expect.
  [[nodiscard]] static auto open_empty(const Options& options) -> Result<Store>;

  Store(Store&&) noexcept;
  auto operator=(Store&&) noexcept -> Store&;
  /// Closes the file. What was not flushed is dropped.
  ~Store();

  /// A GUID made with the store: another one means that the store was deleted or set aside, and
  /// everything has to be brought again. Empty for a store in memory.
  [[nodiscard]] auto id() const noexcept -> const std::string&;

  /// Takes a batch, to be stored with the next `flush`; copies it, and flushes by itself when much
  /// has gathered. A batch of the same (tenant, content) as an earlier one takes its place, so
  /// bringing a batch again changes nothing. Of records with the same (tenant, Id) the one that was
  /// there first stays; a record without Id is never taken for another.
  /// Errors: those of `flush`. Afterwards nothing since the last flush is stored.
  [[nodiscard]] auto append(const Batch& batch) -> Result<>;

  /// Stores what was appended, all or nothing; durable when it returns.
  /// Errors: storage, corrupt, invalid_input when the store was opened for reading.
  [[nodiscard]] auto flush() -> Result<FlushSummary>;

  /// Stores versions of cases, all or nothing; durable when it returns. A version that is there
  /// already is replaced, so bringing one again changes nothing.
  /// Errors: as `flush`; invalid_input for a row that is no JSON object.
  [[nodiscard]] auto put_cases(const CaseBatch& batch) -> Result<>;

  /// Makes a table, or gives one that is there the columns that it lacks, at its end. Not beside
  /// anything else.
  /// Errors: as `flush`; invalid_input when a column is there with another type, or when the table
  /// is one of ours and lacks a column.
  [[nodiscard]] auto put_table(std::string_view name, const kql::Schema& schema) -> Result<>;
  /// Removes a table that somebody made, with its rows. Not beside anything else.
  /// Errors: as `flush`; gone when there is none.
  [[nodiscard]] auto drop_table(std::string_view name) -> Result<>;
  /// Stores rows of a table that somebody made, all or nothing; durable when it returns. False when
  /// the table has one of `unless` noted: then nothing is stored.
  /// Errors: as `flush`; gone when there is no such table.
  [[nodiscard]] auto append_rows(const RowBatch& batch) -> Result<bool>;
  /// Keeps a short text under a name; durable when it returns.
  /// Errors: as `flush`.
  [[nodiscard]] auto remember(std::string_view name, std::string_view text) -> Result<>;
  /// What is kept under the names that begin with `prefix`: name and text, in the names' order.
  /// Errors: storage, corrupt.
  [[nodiscard]] auto recall(std::string_view prefix) const
      -> Result<std::vector<std::pair<std::string, std::string>>>;

  /// The tables that queries may name.
  [[nodiscard]] auto catalog() const noexcept -> const kql::Catalog&;

  /// Reads rows only when they alone can tell what columns there are.
  /// Errors: the mistakes in the text; never an empty list.
  [[nodiscard]] auto compile(std::string_view text, DateTime now) const
      -> tl::expected<kql::Plan, kql::Diagnostics>;
  /// The same with more options; its probe is the store.
  [[nodiscard]] auto compile(std::string_view text, kql::CompileOptions options) const
      -> tl::expected<kql::Plan, kql::Diagnostics>;

  /// Runs a compiled query and gives its rows to `sink`.
  /// Errors: cancelled when it was stopped; unavailable (code `timeout`) when it took too long;
  /// invalid_input when it needs more memory than it may have, or something that the store does
  /// not know; corrupt, storage; what the sink returned.
  [[nodiscard]] auto
  run(const kql::Plan& plan, RowSink& sink, const RunOptions& options, Clock& clock) const
      -> Result<RunSummary>;

private:
  class State;
  class Probe;
  explicit Store(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct Store::Opened {
  Store store;
  /// Where the store that did not open any more is now; tell a person.
  std::optional<std::filesystem::path> quarantined;
  /// Why it did not open.
  std::string reason;
};

} // namespace sluice::store

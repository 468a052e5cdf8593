// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.hpp"
#include "store/duckdb_handle.hpp"
#include "store/packed_text.hpp"
#include "store/record_decoder.hpp"
#include "store/store.hpp"

/// Private to this library: gathers batches and writes them in one transaction.
namespace sluice::store {

/// Use:     `add` any number of batches, then `write`.
/// Threads: one at a time.
class Writer {
public:
  Writer();

  /// Copies the batch. A batch of the same tenant and content that waits is replaced.
  void add(const Batch& batch);
  /// Bytes of records that wait.
  [[nodiscard]] auto waiting_bytes() const noexcept -> std::size_t { return waiting_bytes_; }

  /// Writes what waits, all or nothing; afterwards nothing waits, on an error neither.
  /// Errors: as `to_error`.
  [[nodiscard]] auto write(duckdb_connection connection) -> Result<FlushSummary>;

private:
  struct WaitingRecord {
    std::string id;
    std::optional<DateTime> created;
    std::string bytes;
  };
  struct PackedColumns {
    bool record = false;
    std::vector<bool> stored; ///< As `stored_columns()`.
  };
  struct Waiting {
    std::string tenant;
    std::string content;
    std::vector<WaitingRecord> records;
    DateTime ingested;
  };

  auto write_in_transaction(duckdb_connection connection) -> Result<FlushSummary>;
  auto remove_earlier(duckdb_connection connection, const std::string& tenant) -> Result<>;
  auto stored_ids(duckdb_connection connection, const std::string& tenant)
      -> Result<std::unordered_set<std::string>>;
  /// Tables that an earlier release made have texts where this one has packed texts.
  auto learn_what_is_packed(duckdb_connection connection) -> Result<>;
  auto append_row(duckdb_appender appender, const Waiting& batch, std::size_t ordinal) -> Result<>;

  std::vector<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
  RecordDecoder decoder_;
  TextPacker packer_;
  std::optional<PackedColumns> packed_;
  std::size_t id_place_;
  std::size_t creation_time_place_;
};

} // namespace sluice::store

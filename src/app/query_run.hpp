// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "app/exit_code.hpp"
#include "app/result_printer.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/store.hpp"

namespace sluice::app {

struct QueryRunOptions {
  std::string format = "table";
  /// 0 for all.
  std::uint64_t max_rows = 500'000;
  bool wide = false;
  bool explain = false;
  /// Say what columns the query gives, without running it.
  bool check = false;
  /// A file of tables and their columns; the tables are there and empty. None when empty.
  std::filesystem::path schema = {};
  /// `ADDRESS=FILE`: local copies of what `externaldata` names.
  std::vector<std::string> external = {};
  /// `NAME=FILE`: CSV files with headers.
  std::vector<std::string> watchlists = {};
};

/// Opens the store in `directory` for reading, or an empty one in memory when that is empty. Waits
/// a while when a delivery has it. Errors: as `store::Store::open`.
[[nodiscard]] auto open_store_for_reading(const std::filesystem::path& directory,
                                          Clock& clock,
                                          const std::stop_token& stop) -> Result<store::Store>;

/// The query itself: what standard input holds for `-`, else `text`.
[[nodiscard]] auto query_text(const std::string& text) -> std::string;

/// Says on stderr that there are more rows than were shown.
void tell_limit(std::uint64_t rows);

/// Answers `text` (`-`: what standard input holds) from the store in `directory`, or from an empty
/// one in memory when that is empty; `options.schema` gives that one tables. Rows go to stdout,
/// mistakes in the query to stderr.
[[nodiscard]] auto run_query(const std::filesystem::path& directory,
                             const std::string& text,
                             const QueryRunOptions& options,
                             const std::stop_token& stop) -> ExitCode;

} // namespace sluice::app

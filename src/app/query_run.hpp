// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>

#include "app/exit_code.hpp"
#include "app/result_printer.hpp"

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
};

/// Answers `text` (`-`: what standard input holds) from the store in `directory`, or from an empty
/// one in memory when that is empty; `options.schema` gives that one tables. Rows go to stdout,
/// mistakes in the query to stderr.
[[nodiscard]] auto run_query(const std::filesystem::path& directory,
                             const std::string& text,
                             const QueryRunOptions& options,
                             const std::stop_token& stop) -> ExitCode;

} // namespace sluice::app

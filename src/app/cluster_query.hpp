// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "app/exit_code.hpp"
#include "app/query_run.hpp"

namespace sluice::app {

/// Which cluster to ask, and as whom.
struct ClusterAddress {
  std::string url;
  std::string database;
  /// `file:/absolute/path` of a token; empty: on this machine nobody in particular, elsewhere who
  /// signed in with `az login`.
  std::string token;
  /// `NAME=LITERAL`: values of declared query parameters.
  std::vector<std::string> parameters;
  /// Rows to ask for at a time, of a result that the cluster stores meanwhile; 0: all at once, and
  /// in pages only when that is too much for one answer.
  std::uint64_t page_rows = 0;
  /// PEM; empty for the system's.
  std::filesystem::path authorities_file;
};

/// Answers `text` (`-`: what standard input holds), a query or a command, from a cluster. Rows go
/// to stdout, none of an answer that is not complete; in pages, those of the pages before.
[[nodiscard]] auto run_cluster_query(const ClusterAddress& address,
                                     const std::string& text,
                                     const QueryRunOptions& options,
                                     const std::stop_token& stop) -> ExitCode;

} // namespace sluice::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "store/duckdb_handle.hpp"
#include "store/options.hpp"

/// Private to this library: opening DuckDB, locked down, and surviving a file that does not open.
namespace sluice::store {

/// An open DuckDB with one connection; the connection goes first.
struct Database {
  DuckDatabase database;
  DuckConnection connection;
};

/// Opens the file, or a database in memory when `file` is empty. Whatever a statement says, the
/// database touches no other file and loads no extension; for reading it also keeps its
/// configuration. Errors: unavailable when another process has it open, storage when the file
/// cannot be reached, invalid_input when a newer DuckDB wrote it, corrupt for everything else.
[[nodiscard]] auto open_database(const std::filesystem::path& file, const Options& options)
    -> Result<Database>;

/// Gives memory that an idle writer keeps back to the system, except for what no checkpoint has
/// written yet and 1 MiB.
///
/// A writer's limit is generous at all other times: a checkpoint that fails for lack of memory has
/// been seen to lose rows of earlier transactions (observed, 1.4).
void release_memory(duckdb_connection connection, const Options& options);

/// Replays what a killed process left in the write-ahead log, in a child process: DuckDB has been
/// seen to abort its host there, again at each start (observed). Nothing to do without a log.
/// Errors: corrupt when the child died or the file did not open twice; those of `open_database`.
[[nodiscard]] auto replay_log_in_child(const std::filesystem::path& file, const Options& options)
    -> Result<>;

/// Moves the file and its log to a new folder of `quarantine/` beside it; gives that folder.
/// Errors: storage.
[[nodiscard]] auto quarantine_database(const std::filesystem::path& file)
    -> Result<std::filesystem::path>;

/// fsync of a directory, so that names in it survive a power cut.
/// Errors: storage.
[[nodiscard]] auto sync_directory(const std::filesystem::path& directory) -> Result<>;

} // namespace sluice::store

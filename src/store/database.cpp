// SPDX-License-Identifier: Apache-2.0
#include "store/database.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/sql.hpp"

namespace sluice::store {
namespace {

namespace fs = std::filesystem;

/// The ways to compress short texts that DuckDB has in this format and later ones alone.
constexpr auto storage_version = "v1.4.0";
/// Every commit of records writes the table, not the log: for the log DuckDB reads all columns of
/// the rows before, up to the last whole row group, at once; for the table one after the other. It
/// reckons a row at 16 bytes a column (observed, 1.4).
constexpr auto checkpoint_threshold = "1KB";
/// A column that is being written holds blocks of this size in memory, so small ones let a table of
/// a hundred columns fit.
constexpr std::size_t block_bytes = 16 * 1024;
/// A checkpoint holds the last row group in memory and writes it anew with all its columns, so a
/// small one keeps many small deliveries cheap. DuckDB takes no smaller one.
constexpr std::size_t row_group_rows = 2048;
constexpr std::size_t mebibyte = 1024 * 1024;
constexpr std::size_t generous_memory = 512 * mebibyte;

auto log_file(const fs::path& file) -> fs::path {
  return fs::path{file} += ".wal";
}

auto holds(std::string_view text, std::string_view part) -> bool {
  return text.find(part) != std::string_view::npos;
}

/// DuckDB gives nothing but a text when it cannot open a file.
auto classify_open_failure(std::string_view message) -> Error {
  const std::string text{message.substr(0, message.find('\n'))};
  if (holds(message, "Could not set lock") || holds(message, "Unique file handle conflict")) {
    return Error{ErrorKind::unavailable, "the store is open in another process"}.with_hint(
        "wait until its delivery is done, or stop that process");
  }
  if (holds(message, "newer version") || holds(message, "version number")) {
    return Error{ErrorKind::invalid_input, text}.with_hint(
        "another release of sluice wrote this store; use that release");
  }
  for (const auto* unreachable : {"Permission denied",
                                  "Read-only file system",
                                  "No space left",
                                  "No such file",
                                  "does not exist",
                                  "Too many open files"}) {
    if (holds(message, unreachable)) {
      return Error{ErrorKind::storage, text};
    }
  }
  return Error{ErrorKind::corrupt, text};
}

auto memory_limit(const Options& options) -> std::size_t {
  return options.memory_limit_bytes != 0 ? options.memory_limit_bytes : generous_memory;
}

auto make_config(const fs::path& file, const Options& options) -> Result<DuckConfig> {
  DuckConfig config;
  duckdb_create_config(config.out());
  const auto spill = file.empty() ? std::string{} : fs::path{file}.concat(".spill").string();
  const std::array<std::pair<const char*, std::string>, 11> settings{{
      {"memory_limit", fmt::format("{}B", memory_limit(options))},
      {"threads", fmt::format("{}", options.threads)},
      {"temp_directory", spill},
      {"checkpoint_threshold", checkpoint_threshold},
      {"default_block_size", fmt::format("{}", block_bytes)},
      {"allocator_flush_threshold", "8MB"},
      {"allocator_bulk_deallocation_flush_threshold", "8MB"},
      {"autoload_known_extensions", "false"},
      {"autoinstall_known_extensions", "false"},
      {"allow_community_extensions", "false"},
      {"default_null_order", "nulls_first"},
  }};
  for (const auto& [name, value] : settings) {
    if (duckdb_set_config(config.get(), name, value.c_str()) != DuckDBSuccess) {
      return Error{ErrorKind::invalid_input, fmt::format("DuckDB refuses {}={}", name, value)};
    }
  }
  return config;
}

/// Attached rather than opened, because only so can row groups be given a size.
auto attach(duckdb_connection connection, const fs::path& file, const Options& options)
    -> Result<> {
  if (options.read_only && !fs::exists(file)) {
    return Error{ErrorKind::storage, fmt::format("there is no {}", file.string())}.with_hint(
        "nothing was stored yet: `sluice run --once` makes the store; or name its directory");
  }
  const auto sql = fmt::format("ATTACH {} AS store ({}, ROW_GROUP_SIZE {}, STORAGE_VERSION '{}')",
                               sql_quoted(file.string()),
                               options.read_only ? "READ_ONLY" : "READ_WRITE",
                               row_group_rows,
                               storage_version);
  DuckResult result;
  if (duckdb_query(connection, sql.c_str(), result.out()) != DuckDBSuccess) {
    const char* message = duckdb_result_error(result.out());
    return classify_open_failure(message == nullptr ? "no reason given" : message);
  }
  return execute(connection, "USE store");
}

/// In the child: 0 when the file opened and the log was folded in, else 1.
[[noreturn]] void replay_and_exit(const fs::path& file, const Options& options) {
  alarm(300); // A replay that hangs must not hang the parent for ever.
  int code = 1;
  {
    const auto opened = open_database(file, options);
    code = opened && execute(opened->connection.get(), "CHECKPOINT") ? 0 : 1;
  }
  _exit(code);
}

} // namespace

auto open_database(const fs::path& file, const Options& options) -> Result<Database> {
  TRY(const auto config, make_config(file, options));
  Database opened;
  char* message = nullptr;
  if (duckdb_open_ext(":memory:", opened.database.out(), config.get(), &message) != DuckDBSuccess) {
    auto error = classify_open_failure(message == nullptr ? "no reason given" : message);
    duckdb_free(message);
    return error;
  }
  if (duckdb_connect(opened.database.get(), opened.connection.out()) != DuckDBSuccess) {
    return Error{ErrorKind::corrupt, "the store opened but took no connection"};
  }
  if (!file.empty()) {
    TRY_DO(attach(opened.connection.get(), file, options));
  }
  TRY_DO(execute(opened.connection.get(), "SET enable_external_access = false"));
  if (options.read_only || file.empty()) { // Where people's queries run.
    TRY_DO(execute(opened.connection.get(), "SET lock_configuration = true"));
  }
  return opened;
}

/// A limit that is lowered for a moment makes DuckDB drop what it only keeps for later: blocks of
/// the file. The rest is what no checkpoint has written yet; a limit below that would spill it to
/// disk.
void release_memory(duckdb_connection connection, const Options& options) {
  const auto needed = query_texts(connection,
                                  "SELECT (sum(memory_usage_bytes) + 1048576)::VARCHAR FROM "
                                  "duckdb_memory() WHERE tag <> 'BASE_TABLE'",
                                  {});
  if (!needed || needed->size() != 1) {
    return;
  }
  for (const auto& limit : {needed->front(), fmt::format("{}", memory_limit(options))}) {
    static_cast<void>(execute(connection, fmt::format("SET memory_limit = '{}B'", limit)));
  }
}

auto replay_log_in_child(const fs::path& file, const Options& options) -> Result<> {
  std::error_code ignored;
  for (int attempt = 0; attempt < 2 && fs::exists(log_file(file), ignored); ++attempt) {
    const auto child = fork();
    if (child == 0) {
      replay_and_exit(file, options);
    }
    if (child < 0) {
      return Error{ErrorKind::unavailable, "no process to replay the store's log in"};
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
      return {};
    }
    if (WIFEXITED(status)) {
      TRY_DO(open_database(file, options)); // It did not crash, so it can say here what it has.
      return {};
    }
  }
  if (!fs::exists(log_file(file), ignored)) {
    return {};
  }
  return Error{ErrorKind::corrupt, "replaying the store's log ended the process twice"};
}

auto quarantine_database(const fs::path& file) -> Result<fs::path> {
  std::error_code failure;
  fs::path folder;
  for (int number = 1; folder.empty() || fs::exists(folder, failure); ++number) {
    folder = file.parent_path() / "quarantine" / fmt::format("{}", number);
  }
  fs::create_directories(folder, failure);
  for (const auto& part : {file, log_file(file)}) {
    if (!failure && fs::exists(part, failure)) {
      fs::rename(part, folder / part.filename(), failure);
    }
  }
  if (failure) {
    return Error{ErrorKind::storage,
                 fmt::format("moving {} aside: {}", file.string(), failure.message())};
  }
  TRY_DO(sync_directory(folder));
  TRY_DO(sync_directory(file.parent_path()));
  return folder;
}

auto sync_directory(const fs::path& directory) -> Result<> {
  const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && fsync(descriptor) == 0;
  const int reason = errno;
  if (descriptor >= 0) {
    close(descriptor);
  }
  if (!synced) {
    return Error{
        ErrorKind::storage,
        fmt::format("syncing {}: {}", directory.string(), std::generic_category().message(reason))};
  }
  return {};
}

} // namespace sluice::store

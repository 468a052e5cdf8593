// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace sluice::ledger::sqlite {

using Blob = std::span<const std::byte>;
/// What a `?` in a statement can stand for.
using Value = std::variant<std::nullptr_t, std::int64_t, std::string_view, Blob>;

/// A running statement. Give it back (destroy it) before the same text is run again.
///
/// Threads: those of its `Database`.
class Statement {
public:
  explicit Statement(sqlite3_stmt* statement) noexcept : statement_{statement} {}
  Statement(const Statement&) = delete;
  auto operator=(const Statement&) -> Statement& = delete;
  Statement(Statement&& other) noexcept;
  auto operator=(Statement&& other) noexcept -> Statement&;
  ~Statement();

  /// Goes to the next row. False when there is none.
  [[nodiscard]] auto next() -> Result<bool>;

  // The columns of the row, counted from 0.
  [[nodiscard]] auto is_null(int column) const -> bool;
  [[nodiscard]] auto integer(int column) const -> std::int64_t;
  [[nodiscard]] auto count(int column) const -> std::uint64_t;
  [[nodiscard]] auto text(int column) const -> std::string;
  /// Valid until `next`.
  [[nodiscard]] auto blob(int column) const -> Blob;

private:
  sqlite3_stmt* statement_;
};

/// A connection to a SQLite file.
///
/// Threads: one at a time.
/// Errors:  of every function: corrupt, storage, unavailable as `Ledger` says.
class Database {
public:
  enum class Mode : std::uint8_t { read_write, read_only };

  /// Read-write makes a missing file.
  [[nodiscard]] static auto open(const std::filesystem::path& path,
                                 Mode mode,
                                 std::chrono::milliseconds busy_timeout) -> Result<Database>;
  Database(Database&&) noexcept;
  auto operator=(Database&&) noexcept -> Database&;
  ~Database();

  /// Runs statements that have no parameters.
  [[nodiscard]] auto script(const std::string& sql) -> Result<>;
  /// Starts a statement; it is compiled once and kept.
  [[nodiscard]] auto query(std::string_view sql, std::initializer_list<Value> values = {})
      -> Result<Statement>;
  /// Runs a statement to its end and says how many rows it changed.
  auto run(std::string_view sql, std::initializer_list<Value> values = {}) -> Result<std::uint64_t>;
  /// The first column of the first row; nothing when there is no row or it is null.
  [[nodiscard]] auto number(std::string_view sql, std::initializer_list<Value> values = {})
      -> Result<std::optional<std::int64_t>>;
  /// The key of the row that was inserted last.
  [[nodiscard]] auto last_row() const -> std::int64_t;

private:
  struct Close {
    void operator()(sqlite3* connection) const noexcept;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };

  explicit Database(sqlite3* connection) : connection_{connection} {}

  std::unique_ptr<sqlite3, Close> connection_;
  std::unordered_map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

/// Everything between `begin` and `commit` happens, or nothing.
class Transaction {
public:
  /// Waits for other writers.
  [[nodiscard]] static auto begin(Database& database) -> Result<Transaction>;
  Transaction(Transaction&& other) noexcept;
  auto operator=(Transaction&&) -> Transaction& = delete;
  Transaction(const Transaction&) = delete;
  auto operator=(const Transaction&) -> Transaction& = delete;
  /// Takes everything back unless it was committed.
  ~Transaction();

  /// Returns when it is on the disk.
  [[nodiscard]] auto commit() -> Result<>;

private:
  explicit Transaction(Database& database) : database_{&database} {}
  Database* database_;
};

} // namespace sluice::ledger::sqlite

// SPDX-License-Identifier: Apache-2.0
#include "ledger/sqlite_database.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/check.hpp"
#include "base/failpoint.hpp"

namespace sluice::ledger::sqlite {
namespace {

/// The low byte of an extended result code is its family.
constexpr int family_mask = 0xFF;

auto kind_of(int code) -> ErrorKind {
  if (code == SQLITE_IOERR_SHORT_READ || code == SQLITE_IOERR_CORRUPTFS) {
    return ErrorKind::corrupt;
  }
  switch (code & family_mask) {
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
  case SQLITE_ERROR: // Our statements are right, so the tables they name are not.
  case SQLITE_CONSTRAINT:
  case SQLITE_MISMATCH:
    return ErrorKind::corrupt;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return ErrorKind::unavailable;
  case SQLITE_TOOBIG:
    return ErrorKind::invalid_input;
  default:
    return ErrorKind::storage;
  }
}

auto hint_for(int code) -> std::string {
  switch (code & family_mask) {
  case SQLITE_FULL:
    return "free space on the ledger's file system";
  case SQLITE_READONLY:
  case SQLITE_CANTOPEN:
  case SQLITE_PERM:
    return "give the user of this program write access to the ledger and its directory";
  case SQLITE_IOERR:
    return "check the disk (dmesg, smartctl) before going on";
  case SQLITE_BUSY:
    return "another program has the ledger open; close it";
  default:
    return {};
  }
}

auto failure(sqlite3* connection, int code) -> Error {
  return Error{kind_of(code), fmt::format("the ledger: {}", sqlite3_errmsg(connection))}.with_hint(
      hint_for(code));
}

auto bind(sqlite3_stmt* statement, int position, const Value& value) -> int {
  struct Binder {
    sqlite3_stmt* to;
    int at;
    auto operator()(std::nullptr_t) const -> int { return sqlite3_bind_null(to, at); }
    auto operator()(std::int64_t number) const -> int { return sqlite3_bind_int64(to, at, number); }
    // A null destructor means that the bytes outlive the statement's run; they need not, so the
    // values are copied.
    auto operator()(std::string_view text) const -> int {
      return sqlite3_bind_text64(to,
                                 at,
                                 text.data() == nullptr ? "" : text.data(),
                                 text.size(),
                                 SQLITE_TRANSIENT, // NOLINT: the library's own cast
                                 SQLITE_UTF8);
    }
    auto operator()(Blob bytes) const -> int {
      return sqlite3_bind_blob64(to,
                                 at,
                                 bytes.empty() ? "" : static_cast<const void*>(bytes.data()),
                                 bytes.size(),
                                 SQLITE_TRANSIENT); // NOLINT: the library's own cast
    }
  };
  return std::visit(Binder{statement, position}, value);
}

} // namespace

Statement::Statement(Statement&& other) noexcept
    : statement_{std::exchange(other.statement_, nullptr)} {}

auto Statement::operator=(Statement&& other) noexcept -> Statement& {
  std::swap(statement_, other.statement_);
  return *this;
}

Statement::~Statement() {
  if (statement_ != nullptr) {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
}

auto Statement::next() -> Result<bool> {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW || code == SQLITE_DONE) {
    return code == SQLITE_ROW;
  }
  auto* const connection = sqlite3_db_handle(statement_);
  return failure(connection, sqlite3_extended_errcode(connection));
}

auto Statement::is_null(int column) const -> bool {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

auto Statement::integer(int column) const -> std::int64_t {
  return sqlite3_column_int64(statement_, column);
}

auto Statement::count(int column) const -> std::uint64_t {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(integer(column), 0));
}

auto Statement::text(int column) const -> std::string {
  const auto bytes = blob(column);
  std::string text(bytes.size(), '\0');
  std::ranges::transform(
      bytes, text.begin(), [](std::byte byte) { return static_cast<char>(byte); });
  return text;
}

auto Statement::blob(int column) const -> Blob {
  const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

void Database::Close::operator()(sqlite3* connection) const noexcept {
  sqlite3_close_v2(connection);
}

void Database::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

auto Database::open(const std::filesystem::path& path,
                    Mode mode,
                    std::chrono::milliseconds busy_timeout) -> Result<Database> {
  const int access =
      mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(
      path.c_str(), &raw, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  auto database = Database{raw};
  if (code != SQLITE_OK) {
    return failure(raw, code).while_doing(fmt::format("opening {}", path.string()));
  }
  sqlite3_busy_timeout(raw, static_cast<int>(busy_timeout.count()));
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  return database;
}

Database::Database(Database&&) noexcept = default;

auto Database::operator=(Database&& other) noexcept -> Database& {
  statements_ = std::move(other.statements_); // Before the connection that they belong to.
  connection_ = std::move(other.connection_);
  return *this;
}

Database::~Database() = default;

auto Database::script(const std::string& sql) -> Result<> {
  const int code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    return failure(connection_.get(), code);
  }
  return {};
}

auto Database::query(std::string_view sql, std::initializer_list<Value> values)
    -> Result<Statement> {
  auto& kept = statements_[std::string{sql}];
  if (!kept) {
    sqlite3_stmt* compiled = nullptr;
    const int code = sqlite3_prepare_v3(connection_.get(),
                                        sql.data(),
                                        static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT,
                                        &compiled,
                                        nullptr);
    if (code != SQLITE_OK) {
      return failure(connection_.get(), code);
    }
    kept.reset(compiled);
  }
  CHECK(sqlite3_stmt_busy(kept.get()) == 0);
  auto statement = Statement{kept.get()};
  int position = 0;
  for (const auto& value : values) {
    if (const int code = bind(kept.get(), ++position, value); code != SQLITE_OK) {
      return failure(connection_.get(), code);
    }
  }
  return statement;
}

auto Database::run(std::string_view sql, std::initializer_list<Value> values)
    -> Result<std::uint64_t> {
  TRY(auto statement, query(sql, values));
  TRY_DO(statement.next());
  return static_cast<std::uint64_t>(sqlite3_changes64(connection_.get()));
}

auto Database::number(std::string_view sql, std::initializer_list<Value> values)
    -> Result<std::optional<std::int64_t>> {
  TRY(auto statement, query(sql, values));
  TRY(const bool row, statement.next());
  return row && !statement.is_null(0) ? std::optional{statement.integer(0)} : std::nullopt;
}

auto Database::last_row() const -> std::int64_t {
  return sqlite3_last_insert_rowid(connection_.get());
}

auto Transaction::begin(Database& database) -> Result<Transaction> {
  TRY_DO(database.run("BEGIN IMMEDIATE"));
  FAILPOINT("ledger.after_begin");
  return Transaction{database};
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_{std::exchange(other.database_, nullptr)} {}

Transaction::~Transaction() {
  if (database_ != nullptr) {
    // Fails only where SQLite has taken it back by itself already.
    static_cast<void>(database_->run("ROLLBACK"));
  }
}

auto Transaction::commit() -> Result<> {
  FAILPOINT("ledger.before_commit");
  TRY_DO(database_->run("COMMIT"));
  database_ = nullptr;
  FAILPOINT("ledger.after_commit");
  return {};
}

} // namespace sluice::ledger::sqlite

// SPDX-License-Identifier: Apache-2.0
#include "ledger/sqlite_ledger.hpp"

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/file.hpp"
#include "ledger/claims.hpp"
#include "ledger/schema.hpp"
#include "ledger/sqlite_contents.hpp"
#include "ledger/sqlite_correlating.hpp"
#include "ledger/sqlite_database.hpp"

namespace sluice::ledger {
namespace {

using sqlite::Database;

/// Contents whose claims are forgotten in one transaction.
constexpr std::size_t forget_batch = 200;
constexpr std::chrono::hours least_horizon{24 * 9};

class SqliteLedger final : public Ledger {
public:
  SqliteLedger(Database database, std::optional<FileLock> lock)
      : lock_{std::move(lock)},
        database_{std::move(database)} {}

  auto lead(std::string_view /*role*/) -> Result<bool> override {
    return true; // Nobody else has the ledger.
  }

  auto enter(const Listing& listing) -> Result<EnterReport> override {
    return change([&] { return sqlite::enter(database_, listing); });
  }
  auto watermark(const Feed& feed) -> Result<std::optional<DateTime>> override {
    return look([&] { return sqlite::watermark(database_, feed); });
  }
  auto postpone_subscription_start(const Feed& feed, DateTime until) -> Result<> override {
    return change([&] { return sqlite::postpone_subscription_start(database_, feed, until); });
  }
  auto subscription_start_postponed(const Feed& feed) -> Result<std::optional<DateTime>> override {
    return look([&] { return sqlite::subscription_start_postponed(database_, feed); });
  }
  auto record_untrusted(const Finding& finding) -> Result<> override {
    return change([&] { return sqlite::record_untrusted(database_, finding); });
  }

  auto take_work(const WorkQuery& query) -> Result<std::vector<WorkItem>> override;
  auto next_attempt(const std::string& tenant) -> Result<std::optional<DateTime>> override {
    return look([&] { return sqlite::next_attempt(database_, tenant); });
  }
  void release(std::span<const ContentKey> keys) override;
  auto record_collected(std::span<const CollectedContent> contents, DateTime now)
      -> Result<std::vector<CollectOutcome>> override;
  auto record_failure(const ContentKey& key, const Error& error, DateTime next_attempt)
      -> Result<> override {
    return finish(key, [&] { return sqlite::record_failure(database_, key, error, next_attempt); });
  }
  auto mark_expired(const ContentKey& key, const Error& error) -> Result<> override {
    return finish(key, [&] { return sqlite::give_up(database_, key, State::expired, error); });
  }
  auto quarantine(const ContentKey& key, const Error& error) -> Result<> override {
    return finish(key, [&] { return sqlite::give_up(database_, key, State::quarantined, error); });
  }
  auto retry_quarantined(const std::optional<std::string>& tenant)
      -> Result<std::uint64_t> override {
    return change([&] { return sqlite::retry_quarantined(database_, tenant); });
  }
  auto request_replay(const std::optional<std::string>& tenant) -> Result<std::uint64_t> override {
    return change([&] { return sqlite::request_replay(database_, tenant); });
  }
  auto forget_claims(DateTime now, std::chrono::hours horizon) -> Result<std::uint64_t> override;

  auto configure_destinations(std::span<const std::string> names) -> Result<> override {
    return change([&] { return sqlite::configure_destinations(database_, names); });
  }
  auto undelivered(std::string_view destination, std::size_t limit)
      -> Result<std::vector<Delivery>> override {
    return look([&] { return sqlite::undelivered(database_, destination, limit); });
  }
  auto mark_delivered(std::string_view destination, std::span<const Delivery> deliveries)
      -> Result<> override {
    return change([&] { return sqlite::mark_delivered(database_, destination, deliveries); });
  }
  auto reset_destination(std::string_view destination) -> Result<std::uint64_t> override {
    return change([&] { return sqlite::reset_destination(database_, destination); });
  }

  auto uncorrelated(std::size_t limit) -> Result<std::vector<Delivery>> override {
    return look([&] { return sqlite::uncorrelated(database_, limit); });
  }
  auto correlation_state(const std::function<auto(const StateItem&)->Result<>>& visit)
      -> Result<> override {
    return look([&] { return sqlite::correlation_state(database_, visit); });
  }
  auto correlation_state_of(std::string_view key) -> Result<std::string> override {
    return look([&] { return sqlite::correlation_state_of(database_, key); });
  }
  auto record_correlated(const Correlated& correlated, DateTime now) -> Result<> override {
    return change([&] { return sqlite::record_correlated(database_, correlated, now); });
  }
  auto correlated_until() -> Result<std::optional<DateTime>> override {
    return look([&] { return sqlite::correlated_until(database_); });
  }
  auto case_epoch() -> Result<std::string> override {
    return look([&] { return sqlite::case_epoch(database_); });
  }
  auto undelivered_cases(std::string_view destination, std::size_t limit)
      -> Result<std::vector<CaseVersion>> override {
    return look([&] { return sqlite::undelivered_cases(database_, destination, limit); });
  }
  auto mark_cases_delivered(std::string_view destination, std::uint64_t sequence)
      -> Result<> override {
    return change([&] { return sqlite::mark_cases_delivered(database_, destination, sequence); });
  }
  auto forget_cases(DateTime before) -> Result<std::uint64_t> override {
    return change([&] { return sqlite::forget_cases(database_, before); });
  }
  auto case_findings(std::size_t limit) -> Result<std::vector<CaseFinding>> override {
    return look([&] { return sqlite::case_findings(database_, limit); });
  }

  auto account(const std::optional<std::string>& tenant) -> Result<Account> override {
    return look([&] { return sqlite::account(database_, tenant); });
  }
  auto troubles(std::size_t limit) -> Result<std::vector<Trouble>> override {
    return look([&] { return sqlite::troubles(database_, limit); });
  }
  auto findings(std::size_t limit) -> Result<std::vector<Finding>> override {
    return look([&] { return sqlite::findings(database_, limit); });
  }
  auto remember(std::string_view name, std::string_view value) -> Result<> override {
    return change([&] { return sqlite::remember(database_, name, value); });
  }
  auto recall(std::string_view name) -> Result<std::optional<std::string>> override {
    return look([&] { return sqlite::recall(database_, name); });
  }

private:
  /// Runs `work` as one transaction of its own. The caller holds the mutex.
  template <class Work>
  auto transact(const Work& work) -> decltype(work()) {
    if (!lock_) {
      return Error{ErrorKind::invalid_input, "the ledger was opened for reading only"};
    }
    TRY(auto transaction, sqlite::Transaction::begin(database_));
    auto result = work();
    if (!result) {
      return result;
    }
    TRY_DO(transaction.commit());
    return result;
  }

  template <class Work>
  auto change(const Work& work) -> decltype(work()) {
    const std::lock_guard guard{mutex_};
    return transact(work);
  }

  /// A change that ends the hold on a piece of work.
  template <class Work>
  auto finish(const ContentKey& key, const Work& work) -> Result<> {
    const std::lock_guard guard{mutex_};
    TRY_DO(transact(work));
    taken_.erase(key);
    return {};
  }

  /// Reads in one snapshot.
  template <class Work>
  auto look(const Work& work) -> decltype(work()) {
    const std::lock_guard guard{mutex_};
    TRY_DO(database_.run("BEGIN"));
    auto result = work();
    // Ends a reading that failed as well; nothing was changed in either case.
    static_cast<void>(database_.run("ROLLBACK"));
    return result;
  }

  const std::optional<FileLock> lock_; ///< Nothing for a reader.
  std::mutex mutex_;
  Database database_;
  std::set<ContentKey> taken_; ///< Work that was handed out.
};

auto SqliteLedger::take_work(const WorkQuery& query) -> Result<std::vector<WorkItem>> {
  const std::lock_guard guard{mutex_};
  TRY(auto items, sqlite::due_work(database_, query, [&](const ContentKey& key) {
        return taken_.contains(key);
      }));
  for (const auto& item : items) {
    taken_.insert(item.key);
  }
  return items;
}

void SqliteLedger::release(std::span<const ContentKey> keys) {
  const std::lock_guard guard{mutex_};
  for (const auto& key : keys) {
    taken_.erase(key);
  }
}

auto SqliteLedger::record_collected(std::span<const CollectedContent> contents, DateTime now)
    -> Result<std::vector<CollectOutcome>> {
  const std::lock_guard guard{mutex_};
  TRY(auto outcomes, transact([&]() -> Result<std::vector<CollectOutcome>> {
        std::vector<CollectOutcome> all;
        for (const auto& content : contents) {
          TRY(auto outcome, sqlite::record_collected(database_, content, now));
          all.push_back(std::move(outcome));
        }
        return all;
      }));
  for (const auto& content : contents) {
    taken_.erase(content.key);
  }
  return outcomes;
}

auto SqliteLedger::forget_claims(DateTime now, std::chrono::hours horizon)
    -> Result<std::uint64_t> {
  const auto before = now - std::max(horizon, least_horizon);
  std::uint64_t ids = 0;
  while (true) {
    TRY(const auto forgotten,
        change([&] { return sqlite::forget_claims(database_, before, forget_batch); }));
    ids += forgotten.ids;
    if (forgotten.contents < forget_batch) {
      return ids;
    }
  }
}

auto lock_path(const std::filesystem::path& path) -> std::filesystem::path {
  return path.string() + ".lock";
}

/// Makes the file before SQLite does, so that it, and the side files that take its mode, are
/// private. Never once SQLite has it open: closing a second descriptor would drop SQLite's locks
/// (documented).
auto make_private(const std::filesystem::path& path) -> Result<> {
  TRY(const auto directory, Directory::make(path.parent_path()));
  const auto made = directory.create_file(path.filename().string());
  std::error_code unknown;
  if (!made && !std::filesystem::exists(path, unknown)) {
    return made.error();
  }
  return {};
}

/// Errors: corrupt with the first thing that SQLite found.
auto check_integrity(Database& database) -> Result<> {
  TRY(auto row, database.query("PRAGMA quick_check(1)"));
  TRY_DO(row.next());
  if (const auto found = row.text(0); found != "ok") {
    return Error{ErrorKind::corrupt, fmt::format("the ledger is damaged: {}", found)};
  }
  return {};
}

auto open_owner(const SqliteOptions& options) -> Result<std::unique_ptr<Ledger>> {
  TRY(auto parent, Directory::make(options.path.parent_path()));
  TRY(auto lock, FileLock::acquire(lock_path(options.path), "the ledger"));
  TRY_DO(make_private(options.path));
  TRY(auto database,
      Database::open(options.path, Database::Mode::read_write, options.busy_timeout));
  // FULL: a commit waits for the disk, which in WAL mode NORMAL would not. 1 MiB of cache.
  TRY_DO(database.script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
                         "PRAGMA cache_size = -1024; PRAGMA temp_store = MEMORY; "
                         "PRAGMA journal_size_limit = 67108864; PRAGMA trusted_schema = OFF"));
  TRY_DO(check_integrity(database));
  TRY_DO(sqlite::migrate(database));
  return std::make_unique<SqliteLedger>(std::move(database), std::move(lock));
}

auto open_reader(const SqliteOptions& options) -> Result<std::unique_ptr<Ledger>> {
  std::error_code unknown;
  if (!std::filesystem::exists(options.path, unknown)) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("there is no ledger {}", options.path.string())}
        .with_hint("`sluice run` makes it");
  }
  TRY(auto database, Database::open(options.path, Database::Mode::read_only, options.busy_timeout));
  TRY_DO(sqlite::check_version(database));
  return std::make_unique<SqliteLedger>(std::move(database), std::nullopt);
}

} // namespace

auto open_sqlite_ledger(const SqliteOptions& options) -> Result<std::unique_ptr<Ledger>> {
  auto absolute = options;
  absolute.path = std::filesystem::absolute(options.path);
  return options.access == Access::owner ? open_owner(absolute) : open_reader(absolute);
}

auto set_aside(const std::filesystem::path& path, DateTime now) -> Result<std::filesystem::path> {
  const auto absolute = std::filesystem::absolute(path);
  TRY(const auto directory, Directory::make(absolute.parent_path()));
  TRY(const auto lock, FileLock::acquire(lock_path(absolute), "the ledger"));
  auto moment = to_iso8601(now, 7);
  std::erase(moment, ':');
  auto target = absolute.parent_path() / "quarantine" /
                fmt::format("{}-{}", path.filename().string(), moment);
  TRY(const auto quarantine, Directory::make(target));
  // The database last: while it is there, a start finds it damaged and comes here again.
  for (const std::string_view suffix : {"-shm", "-wal", ""}) {
    const auto name = absolute.filename().string() + std::string{suffix};
    std::error_code unknown;
    if (std::filesystem::exists(absolute.parent_path() / name, unknown)) {
      TRY_DO(directory.rename(name, quarantine, name));
    }
  }
  TRY_DO(quarantine.sync());
  TRY_DO(directory.sync());
  return target;
}

} // namespace sluice::ledger

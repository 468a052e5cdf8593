// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "ledger/ledger_conformance.hpp"
#include "ledger/sqlite_ledger.hpp"
#include "ledger/temporary_ledger.hpp"

namespace sluice::ledger {
namespace {

namespace fs = std::filesystem;

class SqlitePlace final : public LedgerPlace {
public:
  auto open() -> std::unique_ptr<Ledger> override { return temporary_.open(); }

private:
  TemporaryLedger temporary_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite,
                         LedgerConformance,
                         testing::Values(LedgerMaker{
                             [] { return std::make_unique<SqlitePlace>(); }}),
                         [](const auto&) { return std::string{"sqlite"}; });

void execute(const fs::path& path, const char* sql) {
  sqlite3* connection = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &connection), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(connection, sql, nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(connection);
}

TEST(SqliteLedger, its_files_are_private) {
  const TemporaryLedger place;
  const auto ledger = place.open();
  ASSERT_TRUE(ledger->remember("a", "b"));
  for (const std::string_view suffix : {"", "-wal", "-shm", ".lock"}) {
    struct stat status{};
    ASSERT_EQ(::stat((place.path().string() + std::string{suffix}).c_str(), &status), 0) << suffix;
    EXPECT_EQ(status.st_mode & 0777U, 0600U) << suffix;
  }
}

TEST(SqliteLedger, a_second_owner_is_refused_with_a_reason) {
  const TemporaryLedger place;
  const auto ledger = place.open();
  const auto second = open_sqlite_ledger({.path = place.path()});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind(), ErrorKind::unavailable);
  EXPECT_NE(second.error().message().find("another process uses the ledger"), std::string::npos);
  EXPECT_EQ(set_aside(place.path(), noon).error().kind(), ErrorKind::unavailable);
}

TEST(SqliteLedger, a_reader_sees_what_the_owner_committed_and_changes_nothing) {
  const TemporaryLedger place;
  const SqliteOptions reading{.path = place.path(), .access = Access::reader};
  EXPECT_EQ(open_sqlite_ledger(reading).error().kind(), ErrorKind::invalid_input);
  const auto owner = place.open();
  const auto reader = open_sqlite_ledger(reading);
  ASSERT_TRUE(reader) << reader.error().message();
  ASSERT_TRUE(owner->remember("a", "b"));
  EXPECT_EQ((*reader)->recall("a").value(), "b");
  EXPECT_EQ((*reader)->remember("a", "c").error().kind(), ErrorKind::invalid_input);
  EXPECT_TRUE((*reader)->account(std::nullopt));
}

TEST(SqliteLedger, a_newer_ledger_is_refused_and_left_alone) {
  const TemporaryLedger place;
  place.open().reset();
  execute(place.path(), "PRAGMA user_version = 99");
  for (const auto access : {Access::owner, Access::reader}) {
    const auto ledger = open_sqlite_ledger({.path = place.path(), .access = access});
    ASSERT_FALSE(ledger);
    EXPECT_EQ(ledger.error().kind(), ErrorKind::invalid_input);
    EXPECT_NE(ledger.error().message().find("version 99"), std::string::npos);
  }
}

TEST(SqliteLedger, another_programs_database_is_refused_and_left_alone) {
  const TemporaryLedger place;
  execute(place.path(), "CREATE TABLE theirs (x)");
  EXPECT_EQ(open_sqlite_ledger({.path = place.path()}).error().kind(), ErrorKind::invalid_input);
  execute(place.path(), "INSERT INTO theirs VALUES (1)");
}

TEST(SqliteLedger, a_file_that_is_no_database_is_corrupt_and_can_be_set_aside) {
  const TemporaryLedger place;
  std::ofstream{place.path()} << std::string(10'000, 'x');
  EXPECT_EQ(open_sqlite_ledger({.path = place.path()}).error().kind(), ErrorKind::corrupt);
  const auto moved = set_aside(place.path(), noon);
  ASSERT_TRUE(moved);
  EXPECT_EQ(fs::file_size(*moved / place.path().filename()), 10'000U);
  EXPECT_TRUE(open_sqlite_ledger({.path = place.path()}));
}

TEST(SqliteLedger, damage_anywhere_is_found_or_harmless) {
  const TemporaryLedger place;
  {
    const auto ledger = place.open();
    std::vector<ListedContent> entries;
    for (int i = 0; i < 300; ++i) {
      entries.push_back({"content" + std::to_string(i), noon, noon + hours(1)});
    }
    ASSERT_TRUE(ledger->enter({general, entries, noon, noon}));
  }
  std::ifstream file{place.path(), std::ios::binary};
  const std::string whole{std::istreambuf_iterator<char>{file}, {}};
  constexpr std::size_t page_bytes = 4'096;
  int found = 0;
  for (std::size_t page = 0; page < whole.size(); page += page_bytes) {
    auto damaged = whole;
    std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(page), 200, '\x5A');
    std::ofstream{place.path(), std::ios::binary} << damaged;
    const auto ledger = open_sqlite_ledger({.path = place.path()});
    if (!ledger) {
      EXPECT_EQ(ledger.error().kind(), ErrorKind::corrupt) << ledger.error().message();
      ++found;
    }
  }
  EXPECT_GT(found, 3);
  std::ofstream{place.path(), std::ios::binary} << whole.substr(0, whole.size() / 2);
  EXPECT_EQ(open_sqlite_ledger({.path = place.path()}).error().kind(), ErrorKind::corrupt);
}

TEST(SqliteLedger, threads_share_it) {
  const TemporaryLedger place;
  const auto ledger = place.open();
  std::vector<ListedContent> entries;
  for (int i = 0; i < 100; ++i) {
    entries.push_back({std::to_string(i), noon, noon + hours(1)});
  }
  ASSERT_TRUE(ledger->enter({general, entries, noon, noon}));
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (auto items = ledger->take_work({std::nullopt, 3, noon}).value(); !items.empty();
             items = ledger->take_work({std::nullopt, 3, noon}).value()) {
          for (const auto& item : items) {
            const auto content = collected(item.key.content_id, 0, 2);
            EXPECT_TRUE(ledger->record_collected(std::span{&content, 1}, noon));
          }
        }
      });
    }
  }
  const auto feed = ledger->account(std::nullopt)->feeds[0];
  EXPECT_EQ(feed.waiting, 0U);
  EXPECT_EQ(feed.records.kept, 2U) << "each record has one owner";
  EXPECT_EQ(feed.records.duplicate, 198U);
}

} // namespace
} // namespace sluice::ledger

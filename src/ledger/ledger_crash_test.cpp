// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/sample_contents.hpp"
#include "ledger/temporary_ledger.hpp"

namespace sluice::ledger {
namespace {

/// Set in the process that `dies_at` starts: the ledger's path.
constexpr auto child_variable = "SLUICE_LEDGER_CRASH_PATH";
constexpr int contents = 6;
constexpr std::uint64_t records_each = 3;
/// Neighbours share one record.
constexpr std::uint64_t distinct_records = contents * (records_each - 1) + 1;

/// What the pipeline does, written so that it may be stopped anywhere and run again. Calls `done`
/// after each step that the ledger acknowledged.
template <class Done>
void run_to_the_end(Ledger& ledger, const Done& done) {
  std::vector<ListedContent> entries;
  for (int i = 0; i < contents; ++i) {
    entries.push_back({std::to_string(i), noon, noon + hours(i)});
  }
  ASSERT_TRUE(ledger.enter({general, entries, noon, noon + hours(1)}));
  done("entered");
  const std::vector<std::string> destinations = {"store"};
  ASSERT_TRUE(ledger.configure_destinations(destinations));
  const auto collect_and_deliver = [&] {
    const auto items = ledger.take_work({std::nullopt, 100, noon}).value();
    std::vector<CollectedContent> group;
    for (const auto& item : items) {
      const int first = std::stoi(item.key.content_id) * static_cast<int>(records_each - 1);
      group.push_back(collected(item.key.content_id, first, records_each));
      group.back().generation = item.generation;
    }
    ASSERT_TRUE(ledger.record_collected(group, noon));
    done("collected");
    const auto deliveries = ledger.undelivered("store", 100).value();
    ASSERT_TRUE(ledger.mark_delivered("store", deliveries));
    done("delivered");
  };
  collect_and_deliver();
  if (!ledger.recall("replayed").value()) {
    ASSERT_TRUE(ledger.request_replay(std::nullopt));
    ASSERT_TRUE(ledger.remember("replayed", "yes"));
    done("replayed");
  }
  collect_and_deliver();
}

/// The whole work once, noting each step that was acknowledged: on a ledger of its own, or on the
/// one that `dies_at` names when it starts this test in a process that is to die in it.
TEST(LedgerCrash, work_that_nobody_kills_comes_to_its_end) {
  const char* const given = std::getenv(child_variable);
  std::optional<TemporaryLedger> place;
  const auto path = given != nullptr ? std::string{given} : place.emplace().path().string();
  const auto ledger = open_sqlite_ledger({.path = path}).value();
  std::ofstream steps{path + ".steps"};
  run_to_the_end(*ledger, [&](const char* step) { steps << step << std::endl; });
  const auto feed = ledger->account(std::nullopt)->feeds.at(0);
  EXPECT_EQ(feed.delivered, contents);
  EXPECT_EQ(feed.records.kept, distinct_records);
}

#ifdef SLUICE_FAILPOINTS

/// Runs the test above in a new process that dies at a failpoint. True when it did.
auto dies_at(const TemporaryLedger& place, const std::string& plan) -> bool {
  const auto child = ::fork();
  if (child == 0) {
    ::setenv(child_variable, place.path().c_str(), 1);
    ::setenv("SLUICE_FAILPOINTS", plan.c_str(), 1);
    const std::array<const char*, 3> words = {
        "ledger_test",
        "--gtest_filter=LedgerCrash.work_that_nobody_kills_comes_to_its_end",
        nullptr};
    if (std::freopen("/dev/null", "w", stdout) != nullptr) {
      ::execv("/proc/self/exe", const_cast<char* const*>(words.data()));
    }
    ::_exit(127);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << plan;
  return WIFSIGNALED(status);
}

/// The equations hold, and nothing that was acknowledged is missing.
void check_promise(Ledger& ledger, const TemporaryLedger& place, const std::string& when) {
  const auto account = ledger.account(std::nullopt).value();
  std::ifstream file{place.path().string() + ".steps"};
  std::vector<std::string> steps;
  for (std::string step; file >> step;) {
    steps.push_back(step);
  }
  const auto reached = [&](const char* step) { return std::ranges::count(steps, step) > 0; };
  EXPECT_TRUE(!reached("entered") || account.feeds.size() == 1) << when;
  for (const auto& feed : account.feeds) {
    EXPECT_EQ(feed.entered, feed.delivered + feed.expired + feed.quarantined + feed.in_flight());
    EXPECT_EQ(feed.records.records,
              feed.records.kept + feed.records.dropped + feed.records.duplicate +
                  feed.records.quarantined)
        << when;
    EXPECT_TRUE(feed.entered == 0 || feed.entered == contents) << when << ": half a listing";
    EXPECT_EQ(feed.watermark.has_value(), feed.entered != 0) << when;
    if (reached("collected")) {
      EXPECT_EQ(feed.records.kept, distinct_records) << when;
    }
    if (reached("delivered") && feed.waiting == 0 && feed.collected == 0) {
      EXPECT_EQ(feed.delivered, contents) << when;
    }
  }
}

TEST(LedgerCrash, a_death_at_any_step_loses_nothing_and_doubles_nothing) {
  int deaths = 0;
  for (const std::string point : {"ledger.after_begin",
                                  "ledger.before_commit",
                                  "ledger.after_commit",
                                  "ledger.entries_before_watermark",
                                  "ledger.claims_before_counts",
                                  "ledger.delivery_before_state"}) {
    for (int visit = 1;; ++visit) {
      const TemporaryLedger place;
      const auto plan = point + "=kill@" + std::to_string(visit);
      if (!dies_at(place, plan)) {
        EXPECT_GT(visit, 1) << point << " is never visited";
        break;
      }
      ++deaths;
      const auto ledger = place.open();
      check_promise(*ledger, place, plan);
      run_to_the_end(*ledger, [](const char*) {});
      const auto feed = ledger->account(std::nullopt)->feeds.at(0);
      EXPECT_EQ(feed.delivered, contents) << plan;
      EXPECT_EQ(feed.records.kept, distinct_records) << plan;
      EXPECT_EQ(feed.records.duplicate, contents * records_each - distinct_records) << plan;
      EXPECT_EQ(ledger->account(std::nullopt)->rules.at(0).matched, contents * records_each);
    }
  }
  EXPECT_GT(deaths, 40);
}

#endif // SLUICE_FAILPOINTS

} // namespace
} // namespace sluice::ledger

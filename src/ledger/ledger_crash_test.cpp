// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "azure/azurite.hpp"
#include "http/curl_client.hpp"
#include "ledger/azure_ledger.hpp"
#include "ledger/sample_contents.hpp"
#include "ledger/temporary_ledger.hpp"

namespace sluice::ledger {
namespace {

/// Set in the process that `dies_at` starts: which ledger, and where it notes its steps.
constexpr auto child_place = "SLUICE_LEDGER_CRASH_PLACE";
constexpr auto child_steps = "SLUICE_LEDGER_CRASH_STEPS";
constexpr int contents = 6;
constexpr std::uint64_t records_each = 3;
/// Neighbours share one record.
constexpr std::uint64_t distinct_records = contents * (records_each - 1) + 1;

/// Until nothing waits, also what a process that died had taken.
void collect_all(Ledger& ledger) {
  while (ledger.next_attempt(general.tenant).value()) {
    const auto items = ledger.take_work({std::nullopt, 100, noon}).value();
    std::vector<CollectedContent> group;
    for (const auto& item : items) {
      const int first = std::stoi(item.key.content_id) * static_cast<int>(records_each - 1);
      group.push_back(collected(item.key.content_id, first, records_each));
      group.back().generation = item.generation;
    }
    ASSERT_TRUE(ledger.record_collected(group, noon));
  }
}

/// One case for each content, and so much state that no transaction of tables takes it.
void correlate_all(Ledger& ledger) {
  while (!ledger.lead("correlate").value()) {
  }
  const auto waiting = ledger.uncorrelated(100).value();
  std::vector<NewCase> cases;
  std::vector<StateItem> state;
  for (const auto& content : waiting) {
    cases.push_back({"contoso", content.key.content_id, "{}"});
  }
  for (int i = 0; i < 100 && !waiting.empty(); ++i) {
    state.push_back({std::to_string(i), "x"});
  }
  ASSERT_TRUE(ledger.record_correlated(
      {.contents = waiting, .state = state, .cases = cases, .findings = {}}, noon));
}

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
    collect_all(ledger);
    done("collected");
    correlate_all(ledger);
    done("correlated");
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

/// Everything is delivered, and nothing twice.
void expect_the_end(Ledger& ledger, const std::string& when) {
  const auto account = ledger.account(std::nullopt).value();
  const auto& feed = account.feeds.at(0);
  EXPECT_EQ(feed.delivered, contents) << when;
  EXPECT_EQ(feed.records.kept, distinct_records) << when;
  EXPECT_EQ(feed.records.duplicate, contents * records_each - distinct_records) << when;
  EXPECT_EQ(account.rules.at(0).matched, contents * records_each) << when;
  const auto cases = ledger.undelivered_cases("store", 100).value();
  EXPECT_EQ(cases.size(), contents) << when;
  EXPECT_TRUE(std::ranges::all_of(cases, [](const auto& told) { return told.version == 1; }))
      << when;
}

/// Where a ledger is that several processes open one after another, and how it is named to them.
class CrashPlace {
public:
  explicit CrashPlace(std::string name) : name_{std::move(name)} {}

  [[nodiscard]] auto name() const -> const std::string& { return name_; }
  [[nodiscard]] auto open() const -> std::unique_ptr<Ledger> {
    if (!name_.starts_with("http")) {
      return open_sqlite_ledger({.path = name_}).value();
    }
    static SystemClock clock;
    static const auto client = *http::CurlClient::create({});
    std::istringstream words{name_};
    std::string url;
    std::string ledger;
    std::string claims;
    words >> url >> ledger >> claims;
    const azure::StorageResource service{*client,
                                         clock,
                                         azure::StorageService::table,
                                         http::Url::parse(url).value(),
                                         azure::Azurite::key_authorization()};
    return open_azure_ledger({{service, ledger}, {service, claims}},
                             clock,
                             {.silence = std::chrono::milliseconds{150}})
        .value();
  }

private:
  std::string name_;
};

/// The whole work once, noting each step that was acknowledged: on a ledger of its own, or on the
/// one that `dies_at` names when it starts this test in a process that is to die in it.
TEST(LedgerCrash, work_that_nobody_kills_comes_to_its_end) {
  const char* const given = std::getenv(child_place);
  const TemporaryLedger own;
  const CrashPlace place{given != nullptr ? std::string{given} : own.path().string()};
  const char* const noted = std::getenv(child_steps);
  std::ofstream steps{noted != nullptr ? std::string{noted} : own.path().string() + ".steps"};
  const auto ledger = place.open();
  run_to_the_end(*ledger, [&](const char* step) { steps << step << std::endl; });
  expect_the_end(*ledger, "once");
}

#ifdef SLUICE_FAILPOINTS

/// Runs the test above in a new process that dies at a failpoint. True when it did.
auto dies_at(const CrashPlace& place, const std::string& steps, const std::string& plan) -> bool {
  const auto child = ::fork();
  if (child == 0) {
    ::setenv(child_place, place.name().c_str(), 1);
    ::setenv(child_steps, steps.c_str(), 1);
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
/// `whole_listings`: a listing is entered at once, or not at all.
void check_promise(Ledger& ledger,
                   const std::string& noted,
                   bool whole_listings,
                   const std::string& when) {
  const auto account = ledger.account(std::nullopt).value();
  std::ifstream file{noted};
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
    EXPECT_TRUE(!whole_listings || feed.entered == 0 || feed.entered == contents) << when;
    EXPECT_TRUE(!whole_listings || feed.watermark.has_value() == (feed.entered != 0)) << when;
    EXPECT_TRUE(!feed.watermark || feed.entered == contents) << when << ": half a listing";
    if (reached("collected")) {
      EXPECT_EQ(feed.records.kept, distinct_records) << when;
    }
    if (reached("delivered") && feed.waiting == 0 && feed.collected == 0) {
      EXPECT_EQ(feed.delivered, contents) << when;
    }
  }
}

/// Dies at every `stride`-th visit of the point, each time on a new ledger, and goes on from there.
/// Returns the deaths.
auto die_everywhere(const std::string& point,
                    int stride,
                    const std::function<auto(const TemporaryLedger&)->CrashPlace>& make_place)
    -> int {
  int deaths = 0;
  for (int visit = 1;; visit += stride) {
    const TemporaryLedger directory;
    const auto place = make_place(directory);
    const auto steps = directory.path().string() + ".steps";
    const auto plan = point + "=kill@" + std::to_string(visit);
    if (!dies_at(place, steps, plan)) {
      EXPECT_GT(visit, 1) << point << " is never visited";
      return deaths;
    }
    ++deaths;
    const auto ledger = place.open();
    check_promise(*ledger, steps, !place.name().starts_with("http"), plan);
    run_to_the_end(*ledger, [](const char*) {});
    expect_the_end(*ledger, plan);
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
    deaths += die_everywhere(
        point, 1, [](const auto& directory) { return CrashPlace{directory.path().string()}; });
  }
  EXPECT_GT(deaths, 40);
}

TEST(LedgerCrash, a_death_between_any_changes_of_tables_loses_nothing_and_doubles_nothing) {
  const auto in_tables = [](const auto&) {
    return CrashPlace{azure::Azurite::shared().account().table.text() + " " +
                      azure::Azurite::fresh_name() + " " + azure::Azurite::fresh_name()};
  };
  int deaths = die_everywhere("ledger.table_changed", 2, in_tables);
  for (const std::string point :
       {"ledger.claims_announced", "ledger.claims_before_counts", "ledger.cases_before_position"}) {
    deaths += die_everywhere(point, 1, in_tables);
  }
  EXPECT_GT(deaths, 15);
}

#endif // SLUICE_FAILPOINTS

} // namespace
} // namespace sluice::ledger

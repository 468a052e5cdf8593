// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <thread>

#include <gtest/gtest.h>

#include "azure/azurite.hpp"
#include "ledger/azure_ledger.hpp"
#include "ledger/ledger_conformance.hpp"

namespace sluice::ledger {
namespace {

class AzurePlace final : public LedgerPlace {
public:
  auto open() -> std::unique_ptr<Ledger> override {
    return open_azure_ledger(place_, clock_).value();
  }

private:
  SystemClock clock_;
  const AzureLedgerPlace place_{azure::Azurite::shared().table(), azure::Azurite::shared().table()};
};

INSTANTIATE_TEST_SUITE_P(Azure,
                         LedgerConformance,
                         testing::Values(LedgerMaker{
                             [] { return std::make_unique<AzurePlace>(); }}),
                         [](const auto&) { return std::string{"azure"}; });

/// Several workers on one ledger. None of them beats while a test runs, so the clock alone says
/// when one is taken for dead.
class ManyWorkers : public testing::Test {
protected:
  static constexpr std::chrono::hours silence{1};

  auto open(std::uint32_t most_takings = 10) -> std::unique_ptr<Ledger> {
    return open_azure_ledger(place_, clock_, {.silence = silence, .most_takings = most_takings})
        .value();
  }
  void list(Ledger& ledger, int count) {
    std::vector<ListedContent> entries;
    for (int i = 0; i < count; ++i) {
      entries.push_back({std::to_string(i), noon, noon + hours(24 * 7)});
    }
    ASSERT_TRUE(ledger.enter({general, entries, noon, std::nullopt}));
  }
  static auto take(Ledger& ledger, std::size_t limit = 100) -> std::vector<WorkItem> {
    return ledger.take_work({std::nullopt, limit, noon}).value();
  }
  static auto record(Ledger& ledger, const CollectedContent& content) -> CollectOutcome {
    return ledger.record_collected(std::span{&content, 1}, noon).value()[0];
  }
  /// Makes `observer` take all who were silent so far for dead.
  void bury_the_silent(Ledger& observer) {
    EXPECT_TRUE(take(observer).empty());
    clock_.advance(silence * 2);
  }

  ManualClock clock_{noon};
  const AzureLedgerPlace place_{azure::Azurite::shared().table(), azure::Azurite::shared().table()};
};

TEST_F(ManyWorkers, share_the_work_and_the_records) {
  constexpr int contents = 60;
  const auto first = open();
  list(*first, contents);
  std::mutex mutex;
  std::map<std::string, int> taken;
  {
    std::vector<std::jthread> threads;
    for (int worker = 0; worker < 3; ++worker) {
      threads.emplace_back([&] {
        const auto ledger = open();
        for (auto items = take(*ledger, 7); !items.empty(); items = take(*ledger, 7)) {
          std::vector<CollectedContent> group;
          for (const auto& item : items) {
            // Neighbours share a record.
            group.push_back(collected(item.key.content_id, std::stoi(item.key.content_id) * 2, 3));
            const std::lock_guard lock{mutex};
            ++taken[item.key.content_id];
          }
          EXPECT_TRUE(ledger->record_collected(group, noon));
        }
      });
    }
  }
  EXPECT_EQ(taken.size(), contents);
  EXPECT_TRUE(std::ranges::all_of(taken, [](const auto& each) { return each.second == 1; }));
  const auto feed = first->account(std::nullopt)->feeds.at(0);
  EXPECT_EQ(feed.waiting, 0U);
  EXPECT_EQ(feed.records.kept, 2U * contents + 1);
  EXPECT_EQ(feed.records.duplicate, contents - 1U);
}

TEST_F(ManyWorkers, a_silent_one_loses_its_work_and_what_it_still_records_is_refused) {
  const auto silent = open();
  const auto other = open();
  list(*silent, 1);
  ASSERT_EQ(take(*silent).size(), 1U);
  bury_the_silent(*other);
  ASSERT_EQ(take(*other).size(), 1U);
  EXPECT_FALSE(record(*silent, collected("0", 0, 2)).recorded);
  EXPECT_EQ(other->account(std::nullopt)->feeds.at(0).waiting, 1U);
  ASSERT_TRUE(silent->record_failure({general, "0"}, {ErrorKind::unavailable, "500"}, noon));
  EXPECT_TRUE(other->troubles(10)->empty()) << "the other is at work on it";
  EXPECT_TRUE(record(*other, collected("0", 0, 2)).recorded);
  const auto late = record(*silent, collected("0", 0, 2));
  EXPECT_TRUE(late.recorded) << "it is as both wanted it";
  EXPECT_EQ(other->account(std::nullopt)->feeds.at(0).records.kept, 2U);
}

TEST_F(ManyWorkers, work_of_one_that_ends_in_order_is_free_at_once) {
  auto one = open();
  const auto two = open();
  list(*one, 1);
  ASSERT_EQ(take(*one).size(), 1U);
  EXPECT_TRUE(take(*two).empty());
  one.reset();
  EXPECT_EQ(take(*two).size(), 1U);
}

TEST_F(ManyWorkers, what_kills_every_worker_is_quarantined) {
  const auto last = open(2);
  list(*last, 1);
  std::vector<std::unique_ptr<Ledger>> silent;
  for (int death = 0; death < 2; ++death) {
    silent.push_back(open(2));
    if (death != 0) {
      bury_the_silent(*silent.back());
    }
    ASSERT_EQ(take(*silent.back()).size(), 1U);
  }
  bury_the_silent(*last);
  EXPECT_TRUE(take(*last).empty());
  const auto troubles = last->troubles(10).value();
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_EQ(troubles[0].state, State::quarantined);
  EXPECT_NE(troubles[0].reason.find("2 workers in a row"), std::string::npos) << troubles[0].reason;
}

TEST_F(ManyWorkers, one_leads_until_it_ends_or_falls_silent) {
  auto one = open();
  const auto two = open();
  const auto three = open();
  EXPECT_EQ(one->lead("deliver/store"), true);
  EXPECT_EQ(one->lead("deliver/store"), true);
  EXPECT_EQ(two->lead("deliver/store"), false);
  EXPECT_EQ(two->lead("deliver/siem"), true) << "another role";
  one.reset();
  EXPECT_EQ(two->lead("deliver/store"), true);
  EXPECT_EQ(three->lead("deliver/store"), false);
  clock_.advance(silence * 2);
  EXPECT_EQ(three->lead("deliver/store"), true);
  EXPECT_EQ(two->lead("deliver/store"), false);
}

TEST_F(ManyWorkers, a_leader_who_was_succeeded_records_no_cases) {
  const auto former = open();
  const auto leader = open();
  const NewCase told{"o", "a", "1"};
  const Correlated step{.contents = {}, .state = {}, .cases = {&told, 1}, .findings = {}};
  ASSERT_EQ(former->lead("correlate"), true);
  ASSERT_TRUE(former->record_correlated(step, noon));
  EXPECT_EQ(leader->record_correlated(step, noon).error().kind(), ErrorKind::unavailable);
  clock_.advance(silence * 2);
  ASSERT_EQ(leader->lead("correlate"), true);
  ASSERT_TRUE(leader->record_correlated(step, noon));
  EXPECT_EQ(former->record_correlated(step, noon).error().kind(), ErrorKind::unavailable);
  EXPECT_EQ(leader->undelivered_cases("store", 10)->size(), 2U);
}

TEST_F(ManyWorkers, a_step_larger_than_a_transaction_is_recorded_as_a_whole) {
  const auto ledger = open();
  std::vector<StateItem> items;
  std::vector<NewCase> cases;
  for (int i = 0; i < 120; ++i) {
    items.push_back({"key" + std::to_string(i), std::string(30'000, static_cast<char>(i))});
    cases.push_back({"o", "case" + std::to_string(i % 100), std::to_string(i)});
  }
  ASSERT_TRUE(ledger->record_correlated(
      {.contents = {}, .state = items, .cases = cases, .findings = {}}, noon));
  for (auto& item : items) {
    item.value.clear();
  }
  items[7].value = "left";
  ASSERT_TRUE(ledger->record_correlated(
      {.contents = {}, .state = items, .cases = {}, .findings = {}}, noon));
  std::map<std::string, std::string> state;
  ASSERT_TRUE(ledger->correlation_state([&](const StateItem& item) -> Result<> {
    state.emplace(item.key, item.value);
    return {};
  }));
  EXPECT_EQ(state, (std::map<std::string, std::string>{{"key7", "left"}}));
  const auto versions = ledger->undelivered_cases("store", 1'000).value();
  ASSERT_EQ(versions.size(), 120U);
  for (std::size_t i = 0; i < versions.size(); ++i) {
    EXPECT_EQ(versions[i].sequence, i + 1);
    EXPECT_EQ(versions[i].row, std::to_string(i));
    EXPECT_EQ(versions[i].version, i < 100 ? 1U : 2U);
  }
}

/// Loses its way to the rows whose address has `part`, while there is one.
class BrokenWay final : public http::HttpClient {
public:
  explicit BrokenWay(http::HttpClient& inner) : inner_{inner} {}
  auto stream(const http::Request& request, http::BodySink& sink, const std::stop_token& stop)
      -> Result<http::ResponseHead> override {
    if (!part.empty() && request.url.text().find(part) != std::string::npos) {
      return Error{ErrorKind::unavailable, "the connection broke"};
    }
    return inner_.stream(request, sink, stop);
  }

  std::string part;

private:
  http::HttpClient& inner_;
};

TEST_F(ManyWorkers, what_was_decided_is_carried_out_before_the_next_step_however_often_that_fails) {
  auto& azurite = azure::Azurite::shared();
  BrokenWay way{azurite.client()};
  SystemClock clock;
  const azure::StorageResource tables{way,
                                      clock,
                                      azure::StorageService::table,
                                      azurite.account().table,
                                      azure::Azurite::key_authorization(),
                                      {.retry = {.most_retries = 0}}};
  const auto ledger = open_azure_ledger({azure::Table{tables, azure::Azurite::fresh_name()},
                                         azure::Table{tables, azure::Azurite::fresh_name()}},
                                        clock_,
                                        {.silence = silence})
                          .value();
  std::vector<NewCase> cases;
  for (int i = 0; i < 120; ++i) {
    cases.push_back({"o", "case" + std::to_string(i), "row"});
  }
  const NewCase last{"o", "last", "row"};
  const Correlated next{.contents = {}, .state = {}, .cases = {&last, 1}, .findings = {}};
  way.part = "journal";
  EXPECT_FALSE(ledger->record_correlated(
      {.contents = {}, .state = {}, .cases = cases, .findings = {}}, noon));
  EXPECT_FALSE(ledger->record_correlated(next, noon));
  EXPECT_FALSE(ledger->record_correlated(next, noon));
  way.part.clear();
  ASSERT_TRUE(ledger->record_correlated(next, noon));
  const auto versions = ledger->undelivered_cases("store", 1'000).value();
  ASSERT_EQ(versions.size(), 121U);
  EXPECT_EQ(versions.back().case_id, "last");
}

TEST_F(ManyWorkers, many_records_of_one_content_are_owned_once) {
  const auto ledger = open();
  list(*ledger, 2);
  EXPECT_TRUE(record(*ledger, collected("0", 0, 500)).duplicates.empty());
  const auto outcome = record(*ledger, collected("1", 300, 500));
  EXPECT_EQ(outcome.duplicates.size(), 200U);
  EXPECT_EQ(outcome.duplicates.back(), 199U);
  ASSERT_TRUE(ledger->configure_destinations(std::vector<std::string>{"store"}));
  EXPECT_EQ(ledger->undelivered("store", 10)->back().duplicates, outcome.duplicates);
}

} // namespace
} // namespace sluice::ledger

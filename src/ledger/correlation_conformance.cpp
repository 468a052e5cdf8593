// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ledger/ledger_conformance.hpp"

/// What every `Ledger` must do for the correlate stage.
namespace sluice::ledger {

using CaseState = std::map<std::string, std::string>;

inline auto state_in(Ledger& ledger) -> CaseState {
  CaseState all;
  EXPECT_TRUE(ledger.correlation_state([&](const StateItem& item) -> Result<> {
    all.emplace(item.key, item.value);
    return {};
  }));
  return all;
}

/// `case-a/1 row` of each version that the destination does not have.
inline auto undelivered_versions(Ledger& ledger, std::string_view destination)
    -> std::vector<std::string> {
  std::vector<std::string> texts;
  const auto versions = ledger.undelivered_cases(destination, 100).value();
  for (const auto& each : versions) {
    texts.push_back(each.case_id + "/" + std::to_string(each.version) + " " + each.row);
  }
  return texts;
}

TEST_P(LedgerConformance, contents_with_staged_objects_are_correlated_once) {
  list({"a", "nothing", "b"});
  record(collected("b", 0, 2));
  record(collected("nothing", 9, 0));
  record(collected("a", 4, 2));
  const auto waiting = ledger_->uncorrelated(10).value();
  ASSERT_EQ(waiting.size(), 2U);
  EXPECT_EQ(waiting[0].key.content_id, "a");
  EXPECT_EQ(waiting[1].staged->name, "staged/b");
  ASSERT_TRUE(ledger_->record_correlated(
      {.contents = {&waiting[0], 1}, .state = {}, .cases = {}, .findings = {}}, noon));
  ASSERT_EQ(ledger_->uncorrelated(10)->size(), 1U);
  EXPECT_EQ(ledger_->uncorrelated(10)->front().key.content_id, "b");
}

TEST_P(LedgerConformance, what_is_delivered_is_still_to_be_correlated) {
  destinations({"store"});
  list({"a"});
  record(collected("a", 0, 2));
  deliver_all("store");
  EXPECT_EQ(ledger_->uncorrelated(10)->size(), 1U);
}

TEST_P(LedgerConformance, state_is_replaced_and_forgotten_by_key) {
  const std::vector<StateItem> first{{"a", "1"}, {"b", std::string{"x\0y", 3}}};
  const std::vector<StateItem> second{{"a", "2"}, {"b", ""}, {"never", ""}};
  ASSERT_TRUE(ledger_->record_correlated(
      {.contents = {}, .state = first, .cases = {}, .findings = {}}, noon));
  EXPECT_EQ(state_in(*ledger_), (CaseState{{"a", "1"}, {"b", std::string{"x\0y", 3}}}));
  EXPECT_EQ(ledger_->correlation_state_of("b").value(), (std::string{"x\0y", 3}));
  ASSERT_TRUE(ledger_->record_correlated(
      {.contents = {}, .state = second, .cases = {}, .findings = {}}, noon));
  EXPECT_EQ(state_in(*ledger_), (CaseState{{"a", "2"}}));
  EXPECT_EQ(ledger_->correlation_state_of("a").value(), "2");
  EXPECT_EQ(ledger_->correlation_state_of("b").value(), "");
}

/// Bytes of all kinds, of which no two parts are the same.
inline auto large_value(std::size_t bytes) -> std::string {
  std::string value(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i) {
    value[i] = static_cast<char>(i * i / 7 + i / 977);
  }
  return value;
}

TEST_P(LedgerConformance, state_of_any_size_is_kept_whole_replaced_and_forgotten) {
  for (const std::size_t bytes : {200'000U, 200'001U, 3'000'000U, 450'000U, 10U, 700'000U}) {
    const std::vector<StateItem> items{{"large", large_value(bytes)}, {"small", "s"}};
    ASSERT_TRUE(ledger_->record_correlated(
        {.contents = {}, .state = items, .cases = {}, .findings = {}}, noon));
    EXPECT_TRUE(state_in(*ledger_) == (CaseState{{"large", items[0].value}, {"small", "s"}}))
        << bytes;
    EXPECT_TRUE(ledger_->correlation_state_of("large").value() == items[0].value) << bytes;
  }
  const StateItem gone{"large", ""};
  ASSERT_TRUE(ledger_->record_correlated(
      {.contents = {}, .state = {&gone, 1}, .cases = {}, .findings = {}}, noon));
  EXPECT_EQ(state_in(*ledger_), (CaseState{{"small", "s"}}));
}

TEST_P(LedgerConformance, cases_of_any_size_are_kept_whole_and_forgotten) {
  destinations({"store"});
  const std::vector<NewCase> told{{"o", "a", large_value(900'000)}, {"o", "a", "2"}};
  ASSERT_TRUE(ledger_->record_correlated(
      {.contents = {}, .state = {}, .cases = told, .findings = {}}, noon));
  const auto versions = ledger_->undelivered_cases("store", 10).value();
  ASSERT_EQ(versions.size(), 2U);
  EXPECT_TRUE(versions[0].row == told[0].row);
  EXPECT_EQ(versions[1].row, "2");
  ASSERT_TRUE(ledger_->mark_cases_delivered("store", versions[1].sequence));
  EXPECT_EQ(ledger_->forget_cases(noon + hours(1)).value(), 1U);
}

TEST_P(LedgerConformance, versions_are_counted_for_each_case) {
  destinations({"store"});
  const std::vector<NewCase> told{{"o", "a", "1"}, {"o", "b", "2"}, {"o", "a", "3"}};
  ASSERT_TRUE(ledger_->record_correlated(
      {.contents = {}, .state = {}, .cases = told, .findings = {}}, noon));
  EXPECT_EQ(undelivered_versions(*ledger_, "store"), (Ids{"a/1 1", "b/1 2", "a/2 3"}));
  ASSERT_TRUE(ledger_->mark_cases_delivered(
      "store", ledger_->undelivered_cases("store", 2)->back().sequence));
  EXPECT_EQ(undelivered_versions(*ledger_, "store"), (Ids{"a/2 3"}));
}

TEST_P(LedgerConformance, nothing_of_a_step_is_recorded_when_a_part_of_it_cannot_be) {
  destinations({"store"});
  Delivery unknown;
  unknown.key = {general, "unknown"};
  const StateItem item{"a", "1"};
  const NewCase told{"o", "a", "1"};
  const auto recorded = ledger_->record_correlated(
      {.contents = {&unknown, 1}, .state = {&item, 1}, .cases = {&told, 1}, .findings = {}}, noon);
  EXPECT_EQ(recorded.error().kind(), ErrorKind::invalid_input);
  EXPECT_TRUE(state_in(*ledger_).empty());
  EXPECT_TRUE(undelivered_versions(*ledger_, "store").empty());
}

TEST_P(LedgerConformance, a_rebuilt_destination_gets_every_version_again) {
  destinations({"store"});
  const NewCase told{"o", "a", "1"};
  ASSERT_TRUE(ledger_->record_correlated(
      {.contents = {}, .state = {}, .cases = {&told, 1}, .findings = {}}, noon));
  ASSERT_TRUE(ledger_->mark_cases_delivered("store", 1));
  ASSERT_TRUE(ledger_->reset_destination("store"));
  EXPECT_EQ(undelivered_versions(*ledger_, "store"), (Ids{"a/1 1"}));
}

TEST_P(LedgerConformance, a_replay_begins_a_new_epoch_without_state) {
  destinations({"store"});
  list({"a"});
  record(collected("a", 0, 2));
  const auto epoch = ledger_->case_epoch().value();
  EXPECT_FALSE(epoch.empty());
  const auto waiting = ledger_->uncorrelated(10).value();
  const StateItem item{"a", "1"};
  const NewCase told{"o", "a", "1"};
  ASSERT_TRUE(ledger_->record_correlated(
      {.contents = waiting, .state = {&item, 1}, .cases = {&told, 1}, .findings = {}}, noon));
  ASSERT_TRUE(ledger_->request_replay(std::nullopt));
  EXPECT_NE(ledger_->case_epoch().value(), epoch);
  EXPECT_TRUE(state_in(*ledger_).empty());
  EXPECT_TRUE(undelivered_versions(*ledger_, "store").empty());
  auto again = collected("a", 0, 2);
  again.generation = 1;
  record(again);
  EXPECT_EQ(ledger_->uncorrelated(10)->size(), 1U);
}

TEST_P(LedgerConformance, only_versions_that_have_a_newer_one_are_forgotten) {
  destinations({"store"});
  const std::vector<NewCase> told{{"o", "a", "1"}, {"o", "a", "2"}, {"o", "b", "3"}};
  ASSERT_TRUE(ledger_->record_correlated(
      {.contents = {}, .state = {}, .cases = told, .findings = {}}, noon));
  EXPECT_EQ(ledger_->forget_cases(noon + hours(1)).value(), 0U) << "not delivered yet";
  ASSERT_TRUE(ledger_->mark_cases_delivered("store", 3));
  EXPECT_EQ(ledger_->forget_cases(noon).value(), 0U) << "not old enough";
  EXPECT_EQ(ledger_->forget_cases(noon + hours(1)).value(), 1U);
  ASSERT_TRUE(ledger_->record_correlated(
      {.contents = {}, .state = {}, .cases = {&told[0], 1}, .findings = {}}, noon));
  EXPECT_EQ(undelivered_versions(*ledger_, "store"), (Ids{"a/3 1"}));
}

TEST_P(LedgerConformance, findings_are_counted_together) {
  const std::vector<CaseFinding> found{{.kind = "k", .text = "t"}, {.kind = "k", .text = "u"}};
  ASSERT_TRUE(ledger_->record_correlated(
      {.contents = {}, .state = {}, .cases = {}, .findings = found}, noon));
  ASSERT_TRUE(ledger_->record_correlated(
      {.contents = {}, .state = {}, .cases = {}, .findings = {&found[1], 1}}, noon + hours(1)));
  const auto findings = ledger_->case_findings(10).value();
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].text, "u");
  EXPECT_EQ(findings[0].times, 2U);
  EXPECT_EQ(findings[0].last_seen, noon + hours(1));
}

TEST_P(LedgerConformance, time_stands_at_the_first_content_that_is_not_correlated) {
  EXPECT_EQ(ledger_->correlated_until().value(), std::nullopt);
  const std::vector<ListedContent> entries{{"a", noon, noon + hours(170)},
                                           {"b", noon + hours(1), noon + hours(170)}};
  ASSERT_TRUE(ledger_->enter({general, entries, noon + hours(2), noon + hours(2)}));
  EXPECT_EQ(ledger_->correlated_until().value(), noon);
  record(collected("a", 0, 2));
  EXPECT_EQ(ledger_->correlated_until().value(), noon) << "collected, not correlated";
  const auto waiting = ledger_->uncorrelated(10).value();
  ASSERT_TRUE(ledger_->record_correlated(
      {.contents = waiting, .state = {}, .cases = {}, .findings = {}}, noon));
  EXPECT_EQ(ledger_->correlated_until().value(), noon + hours(1));
  record(collected("b", 5, 0));
  EXPECT_EQ(ledger_->correlated_until().value(), noon + hours(2));
}

TEST_P(LedgerConformance, content_that_nobody_can_collect_any_more_holds_no_time_back) {
  const std::vector<ListedContent> entries{{"a", noon, noon + hours(168)}};
  ASSERT_TRUE(ledger_->enter({general, entries, noon, noon + hours(200)}));
  EXPECT_EQ(ledger_->correlated_until().value(), noon + hours(200));
}

} // namespace sluice::ledger

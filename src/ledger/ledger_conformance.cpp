// SPDX-License-Identifier: Apache-2.0
#include "ledger/ledger_conformance.hpp"

/// Listing, collecting, and what becomes of a content.
namespace sluice::ledger {

// --- discover

TEST_P(LedgerConformance, an_id_is_entered_once) {
  const auto first = list({"a", "b"});
  EXPECT_EQ(first.added, 2U);
  const auto again = list({"a", "b", "c"});
  EXPECT_EQ(again.added, 1U);
  EXPECT_EQ(again.known, 2U);
  EXPECT_EQ(list({"a"}, exchange).added, 1U) << "ids are unique within a feed only";
  EXPECT_EQ(list({"a"}, elsewhere).added, 1U);
  EXPECT_EQ(general_account().entered, 3U);
}

TEST_P(LedgerConformance, the_watermark_moves_with_a_complete_window_and_never_back) {
  EXPECT_EQ(ledger_->watermark(general).value(), std::nullopt);
  list({"a"});
  EXPECT_EQ(ledger_->watermark(general).value(), std::nullopt);
  for (const auto hour : {3, 1}) {
    ASSERT_TRUE(ledger_->enter({general, {}, noon, noon + hours(hour)}));
    EXPECT_EQ(ledger_->watermark(general).value(), noon + hours(3));
  }
  EXPECT_EQ(ledger_->watermark(exchange).value(), std::nullopt);
  reopen();
  EXPECT_EQ(ledger_->watermark(general).value(), noon + hours(3));
}

TEST_P(LedgerConformance, a_new_content_from_before_the_watermark_is_late) {
  list({"a"});
  ASSERT_TRUE(ledger_->enter({general, {}, noon, noon + hours(1)}));
  const auto report = list({"a", "on_time", "late"});
  EXPECT_EQ(report.late, 0U) << "noon + 1 h is not before the watermark";
  const std::vector<ListedContent> entries = {{"x", noon - hours(1), noon}};
  EXPECT_EQ(ledger_->enter({general, entries, noon, std::nullopt})->late, 1U);
  EXPECT_EQ(ledger_->enter({general, entries, noon, std::nullopt})->late, 0U) << "known by now";
  EXPECT_EQ(general_account().late, 1U);
}

TEST_P(LedgerConformance, a_postponed_subscription_start_is_remembered) {
  EXPECT_EQ(ledger_->subscription_start_postponed(general).value(), std::nullopt);
  ASSERT_TRUE(ledger_->postpone_subscription_start(general, noon));
  reopen();
  EXPECT_EQ(ledger_->subscription_start_postponed(general).value(), noon);
  EXPECT_EQ(ledger_->subscription_start_postponed(exchange).value(), std::nullopt);
}

TEST_P(LedgerConformance, untrusted_entries_are_counted_and_bounded) {
  const Finding finding{
      general, "https://evil.example/" + std::string(5'000, 'x'), "host", noon, 1};
  ASSERT_TRUE(ledger_->record_untrusted(finding));
  ASSERT_TRUE(ledger_->record_untrusted(finding));
  auto other = finding;
  other.entry = "later";
  other.last_seen = noon + hours(1);
  ASSERT_TRUE(ledger_->record_untrusted(other));
  const auto kept = ledger_->findings(10).value();
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].entry, "later");
  EXPECT_EQ(kept[1].times, 2U);
  EXPECT_EQ(kept[1].entry.size(), 2'048U);
  EXPECT_EQ(ledger_->account(std::nullopt)->untrusted, 3U);
}

// --- collect

TEST_P(LedgerConformance, work_is_handed_out_once_by_expiration_until_released_or_restarted) {
  list({"a", "b", "c"});
  EXPECT_EQ(take(2), (Ids{"a", "b"}));
  EXPECT_EQ(take(), Ids{"c"});
  EXPECT_EQ(take(), Ids{});
  ledger_->release(std::vector<ContentKey>{{general, "b"}});
  EXPECT_EQ(take(), Ids{"b"});
  reopen();
  EXPECT_EQ(take(), (Ids{"a", "b", "c"}));
}

TEST_P(LedgerConformance, work_of_one_tenant_leaves_the_others) {
  list({"a"});
  list({"b"}, elsewhere);
  const auto items = ledger_->take_work({elsewhere.tenant, 10, noon}).value();
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].key, (ContentKey{elsewhere, "b"}));
  EXPECT_EQ(items[0].created, noon);
  EXPECT_EQ(items[0].expiration, noon + hours(24 * 7));
  EXPECT_EQ(items[0].raw, std::nullopt);
}

TEST_P(LedgerConformance, a_failure_waits_for_its_time_and_counts) {
  list({"a"});
  take();
  ASSERT_TRUE(ledger_->record_failure({general, "a"}, failure_, noon + hours(1)));
  EXPECT_EQ(take(), Ids{});
  const auto troubles = ledger_->troubles(10).value();
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_EQ(troubles[0].state, State::listed);
  EXPECT_EQ(troubles[0].attempts, 1U);
  EXPECT_EQ(troubles[0].code, "AF50000");
  EXPECT_EQ(troubles[0].reason, "HTTP 500");
  const auto items = ledger_->take_work({std::nullopt, 10, noon + hours(1)}).value();
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].attempts, 1U);
}

TEST_P(LedgerConformance, says_when_the_next_content_is_due) {
  EXPECT_EQ(ledger_->next_attempt(general.tenant).value(), std::nullopt);
  list({"a"});
  ASSERT_EQ(take().size(), 1U);
  const ContentKey key{general, "a"};
  ASSERT_TRUE(ledger_->record_failure(key, {ErrorKind::unavailable, "500"}, noon + hours(1)));
  EXPECT_EQ(ledger_->next_attempt(general.tenant).value(), noon + hours(1));
  EXPECT_EQ(ledger_->next_attempt("another tenant").value(), std::nullopt);
}

TEST_P(LedgerConformance, what_the_archive_has_is_to_be_read_there) {
  const StoredObject raw{"raw/a", 3, sha256("abc")};
  const std::vector<ListedContent> entries{{"a", noon, noon + hours(1), raw}};
  ASSERT_TRUE(ledger_->enter({general, entries, noon, std::nullopt}));
  EXPECT_EQ(ledger_->take_work({std::nullopt, 1, noon}).value().at(0).raw, raw);
}

TEST_P(LedgerConformance, collected_contents_are_counted_and_their_rules_too) {
  destinations({"store"});
  list({"a", "b"});
  take();
  const auto outcome = record(collected("a", 0, 3));
  EXPECT_EQ(outcome.state, State::collected);
  EXPECT_TRUE(outcome.duplicates.empty());
  EXPECT_EQ(take(), Ids{}) << "b is still handed out, a is done";
  const auto account = general_account();
  EXPECT_EQ(account.collected, 1U);
  EXPECT_EQ(account.waiting, 1U);
  EXPECT_EQ(account.records, (RecordCounts{9, 3, 5, 0, 1}));
  EXPECT_EQ(account.oldest_in_flight, noon);
  const auto rules = ledger_->account(general.tenant)->rules;
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules[0].rule, "phishing");
  EXPECT_EQ(rules[0].matched, 3U);
  EXPECT_TRUE(ledger_->account(elsewhere.tenant)->feeds.empty());
}

TEST_P(LedgerConformance, a_content_with_nothing_relevant_is_delivered_at_once) {
  destinations({"store"});
  list({"a"});
  EXPECT_EQ(record(collected("a", 0, 0)).state, State::delivered);
  EXPECT_EQ(pending("store"), Ids{});
  EXPECT_EQ(general_account().delivered, 1U);
}

TEST_P(LedgerConformance, the_first_content_owns_a_record_and_the_others_have_duplicates) {
  destinations({"store"});
  list({"a", "b", "c"});
  list({"other"}, elsewhere);
  EXPECT_EQ(record(collected("a", 0, 3)).duplicates, Positions{});
  EXPECT_EQ(record(collected("b", 1, 4)).duplicates, (Positions{0, 1}));
  const auto all = record(collected("c", 2, 2));
  EXPECT_EQ(all.duplicates, (Positions{0, 1}));
  EXPECT_EQ(all.state, State::delivered) << "nothing of it is left to deliver";
  EXPECT_EQ(record(collected("other", 0, 3, elsewhere)).duplicates, Positions{})
      << "tenants do not share record ids";
  EXPECT_EQ(general_account().records.duplicate, 4U);
  EXPECT_EQ(general_account().records.kept, 5U);
  const auto deliveries = ledger_->undelivered("store", 10).value();
  ASSERT_EQ(deliveries.size(), 3U);
  EXPECT_EQ(deliveries[2].key.content_id, "b");
  EXPECT_EQ(deliveries[2].duplicates, (Positions{0, 1}));
  EXPECT_EQ(deliveries[2].kept, 2U);
  EXPECT_EQ(deliveries[2].staged->name, "staged/b");
  EXPECT_EQ(deliveries[2].staged->sha256[0], std::byte{7});
}

TEST_P(LedgerConformance, ids_of_every_form_are_told_apart) {
  list({"a"});
  auto content = collected("a", 0, 0);
  content.staged = StoredObject{"staged/a", 1, {}};
  content.claims = {"",
                    "x",
                    "X",
                    std::string(5'000, 'x'),
                    std::string(5'001, 'x'),
                    guid(1),
                    "AAAAAAAA-0000-0000-0000-000000000001",
                    "x",
                    "aaaaaaaa-0000-0000-0000-00000000000g",
                    "aaaaaaaa+0000-0000-0000-000000000001"};
  content.records += content.claims.size();
  EXPECT_EQ(record(content).duplicates, (Positions{6, 7}))
      << "a GUID in another case is the same GUID";
}

TEST_P(LedgerConformance, a_group_is_recorded_as_a_whole_or_not_at_all) {
  list({"a", "b"});
  auto wrong = collected("b", 1, 1);
  wrong.dropped += 1;
  const std::vector group = {collected("a", 0, 1), wrong};
  EXPECT_EQ(ledger_->record_collected(group, noon).error().kind(), ErrorKind::invalid_input);
  EXPECT_EQ(general_account().waiting, 2U);
  EXPECT_EQ(record(collected("b", 0, 1)).duplicates, Positions{}) << "a claimed nothing";
  const std::vector together = {collected("a", 0, 2)};
  EXPECT_EQ(ledger_->record_collected(together, noon).value()[0].duplicates, Positions{0});
}

TEST_P(LedgerConformance, recording_a_content_again_changes_nothing) {
  destinations({"store"});
  list({"a", "b"});
  record(collected("a", 0, 2));
  record(collected("b", 1, 2));
  const auto before = general_account();
  const auto again = record(collected("b", 1, 2));
  EXPECT_EQ(again.duplicates, Positions{0});
  EXPECT_EQ(again.state, State::collected);
  EXPECT_EQ(general_account().records, before.records);
  deliver_all("store");
  EXPECT_EQ(record(collected("a", 0, 2)).state, State::delivered);
  EXPECT_EQ(pending("store"), Ids{});
}

TEST_P(LedgerConformance, what_the_ledger_does_not_know_is_refused) {
  const ContentKey unknown{general, "none"};
  const auto content = collected("none", 0, 1);
  EXPECT_EQ(ledger_->record_collected(std::span{&content, 1}, noon).error().kind(),
            ErrorKind::invalid_input);
  EXPECT_EQ(ledger_->record_failure(unknown, failure_, noon).error().kind(),
            ErrorKind::invalid_input);
  EXPECT_EQ(ledger_->mark_expired(unknown, failure_).error().kind(), ErrorKind::invalid_input);
  EXPECT_EQ(ledger_->quarantine(unknown, failure_).error().kind(), ErrorKind::invalid_input);
  EXPECT_EQ(ledger_->undelivered("none", 1).error().kind(), ErrorKind::invalid_input);
  EXPECT_EQ(ledger_->mark_delivered("none", {}).error().kind(), ErrorKind::invalid_input);
  EXPECT_EQ(ledger_->reset_destination("none").error().kind(), ErrorKind::invalid_input);
}

TEST_P(LedgerConformance, an_end_is_an_end) {
  destinations({"store"});
  list({"expired", "bad", "done", "staged"});
  const ContentKey expired{general, "expired"};
  const ContentKey bad{general, "bad"};
  const ContentKey done{general, "done"};
  const ContentKey staged{general, "staged"};
  ASSERT_TRUE(ledger_->mark_expired(expired, failure_));
  ASSERT_TRUE(ledger_->mark_expired(expired, failure_)) << "the same again is no error";
  ASSERT_TRUE(ledger_->quarantine(bad, failure_));
  record(collected("done", 0, 0));
  record(collected("staged", 0, 1));
  EXPECT_FALSE(ledger_->quarantine(expired, failure_));
  EXPECT_FALSE(ledger_->mark_expired(bad, failure_));
  EXPECT_FALSE(ledger_->quarantine(done, failure_));
  EXPECT_FALSE(ledger_->mark_expired(staged, failure_));
  const auto late = collected("expired", 0, 1);
  EXPECT_FALSE(ledger_->record_collected(std::span{&late, 1}, noon));
  ASSERT_TRUE(ledger_->record_failure(done, failure_, noon)) << "too late to matter";
  EXPECT_EQ(take(), Ids{});
  ASSERT_TRUE(ledger_->quarantine(staged, failure_)) << "its staged object may be damaged";
  const auto account = general_account();
  EXPECT_EQ(account.expired, 1U);
  EXPECT_EQ(account.quarantined, 2U);
  EXPECT_EQ(account.delivered, 1U);
  EXPECT_EQ(account.oldest_in_flight, std::nullopt);
}

TEST_P(LedgerConformance, quarantined_contents_come_back_on_request) {
  destinations({"store"});
  list({"a", "b"});
  list({"c"}, elsewhere);
  record(collected("b", 0, 1));
  for (const auto& key : {ContentKey{general, "a"}, {general, "b"}, {elsewhere, "c"}}) {
    ASSERT_TRUE(ledger_->quarantine(key, failure_));
  }
  EXPECT_EQ(pending("store"), Ids{});
  EXPECT_EQ(ledger_->retry_quarantined(general.tenant).value(), 2U);
  const auto items = ledger_->take_work({std::nullopt, 10, noon}).value();
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].raw, std::nullopt);
  EXPECT_EQ(items[1].raw->name, "raw/b");
  EXPECT_EQ(record(collected("b", 0, 1)).duplicates, Positions{}) << "it owns its record still";
  EXPECT_EQ(ledger_->retry_quarantined(std::nullopt).value(), 1U);
}

} // namespace sluice::ledger

// SPDX-License-Identifier: Apache-2.0
#include "ledger/ledger_conformance.hpp"

/// The other half of what every `Ledger` must do: replays, deliveries, what people see.
namespace sluice::ledger {

// --- replay

TEST_P(LedgerConformance, a_replay_applies_new_rules_and_replaces_counts_and_claims) {
  destinations({"store"});
  list({"a", "b", "waiting"});
  record(collected("a", 0, 3));
  record(collected("b", 2, 2));
  deliver_all("store");
  EXPECT_EQ(ledger_->request_replay(std::nullopt).value(), 2U);
  const auto items = ledger_->take_work({std::nullopt, 2, noon}).value();
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].generation, 1U);
  EXPECT_EQ(items[0].raw->name, "raw/a");
  const auto stale = collected("a", 0, 1);
  EXPECT_EQ(ledger_->record_collected(std::span{&stale, 1}, noon).error().kind(),
            ErrorKind::invalid_input);

  auto narrower = collected("a", 0, 1);
  narrower.generation = 1;
  narrower.staged->name = "staged/a.1";
  EXPECT_EQ(record(narrower).former_staged->name, "staged/a");
  auto same = collected("b", 2, 2);
  same.generation = 1;
  EXPECT_EQ(record(same).duplicates, Positions{}) << "a gave up record 2";
  EXPECT_EQ(general_account().records.kept, 3U);
  EXPECT_EQ(ledger_->account(std::nullopt)->rules[0].matched, 3U);
  EXPECT_EQ(pending("store"), (Ids{"a", "b"})) << "both are delivered anew";
}

TEST_P(LedgerConformance, a_replay_that_leaves_nothing_is_told_to_the_destination) {
  destinations({"store"});
  list({"a"});
  record(collected("a", 0, 2));
  deliver_all("store");
  ASSERT_EQ(ledger_->request_replay(general.tenant).value(), 1U);
  auto nothing = collected("a", 0, 0);
  nothing.generation = 1;
  EXPECT_EQ(record(nothing).state, State::collected);
  const auto deliveries = ledger_->undelivered("store", 10).value();
  ASSERT_EQ(deliveries.size(), 1U);
  EXPECT_EQ(deliveries[0].staged, std::nullopt);
  EXPECT_EQ(deliveries[0].kept, 0U);
  ASSERT_TRUE(ledger_->mark_delivered("store", deliveries));
  EXPECT_EQ(general_account().delivered, 1U);
}

TEST_P(LedgerConformance, claims_are_forgotten_after_nine_days_but_not_before_delivery) {
  destinations({"store"});
  list({"delivered", "pending", "later", "again"});
  record(collected("delivered", 0, 2));
  deliver_all("store");
  record(collected("pending", 2, 2));
  constexpr std::chrono::hours day{24};
  EXPECT_EQ(ledger_->forget_claims(noon + hours(24 * 8), day).value(), 0U)
      << "nine days are the least";
  EXPECT_EQ(ledger_->forget_claims(noon + hours(24 * 9 + 1), 9 * day).value(), 2U);
  EXPECT_EQ(record(collected("later", 0, 4)).duplicates, (Positions{2, 3}));
  deliver_all("store");
  EXPECT_EQ(ledger_->forget_claims(noon + hours(24 * 9 + 1), 9 * day).value(), 4U);
  EXPECT_EQ(record(collected("again", 0, 4)).duplicates, Positions{});
}

// --- deliver

TEST_P(LedgerConformance, a_content_is_delivered_when_every_destination_has_it) {
  destinations({"store", "siem"});
  list({"a"});
  record(collected("a", 0, 1));
  deliver_all("store");
  EXPECT_EQ(pending("store"), Ids{});
  EXPECT_EQ(pending("siem"), Ids{"a"});
  EXPECT_EQ(general_account().collected, 1U);
  deliver_all("siem");
  EXPECT_EQ(general_account().delivered, 1U);
  EXPECT_EQ(pending("siem"), Ids{});
}

TEST_P(LedgerConformance, what_waited_only_for_a_removed_destination_is_delivered) {
  destinations({"store", "siem"});
  list({"a", "b"});
  record(collected("a", 0, 1));
  deliver_all("store");
  record(collected("b", 1, 1));
  destinations({"store"});
  EXPECT_EQ(general_account().delivered, 1U);
  EXPECT_EQ(pending("store"), Ids{"b"});
  EXPECT_FALSE(ledger_->undelivered("siem", 1));
}

TEST_P(LedgerConformance, undelivered_contents_come_in_one_order) {
  destinations({"store"});
  list({"c", "a"});
  list({"b"}, exchange);
  record(collected("a", 0, 1));
  record(collected("c", 1, 1));
  record(collected("b", 2, 1, exchange));
  EXPECT_EQ(pending("store"), (Ids{"b", "c", "a"})) << "by creation, then by id";
  EXPECT_EQ(ledger_->undelivered("store", 1)->size(), 1U);
  reopen();
  EXPECT_EQ(pending("store"), (Ids{"b", "c", "a"}));
}

TEST_P(LedgerConformance, a_delivery_of_an_earlier_generation_does_not_count) {
  destinations({"store"});
  list({"a"});
  record(collected("a", 0, 1));
  const auto old = ledger_->undelivered("store", 10).value();
  ASSERT_TRUE(ledger_->request_replay(std::nullopt));
  ASSERT_TRUE(ledger_->mark_delivered("store", old));
  auto replayed = collected("a", 0, 1);
  replayed.generation = 1;
  record(replayed);
  ASSERT_TRUE(ledger_->mark_delivered("store", old));
  EXPECT_EQ(pending("store"), Ids{"a"});
}

TEST_P(LedgerConformance, a_destination_that_was_rebuilt_gets_everything_again) {
  destinations({"store", "siem"});
  list({"a", "b", "empty"});
  record(collected("a", 0, 1));
  record(collected("b", 1, 1));
  record(collected("empty", 2, 0));
  deliver_all("store");
  deliver_all("siem");
  EXPECT_EQ(ledger_->reset_destination("store").value(), 2U);
  EXPECT_EQ(pending("store"), (Ids{"a", "b"}));
  EXPECT_EQ(pending("siem"), Ids{});
  deliver_all("store");
  EXPECT_EQ(general_account().delivered, 3U);
}

// --- people

TEST_P(LedgerConformance, small_texts_are_remembered) {
  EXPECT_EQ(ledger_->recall("store").value(), std::nullopt);
  ASSERT_TRUE(ledger_->remember("store", "one"));
  ASSERT_TRUE(ledger_->remember("store", "two"));
  ASSERT_TRUE(ledger_->remember("empty", ""));
  reopen();
  EXPECT_EQ(ledger_->recall("store").value(), "two");
  EXPECT_EQ(ledger_->recall("empty").value(), "");
}

TEST_P(LedgerConformance, texts_from_outside_are_only_texts) {
  const std::string hostile = "'; DROP TABLE contents; --";
  list({hostile, std::string("a\0b", 3), ""});
  EXPECT_EQ(take(), (Ids{hostile, std::string("a\0b", 3), ""}));
}

} // namespace sluice::ledger

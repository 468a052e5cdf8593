// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/ledger.hpp"
#include "ledger/sample_contents.hpp"

/// What every `Ledger` must do, in `ledger_conformance.cpp`, `delivery_conformance.cpp` and
/// `correlation_conformance.cpp`. An implementation adds itself in its own test:
///
///     INSTANTIATE_TEST_SUITE_P(Sqlite, LedgerConformance, testing::Values(LedgerMaker{...}));
namespace sluice::ledger {

/// A place for one ledger that is emptied afterwards.
class LedgerPlace {
public:
  LedgerPlace() = default;
  LedgerPlace(const LedgerPlace&) = delete;
  auto operator=(const LedgerPlace&) -> LedgerPlace& = delete;
  virtual ~LedgerPlace() = default;

  /// Opens the ledger; every call opens the same one. The one before was closed.
  [[nodiscard]] virtual auto open() -> std::unique_ptr<Ledger> = 0;
};

using LedgerMaker = std::function<auto()->std::unique_ptr<LedgerPlace>>;

class LedgerConformance : public testing::TestWithParam<LedgerMaker> {
protected:
  LedgerConformance() : place_{GetParam()()}, ledger_{place_->open()} {}

  void reopen() {
    ledger_.reset();
    ledger_ = place_->open();
  }

  /// Lists contents an hour apart that expire in the order of their ids.
  auto list(const std::vector<std::string>& ids, const Feed& feed = general) -> EnterReport {
    std::vector<ListedContent> entries;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto created = noon + hours(static_cast<std::int64_t>(i));
      entries.push_back({ids[i], created, created + hours(24 * 7)});
    }
    return ledger_->enter({feed, entries, noon, std::nullopt}).value();
  }

  auto take(std::size_t limit = 100, DateTime now = noon) -> std::vector<std::string> {
    std::vector<std::string> ids;
    const auto items = ledger_->take_work({std::nullopt, limit, now}).value();
    for (const auto& item : items) {
      ids.push_back(item.key.content_id);
    }
    return ids;
  }

  auto record(const CollectedContent& content) -> CollectOutcome {
    return ledger_->record_collected(std::span{&content, 1}, noon).value()[0];
  }

  void destinations(const std::vector<std::string>& names) {
    ASSERT_TRUE(ledger_->configure_destinations(names));
  }

  auto pending(std::string_view destination) -> std::vector<std::string> {
    std::vector<std::string> ids;
    const auto deliveries = ledger_->undelivered(destination, 100).value();
    for (const auto& delivery : deliveries) {
      ids.push_back(delivery.key.content_id);
    }
    return ids;
  }

  void deliver_all(std::string_view destination) {
    const auto deliveries = ledger_->undelivered(destination, 100).value();
    ASSERT_TRUE(ledger_->mark_delivered(destination, deliveries));
  }

  auto general_account() -> FeedAccount {
    const auto account = ledger_->account(std::nullopt).value();
    for (const auto& feed : account.feeds) {
      EXPECT_EQ(feed.entered, feed.delivered + feed.expired + feed.quarantined + feed.in_flight());
      EXPECT_EQ(feed.records.records,
                feed.records.kept + feed.records.dropped + feed.records.duplicate +
                    feed.records.quarantined);
      if (feed.feed == general) {
        return feed;
      }
    }
    return {};
  }

  using Ids = std::vector<std::string>;
  using Positions = std::vector<std::uint32_t>;
  const Error failure_ = Error{ErrorKind::unavailable, "HTTP 500"}.with_code("AF50000");

  std::unique_ptr<LedgerPlace> place_;
  std::unique_ptr<Ledger> ledger_;
};

} // namespace sluice::ledger

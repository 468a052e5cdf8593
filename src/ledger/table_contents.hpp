// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.hpp"
#include "ledger/table_rows.hpp"
#include "ledger/table_space.hpp"
#include "ledger/table_workers.hpp"

/// What `Ledger` does with tables, stage by stage. All of it fails as `Ledger` says.
namespace sluice::ledger::tables {

// --- discover (table_listing.cpp)

/// Enters what listings say.
///
/// Threads: any.
class Entrance {
public:
  explicit Entrance(Space& space) : space_{space} {}

  [[nodiscard]] auto enter(const Listing& listing) -> Result<EnterReport>;

private:
  [[nodiscard]] auto is_known(const std::string& row) -> bool;
  void note_known(const std::string& row);

  Space& space_;
  std::mutex mutex_;
  /// Contents that are in the ledger for certain: listings repeat themselves.
  std::set<std::string, std::less<>> known_;
};

[[nodiscard]] auto find_feed(Space& space, const Feed& feed)
    -> Result<std::optional<azure::TableEntity>>;
/// Nothing for a time that was never set.
[[nodiscard]] auto time_in(const azure::TableEntity& entity, std::string_view name)
    -> std::optional<DateTime>;
[[nodiscard]] auto watermark(Space& space, const Feed& feed) -> Result<std::optional<DateTime>>;
[[nodiscard]] auto postpone_subscription_start(Space& space, const Feed& feed, DateTime until)
    -> Result<>;
[[nodiscard]] auto subscription_start_postponed(Space& space, const Feed& feed)
    -> Result<std::optional<DateTime>>;
[[nodiscard]] auto record_untrusted(Space& space, const Finding& finding) -> Result<>;

// --- collect (table_work.cpp, table_collecting.cpp)

/// The work that this worker has taken: the row of each content as it was left by us.
///
/// Threads: any.
class Holds {
public:
  [[nodiscard]] auto find(const ContentKey& key) -> std::optional<ContentFacts>;
  void put(ContentFacts facts);
  void erase(const ContentKey& key);
  [[nodiscard]] auto all() -> std::vector<ContentFacts>;

private:
  std::mutex mutex_;
  std::map<ContentKey, ContentFacts> held_;
};

struct Bench {
  Space& space;
  Workers& workers;
  Holds& holds;
  /// Takings of a content of which nobody ever said what came of it, before it is set aside.
  std::uint32_t most_takings = 10;
};

[[nodiscard]] auto take_work(Bench& bench, const WorkQuery& query) -> Result<std::vector<WorkItem>>;
[[nodiscard]] auto next_attempt(Space& space, const std::string& tenant)
    -> Result<std::optional<DateTime>>;
void release(Bench& bench, std::span<const ContentKey> keys);

/// The row of a content that waits, as this worker may change it. Nothing when it does not wait, or
/// when another worker has it.
[[nodiscard]] auto own_waiting(Bench& bench, const ContentFacts& content)
    -> Result<std::optional<ContentFacts>>;

[[nodiscard]] auto record_collected(Bench& bench,
                                    std::span<const CollectedContent> contents,
                                    DateTime now) -> Result<std::vector<CollectOutcome>>;
[[nodiscard]] auto
record_failure(Bench& bench, const ContentKey& key, const Error& error, DateTime next_attempt)
    -> Result<>;
[[nodiscard]] auto give_up(Bench& bench, const ContentKey& key, State end, const Error& error)
    -> Result<>;

// --- again (table_replay.cpp)

[[nodiscard]] auto retry_quarantined(Space& space, const std::optional<std::string>& tenant)
    -> Result<std::uint64_t>;
[[nodiscard]] auto request_replay(Space& space, const std::optional<std::string>& tenant)
    -> Result<std::uint64_t>;

// --- deliver (table_delivering.cpp)

/// The destinations that exist, in order.
[[nodiscard]] auto destinations(Space& space) -> Result<std::vector<std::string>>;
/// Errors: invalid_input when it does not exist.
[[nodiscard]] auto require_destination(Space& space, std::string_view name)
    -> Result<std::vector<std::string>>;
[[nodiscard]] auto configure_destinations(Space& space, std::span<const std::string> names)
    -> Result<>;
[[nodiscard]] auto undelivered_to(Space& space, std::string_view destination, std::size_t limit)
    -> Result<std::vector<Delivery>>;
[[nodiscard]] auto mark_delivered(Space& space,
                                  std::string_view destination,
                                  std::span<const Delivery> deliveries) -> Result<>;
[[nodiscard]] auto reset_destination(Space& space, std::string_view destination)
    -> Result<std::uint64_t>;

[[nodiscard]] auto delivery_of(const ContentFacts& facts) -> Delivery;
/// By creation time, then content id, and no more than `limit`.
void put_in_order(std::vector<Delivery>& deliveries, std::size_t limit);

// --- people (table_accounting.cpp)

[[nodiscard]] auto account(Space& space, const std::optional<std::string>& tenant)
    -> Result<Account>;
[[nodiscard]] auto troubles(Space& space, std::size_t limit) -> Result<std::vector<Trouble>>;
[[nodiscard]] auto findings(Space& space, std::size_t limit) -> Result<std::vector<Finding>>;
[[nodiscard]] auto remember(Space& space, std::string_view name, std::string_view value)
    -> Result<>;
[[nodiscard]] auto recall(Space& space, std::string_view name)
    -> Result<std::optional<std::string>>;

} // namespace sluice::ledger::tables

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/content.hpp"
#include "ledger/ledger.hpp"
#include "ledger/sqlite_database.hpp"

/// The statements behind `Ledger`, stage by stage, and what they share. All of them run within a
/// transaction of the caller, and fail as `Ledger` says.
namespace sluice::ledger::sqlite {

/// `time` as a column keeps it, and back.
[[nodiscard]] auto ticks(DateTime time) -> std::int64_t;
[[nodiscard]] auto time_of(std::int64_t ticks) -> DateTime;
[[nodiscard]] auto number_of(State state) -> std::int64_t;
/// Of a column; a number that is no state is a `listed`.
[[nodiscard]] auto state_of(std::int64_t number) -> State;

struct FeedRow {
  std::int64_t feed_no = 0;
  std::int64_t tenant_no = 0;
};
/// Nothing when the feed is not known.
[[nodiscard]] auto find_feed(Database& database, const Feed& feed)
    -> Result<std::optional<FeedRow>>;
/// Makes the feed when it is not known.
[[nodiscard]] auto require_feed(Database& database, const Feed& feed) -> Result<FeedRow>;

struct ContentRow {
  std::int64_t content_no = 0;
  FeedRow feed;
  State state = State::listed;
  std::uint32_t generation = 0;
  std::optional<StoredObject> staged;
};
/// Errors: invalid_input when the content is not known.
[[nodiscard]] auto find_content(Database& database, const ContentKey& key) -> Result<ContentRow>;

/// Three columns from `column` on: name, bytes, SHA-256. Nothing when the name is null.
[[nodiscard]] auto object_of(const Statement& row, int column) -> std::optional<StoredObject>;
/// Nothing for a null.
[[nodiscard]] auto time_at(const Statement& row, int column) -> std::optional<DateTime>;

// --- discover (sqlite_listing.cpp)

[[nodiscard]] auto enter(Database& database, const Listing& listing) -> Result<EnterReport>;
[[nodiscard]] auto watermark(Database& database, const Feed& feed)
    -> Result<std::optional<DateTime>>;
[[nodiscard]] auto postpone_subscription_start(Database& database, const Feed& feed, DateTime until)
    -> Result<>;
[[nodiscard]] auto subscription_start_postponed(Database& database, const Feed& feed)
    -> Result<std::optional<DateTime>>;
[[nodiscard]] auto record_untrusted(Database& database, const Finding& finding) -> Result<>;

// --- collect (sqlite_collecting.cpp)

/// Due contents in their order, without those that `taken` says are handed out already.
[[nodiscard]] auto due_work(Database& database,
                            const WorkQuery& query,
                            const std::function<auto(const ContentKey&)->bool>& taken)
    -> Result<std::vector<WorkItem>>;
[[nodiscard]] auto next_attempt(Database& database, const std::string& tenant)
    -> Result<std::optional<DateTime>>;
[[nodiscard]] auto record_collected(Database& database,
                                    const CollectedContent& content,
                                    DateTime now) -> Result<CollectOutcome>;
[[nodiscard]] auto
record_failure(Database& database, const ContentKey& key, const Error& error, DateTime next_attempt)
    -> Result<>;
/// Takes a content to `end` (expired or quarantined) if `Ledger` allows it from where it is.
[[nodiscard]] auto give_up(Database& database, const ContentKey& key, State end, const Error& error)
    -> Result<>;
[[nodiscard]] auto retry_quarantined(Database& database, const std::optional<std::string>& tenant)
    -> Result<std::uint64_t>;
[[nodiscard]] auto request_replay(Database& database, const std::optional<std::string>& tenant)
    -> Result<std::uint64_t>;

// --- deliver (sqlite_delivering.cpp)

[[nodiscard]] auto configure_destinations(Database& database, std::span<const std::string> names)
    -> Result<>;
[[nodiscard]] auto undelivered(Database& database, std::string_view destination, std::size_t limit)
    -> Result<std::vector<Delivery>>;
[[nodiscard]] auto mark_delivered(Database& database,
                                  std::string_view destination,
                                  std::span<const Delivery> deliveries) -> Result<>;
[[nodiscard]] auto reset_destination(Database& database, std::string_view destination)
    -> Result<std::uint64_t>;

// --- people (sqlite_accounting.cpp)

[[nodiscard]] auto account(Database& database, const std::optional<std::string>& tenant)
    -> Result<Account>;
[[nodiscard]] auto troubles(Database& database, std::size_t limit) -> Result<std::vector<Trouble>>;
[[nodiscard]] auto findings(Database& database, std::size_t limit) -> Result<std::vector<Finding>>;
[[nodiscard]] auto remember(Database& database, std::string_view name, std::string_view value)
    -> Result<>;
[[nodiscard]] auto recall(Database& database, std::string_view name)
    -> Result<std::optional<std::string>>;

} // namespace sluice::ledger::sqlite

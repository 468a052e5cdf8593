// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "base/sha256.hpp"

namespace sluice::ledger {

/// One content type of one tenant: what a listing is about.
struct Feed {
  std::string tenant;
  std::string content_type;

  friend auto operator<=>(const Feed&, const Feed&) = default;
};

/// Names one content. Ids are unique within a feed only.
struct ContentKey {
  Feed feed;
  std::string content_id;

  friend auto operator<=>(const ContentKey&, const ContentKey&) = default;
};

/// Where a content stands. `delivered`, `expired` and `quarantined` are ends.
///
///     listed -> collected -> delivered
///        |          +------> quarantined
///        +-> delivered (nothing in it is relevant), expired, quarantined
///
/// `request_replay` and `retry_quarantined` lead back to `listed`, `reset_destination` from
/// `delivered` to `collected`.
enum class State : std::uint8_t { listed, collected, delivered, expired, quarantined };

/// `"collected"` for `State::collected`.
[[nodiscard]] auto name_of(State state) noexcept -> std::string_view;

/// An object of the archive, as the ledger remembers it.
struct StoredObject {
  std::string name;
  std::uint64_t bytes = 0;
  Sha256 sha256{};

  friend auto operator==(const StoredObject&, const StoredObject&) -> bool = default;
};

/// What a listing says about one content.
struct ListedContent {
  std::string content_id;
  DateTime created;
  DateTime expiration;
  /// Set when the archive has it already, as when a lost ledger is made anew from the archive.
  std::optional<StoredObject> raw = {};
};

/// A content to be collected.
struct WorkItem {
  ContentKey key;
  DateTime created;
  DateTime expiration;
  /// Failures since it was listed, retried or replayed.
  std::uint32_t attempts = 0;
  /// How often the rules were applied to it before: part of the staged object's name.
  std::uint32_t generation = 0;
  /// Set when the archive should have it already (a replay, a retry): read it there, and only when
  /// it is gone or damaged over the network.
  std::optional<StoredObject> raw;
};

/// `records = kept + dropped + duplicate + quarantined`, of one content or of many.
struct RecordCounts {
  std::uint64_t records = 0;
  std::uint64_t kept = 0;
  std::uint64_t dropped = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t quarantined = 0;

  friend auto operator==(const RecordCounts&, const RecordCounts&) -> bool = default;
};

/// How many records of one content a rule matched.
struct RuleCount {
  std::string rule;
  std::uint64_t matched = 0;
};

/// A content that was read to its end and whose objects are durable in the archive.
struct CollectedContent {
  ContentKey key;
  std::uint32_t generation = 0;  ///< That of its `WorkItem`.
  std::uint64_t records = 0;     ///< All in it: `claims.size() + dropped + quarantined`.
  std::uint64_t dropped = 0;     ///< No rule matched.
  std::uint64_t quarantined = 0; ///< Could not be read as a record.
  StoredObject raw;
  /// Nothing when no record is relevant.
  std::optional<StoredObject> staged;
  /// The record id of each staged record, in the order of the staged object. A record without an id
  /// gets one that is a function of its bytes.
  std::vector<std::string> claims;
  std::vector<RuleCount> rules;
};

/// What the ledger made of a collected content.
struct CollectOutcome {
  /// Staged records that another content, or an earlier line of this one, owns: not to be
  /// delivered. Ascending positions in `CollectedContent::claims`.
  std::vector<std::uint32_t> duplicates;
  State state = State::collected;
  /// False when another worker has the content by now: nothing was recorded, and what becomes of it
  /// is the other's to say.
  bool recorded = true;
  /// The staged object of the generation before, which nothing refers to any more.
  std::optional<StoredObject> former_staged;
};

/// A content whose rows a destination does not have yet.
struct Delivery {
  ContentKey key;
  DateTime created;
  std::uint32_t generation = 0;
  /// Nothing when a replay found nothing relevant in a content that was delivered before: the
  /// destination must drop the rows it has of it.
  std::optional<StoredObject> staged;
  /// Lines of the staged object to leave out, ascending from 0.
  std::vector<std::uint32_t> duplicates;
  std::uint64_t kept = 0; ///< Lines that remain.
};

} // namespace sluice::ledger

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/date_time.hpp"
#include "ledger/content.hpp"

namespace sluice::ledger {

/// The delivery account of one feed: `entered = delivered + expired + quarantined + in_flight()`.
struct FeedAccount {
  Feed feed;
  std::uint64_t entered = 0; ///< All content ids that a listing ever returned.
  std::uint64_t waiting = 0; ///< State `listed`.
  std::uint64_t collected = 0;
  std::uint64_t delivered = 0;
  std::uint64_t expired = 0;
  std::uint64_t quarantined = 0;
  /// Entered although their creation lay before what was listed completely: the feed is late.
  std::uint64_t late = 0;
  /// Over the contents that were collected.
  RecordCounts records;
  /// Creation of the oldest content in flight.
  std::optional<DateTime> oldest_in_flight;
  std::optional<DateTime> watermark;

  [[nodiscard]] auto in_flight() const noexcept -> std::uint64_t { return waiting + collected; }
};

/// Records that one rule matched in one tenant, duplicates included.
struct RuleAccount {
  std::string tenant;
  std::string rule;
  std::uint64_t matched = 0;
};

/// The state of the whole ledger at one moment.
struct Account {
  std::vector<FeedAccount> feeds; ///< By tenant and content type.
  std::vector<RuleAccount> rules; ///< By tenant and rule.
  std::uint64_t untrusted = 0;    ///< Findings, repeated ones too.
};

/// A content that was set aside, or that failed and waits to be tried again.
struct Trouble {
  ContentKey key;
  State state = State::quarantined;
  DateTime created;
  DateTime expiration;
  std::uint32_t attempts = 0;
  DateTime next_attempt;
  std::string code;   ///< The other side's own, such as `AF20051`; often empty.
  std::string reason; ///< For a person.
};

/// An entry of a listing that asked for something it must not have, such as another host.
struct Finding {
  Feed feed;
  std::string entry; ///< What it said, at most 2'048 bytes of it.
  std::string why;
  DateTime last_seen;
  std::uint64_t times = 1;
};

} // namespace sluice::ledger

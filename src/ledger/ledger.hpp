// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "ledger/account.hpp"
#include "ledger/content.hpp"
#include "ledger/correlation.hpp"

namespace sluice::ledger {

/// One listing of a feed, or one page of it.
struct Listing {
  Feed feed;
  std::span<const ListedContent> entries;
  DateTime listed_at;
  /// Set with the last page of a window that was read without a gap up to this time: the watermark
  /// moves there, never back.
  std::optional<DateTime> complete_until;
};

struct EnterReport {
  std::uint64_t added = 0; ///< Ids that were not known.
  std::uint64_t known = 0;
  std::uint64_t late = 0; ///< Of the added ones: created before the watermark as it stood.
};

/// Which contents to hand out.
struct WorkQuery {
  /// Nothing for all tenants.
  std::optional<std::string> tenant;
  std::size_t limit = 1;
  DateTime now;
};

/// Remembers what was listed and takes every content to one of its ends, so that none is lost and
/// none is done twice, whatever is killed in between.
///
/// Each function is one transaction: when it returns without an error, its effect is durable; when
/// it fails, or the process dies in it, nothing of it happened. Every change may be repeated.
/// A key that the ledger does not know is `invalid_input` everywhere.
///
/// Threads: all members may be called from any thread.
/// Errors:  of every function: storage when the disk is full or failed; corrupt when the ledger is
///          damaged (set it aside and rebuild it from the archive); unavailable when another
///          process held it for too long.
class Ledger : public CorrelationLedger {
public:
  // --- many processes

  /// Whether this process is the one that does what only one may do: a word for it, such as
  /// `deliver/store`. It stays so until this ledger is closed or its process gave no sign of life
  /// for a while; ask again before each piece of work. What a process that was succeeded still
  /// writes does no harm, or is refused as unavailable.
  [[nodiscard]] virtual auto lead(std::string_view role) -> Result<bool> = 0;

  // --- discover

  /// Enters the ids that are not known yet as `listed`, and moves the watermark with them. A known
  /// id stays exactly as it is.
  [[nodiscard]] virtual auto enter(const Listing& listing) -> Result<EnterReport> = 0;
  /// Up to when the feed was listed completely; nothing before the first complete window.
  [[nodiscard]] virtual auto watermark(const Feed& feed) -> Result<std::optional<DateTime>> = 0;
  /// The service wants no request to start this subscription before `until`.
  [[nodiscard]] virtual auto postpone_subscription_start(const Feed& feed, DateTime until)
      -> Result<> = 0;
  /// Until when; nothing when the service never said.
  [[nodiscard]] virtual auto subscription_start_postponed(const Feed& feed)
      -> Result<std::optional<DateTime>> = 0;
  /// Counts an entry that was refused. The same entry again raises its count; the newest 1'000 are
  /// kept.
  [[nodiscard]] virtual auto record_untrusted(const Finding& finding) -> Result<> = 0;

  // --- collect

  /// Contents in state `listed` whose next attempt is due, the ones that expire first in front.
  /// Each is handed out once until it is recorded, failed, set aside or `release`d; a restart
  /// releases all.
  [[nodiscard]] virtual auto take_work(const WorkQuery& query) -> Result<std::vector<WorkItem>> = 0;
  /// When the first of the tenant's listed contents is due; nothing when none is listed.
  [[nodiscard]] virtual auto next_attempt(const std::string& tenant)
      -> Result<std::optional<DateTime>> = 0;
  /// Gives work back untouched, as at a shutdown.
  virtual void release(std::span<const ContentKey> keys) = 0;
  /// Takes the contents from `listed` to `collected`, or to `delivered` when they leave nothing to
  /// deliver. A record id is claimed by the first content that brings it, per tenant; all others
  /// are duplicates. A content that is recorded again keeps what it owns, and its counts are
  /// replaced. Telling it again what it knows changes nothing. A content of another generation than
  /// the ledger has, or whose counts do not add up, is invalid_input for the whole group.
  /// The outcomes are in the order of `contents`.
  [[nodiscard]] virtual auto record_collected(std::span<const CollectedContent> contents,
                                              DateTime now)
      -> Result<std::vector<CollectOutcome>> = 0;
  /// Notes why a content could not be collected and when to try again.
  [[nodiscard]] virtual auto
  record_failure(const ContentKey& key, const Error& error, DateTime next_attempt) -> Result<> = 0;
  /// From `listed`: the service no longer has it. `error` is its answer.
  [[nodiscard]] virtual auto mark_expired(const ContentKey& key, const Error& error)
      -> Result<> = 0;
  /// From `listed` or `collected`: set aside until a person asks for `retry_quarantined`.
  [[nodiscard]] virtual auto quarantine(const ContentKey& key, const Error& error) -> Result<> = 0;
  /// Takes what was set aside back to `listed`, of one tenant or of all.
  /// Returns how many.
  [[nodiscard]] virtual auto retry_quarantined(const std::optional<std::string>& tenant)
      -> Result<std::uint64_t> = 0;
  /// Takes every content that the archive has back to `listed`, one generation on, so that today's
  /// rules are applied to it, and begins a new `case_epoch`, with no state. Returns how many.
  [[nodiscard]] virtual auto request_replay(const std::optional<std::string>& tenant)
      -> Result<std::uint64_t> = 0;
  /// Forgets record ids that were claimed more than `horizon` (at least nine days) before `now` by
  /// contents that are delivered. Works in short transactions. Returns how many ids.
  [[nodiscard]] virtual auto forget_claims(DateTime now, std::chrono::hours horizon)
      -> Result<std::uint64_t> = 0;

  // --- deliver

  /// Says which destinations exist. A content is `delivered` when all of them have it; contents
  /// that only waited for a destination that is gone become so now.
  [[nodiscard]] virtual auto configure_destinations(std::span<const std::string> names)
      -> Result<> = 0;
  /// Contents in state `collected` that `destination` does not have, by creation time, then content
  /// id: the same order on every call.
  [[nodiscard]] virtual auto undelivered(std::string_view destination, std::size_t limit)
      -> Result<std::vector<Delivery>> = 0;
  /// `destination` has these for good. One that was replayed in the meantime (its generation moved
  /// on) is left undelivered.
  [[nodiscard]] virtual auto mark_delivered(std::string_view destination,
                                            std::span<const Delivery> deliveries) -> Result<> = 0;
  /// `destination` is new, or lost what it had: everything that is staged, and every case, is
  /// undelivered to it again. Returns how many contents are.
  [[nodiscard]] virtual auto reset_destination(std::string_view destination)
      -> Result<std::uint64_t> = 0;

  // --- people

  /// One consistent picture, of one tenant or of all.
  [[nodiscard]] virtual auto account(const std::optional<std::string>& tenant)
      -> Result<Account> = 0;
  /// What is quarantined, and what failed and waits, oldest first.
  [[nodiscard]] virtual auto troubles(std::size_t limit) -> Result<std::vector<Trouble>> = 0;
  /// Newest first.
  [[nodiscard]] virtual auto findings(std::size_t limit) -> Result<std::vector<Finding>> = 0;

  /// Keeps a small text under a name, such as the identity of a destination's store.
  [[nodiscard]] virtual auto remember(std::string_view name, std::string_view value)
      -> Result<> = 0;
  [[nodiscard]] virtual auto recall(std::string_view name)
      -> Result<std::optional<std::string>> = 0;
};

} // namespace sluice::ledger

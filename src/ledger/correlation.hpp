// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "ledger/content.hpp"

namespace sluice::ledger {

/// A piece of the correlator's state. An empty value means that there is none of that key.
struct StateItem {
  std::string key;
  std::string value;
};

/// A case that is told, first or anew. Its version is counted by the ledger.
struct NewCase {
  std::string organization;
  std::string case_id;
  std::string row; ///< A JSON object.
};

/// One version of a case.
struct CaseVersion {
  std::uint64_t sequence = 0; ///< Greater than that of everything told before.
  std::string organization;
  std::string case_id;
  std::uint32_t version = 0; ///< From 1.
  DateTime told_at;
  std::string row;
};

/// Something about cases that a person may want to look into.
struct CaseFinding {
  std::string kind;
  std::string text;
  std::uint64_t times = 1;
  DateTime last_seen{};
};

/// What came of correlating some contents: all of it is recorded, or nothing.
struct Correlated {
  std::span<const Delivery> contents; ///< As `uncorrelated` gave them.
  std::span<const StateItem> state;
  std::span<const NewCase> cases;
  std::span<const CaseFinding> findings;
};

/// The part of the ledger that the correlate stage works with. What `Ledger` says of all functions
/// holds here too.
class CorrelationLedger {
public:
  CorrelationLedger() = default;
  CorrelationLedger(const CorrelationLedger&) = delete;
  auto operator=(const CorrelationLedger&) -> CorrelationLedger& = delete;
  virtual ~CorrelationLedger() = default;

  /// Contents with staged objects that were not correlated yet, by creation time, then content id.
  [[nodiscard]] virtual auto uncorrelated(std::size_t limit) -> Result<std::vector<Delivery>> = 0;
  /// Calls `visit` for each piece of state. Stops at the first error of `visit` and returns it.
  [[nodiscard]] virtual auto
  correlation_state(const std::function<auto(const StateItem&)->Result<>>& visit) -> Result<> = 0;
  /// The value of one piece of state; empty when there is none.
  [[nodiscard]] virtual auto correlation_state_of(std::string_view key) -> Result<std::string> = 0;
  /// Notes that the contents were correlated, with everything that came of it.
  [[nodiscard]] virtual auto record_correlated(const Correlated& correlated, DateTime now)
      -> Result<> = 0;
  /// Everything that the service made available before this time, and that could be collected, has
  /// been correlated. Nothing before the first complete listing.
  [[nodiscard]] virtual auto correlated_until() -> Result<std::optional<DateTime>> = 0;

  /// Names the history that versions are counted in. Another one than last time: versions are
  /// counted from 1 again, and what was told before is void.
  [[nodiscard]] virtual auto case_epoch() -> Result<std::string> = 0;
  /// Versions that `destination` does not have, in the order in which they were told.
  [[nodiscard]] virtual auto undelivered_cases(std::string_view destination, std::size_t limit)
      -> Result<std::vector<CaseVersion>> = 0;
  /// `destination` has everything up to `sequence` for good.
  [[nodiscard]] virtual auto mark_cases_delivered(std::string_view destination,
                                                  std::uint64_t sequence) -> Result<> = 0;
  /// Forgets versions that were told before `before`, have a newer one, and are delivered
  /// everywhere. Returns how many.
  [[nodiscard]] virtual auto forget_cases(DateTime before) -> Result<std::uint64_t> = 0;
  /// Newest first.
  [[nodiscard]] virtual auto case_findings(std::size_t limit)
      -> Result<std::vector<CaseFinding>> = 0;
};

} // namespace sluice::ledger

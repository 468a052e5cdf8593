// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "destination/destination.hpp"
#include "ledger/ledger.hpp"

namespace sluice::pipeline {

/// A destination that is opened for a delivery and let go afterwards, so that others can use what
/// is behind it in between.
struct DestinationSlot {
  std::string name;
  /// The delivery ends early when the token says so.
  std::function<auto(const std::stop_token&)->Result<std::unique_ptr<destination::Destination>>>
      open;
  /// Contents that are made durable at the destination together, at most.
  std::size_t group = 128;
  /// And bytes of their staged objects, unless one alone has more.
  std::uint64_t group_bytes = std::numeric_limits<std::uint64_t>::max();
  /// The destination knows a repetition by the group's name, so that a group has to come again
  /// exactly as it came before.
  bool named_groups = false;
};

/// Contents that are delivered together.
struct DeliveryGroup {
  std::string name; ///< 32 hexadecimal digits; made of what is in it.
  std::vector<ledger::Delivery> deliveries;
};

/// Versions of cases that are delivered together.
struct CaseGroup {
  std::string name;
  std::string epoch;
  std::vector<ledger::CaseVersion> cases;
};

/// Cuts what a destination does not have yet into groups. Where groups have names, the ledger keeps
/// what is in the one that is under way, so that after a crash, whatever came meanwhile, the same
/// contents are delivered under the same name.
///
/// Threads: one at a time.
class DeliveryGroups {
public:
  /// Both must outlive the object.
  DeliveryGroups(ledger::Ledger& ledger, const DestinationSlot& slot)
      : ledger_{ledger},
        slot_{slot} {}

  /// Empty when the destination has everything.
  /// Errors: storage.
  [[nodiscard]] auto next() -> Result<DeliveryGroup>;
  /// The group that `next` gave is marked as delivered.
  /// Errors: storage.
  [[nodiscard]] auto finished() -> Result<>;
  /// The same for cases, which need no `finished`.
  /// Errors: storage.
  [[nodiscard]] auto next_cases() -> Result<CaseGroup>;

private:
  [[nodiscard]] auto cut() -> Result<std::vector<ledger::Delivery>>;
  [[nodiscard]] auto found_again(const std::vector<std::string>& lines)
      -> Result<std::vector<ledger::Delivery>>;

  ledger::Ledger& ledger_;
  const DestinationSlot& slot_;
};

} // namespace sluice::pipeline

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <stop_token>
#include <string_view>
#include <vector>

#include "archive/archive.hpp"
#include "base/clock.hpp"
#include "destination/destination.hpp"
#include "ledger/ledger.hpp"
#include "pipeline/delivery_group.hpp"
#include "pipeline/progress.hpp"

namespace sluice::pipeline {

/// Brings one destination what it does not have yet: staged records that are not duplicates, and
/// the cases that were told. Tells the ledger once the destination has made a group durable.
///
/// Threads: one at a time. Deliveries to several destinations run side by side.
class DestinationDelivery {
public:
  /// Staged objects up to `max_staged_bytes` are taken into memory. What is passed in must outlive
  /// the object.
  DestinationDelivery(const DestinationSlot& slot,
                      ledger::Ledger& ledger,
                      archive::Archive& archive,
                      std::size_t max_staged_bytes,
                      Clock& clock,
                      Progress& progress);

  /// Delivers until nothing is left.
  /// Errors: the destination's; storage; unavailable when another process delivers to it.
  [[nodiscard]] auto run(const std::stop_token& stop) -> Result<>;

private:
  [[nodiscard]] auto has_something() -> Result<bool>;
  [[nodiscard]] auto check_identity(const destination::Destination& destination) -> Result<>;
  [[nodiscard]] auto deliver_group(destination::Destination& destination,
                                   const DeliveryGroup& group) -> Result<>;
  [[nodiscard]] auto set_aside_refused(const destination::Delivery& flushed,
                                       std::vector<ledger::Delivery>& taken) -> Result<>;
  [[nodiscard]] auto deliver_one(destination::Destination& destination,
                                 const ledger::Delivery& delivery,
                                 DateTime now) -> Result<bool>;
  [[nodiscard]] auto deliver_cases(destination::Destination& destination,
                                   const std::stop_token& stop) -> Result<>;
  [[nodiscard]] auto set_aside(const ledger::Delivery& delivery,
                               std::string_view event,
                               const Error& error) -> Result<>;

  const DestinationSlot& slot_;
  ledger::Ledger& ledger_;
  archive::Archive& archive_;
  const std::size_t max_staged_bytes_;
  Clock& clock_;
  Progress& progress_;
  /// It was opened, and so checked for its identity, in this run.
  bool checked_ = false;
};

} // namespace sluice::pipeline

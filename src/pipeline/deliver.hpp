// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "archive/archive.hpp"
#include "base/clock.hpp"
#include "destination/destination.hpp"
#include "ledger/ledger.hpp"
#include "pipeline/delivery_group.hpp"
#include "pipeline/progress.hpp"
#include "pipeline/stage.hpp"

namespace sluice::pipeline {

/// Brings the staged records that are not duplicates, and the cases that were told, to every
/// destination, in groups, and tells the ledger once the destination has made a group durable.
///
/// A destination whose identity changed has lost what it had (somebody deleted it, or it was
/// damaged): everything that is staged is brought to it again.
class Deliver final : public Stage {
public:
  struct Options {
    /// From the end of one delivery to the beginning of the next, while more is being collected.
    std::chrono::milliseconds interval{std::chrono::seconds{2}};
    /// A run that is to end gives up on a destination that cannot be opened, or that another
    /// process delivers to, after this long.
    std::chrono::seconds patience{60};
    /// The largest staged object that is taken into memory. Bytes.
    std::size_t max_staged_bytes = std::size_t{256} * 1024 * 1024;
  };

  /// What is passed in must outlive the stage.
  Deliver(std::span<const DestinationSlot> destinations,
          ledger::Ledger& ledger,
          archive::Archive& archive,
          Options options,
          Clock& clock,
          Progress& progress);

  [[nodiscard]] auto name() const noexcept -> std::string_view override { return "deliver"; }
  /// Errors: as for `Stage::run`; unavailable when a destination could not be reached.
  [[nodiscard]] auto run(Doorbell& upstream, Doorbell& downstream, const std::stop_token& stop)
      -> Result<> override;

  /// Brings one destination what it does not have yet.
  /// Errors: the destination's; storage.
  [[nodiscard]] auto deliver_to(const DestinationSlot& slot, const std::stop_token& stop)
      -> Result<>;

private:
  [[nodiscard]] auto has_something_for(const DestinationSlot& slot) -> Result<bool>;
  [[nodiscard]] auto check_identity(const DestinationSlot& slot,
                                    const destination::Destination& destination) -> Result<>;
  [[nodiscard]] auto deliver_group(destination::Destination& destination,
                                   std::string_view name,
                                   const DeliveryGroup& group) -> Result<>;
  [[nodiscard]] auto set_aside_refused(const destination::Delivery& flushed,
                                       std::vector<ledger::Delivery>& taken) -> Result<>;
  [[nodiscard]] auto deliver_one(destination::Destination& destination,
                                 const ledger::Delivery& delivery,
                                 DateTime now) -> Result<bool>;
  [[nodiscard]] auto deliver_cases(destination::Destination& destination,
                                   const DestinationSlot& slot,
                                   const std::stop_token& stop) -> Result<>;
  [[nodiscard]] auto set_aside(const ledger::Delivery& delivery,
                               std::string_view event,
                               const Error& error) -> Result<>;

  const std::span<const DestinationSlot> destinations_;
  ledger::Ledger& ledger_;
  archive::Archive& archive_;
  const Options options_;
  Clock& clock_;
  Progress& progress_;
  /// Destinations that were opened, and so checked for their identity, in this run.
  std::vector<std::string> checked_;
};

} // namespace sluice::pipeline

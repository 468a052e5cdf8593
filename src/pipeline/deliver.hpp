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
/// destination, in groups, and tells the ledger once the destination has made a group durable. Each
/// destination is served on a thread of its own: one that is slow or fails does not hold up the
/// others.
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
    /// A destination that refuses for good (no right, no table) is asked again after this long,
    /// while more is being collected.
    std::chrono::milliseconds mending_time{std::chrono::minutes{5}};
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
  /// Errors: as for `Stage::run`; unavailable when a destination could not be reached. All other
  /// destinations have what there was, unless the error is one that ends the run.
  [[nodiscard]] auto run(Doorbell& upstream, Doorbell& downstream, const std::stop_token& stop)
      -> Result<> override;

private:
  [[nodiscard]] auto serve(const DestinationSlot& slot, Doorbell& bell, const std::stop_token& stop)
      -> Result<>;
  void wait_for_a_mend(Doorbell& bell, const std::stop_token& stop);

  const std::span<const DestinationSlot> destinations_;
  ledger::Ledger& ledger_;
  archive::Archive& archive_;
  const Options options_;
  Clock& clock_;
  Progress& progress_;
};

} // namespace sluice::pipeline

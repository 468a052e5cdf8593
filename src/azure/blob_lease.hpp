// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

#include "azure/blob_container.hpp"
#include "base/result.hpp"

namespace sluice::azure {

/// The exclusive right to write one blob for a while. While it lasts the service refuses every
/// write that does not show `id`, so a holder that was thought dead cannot write after it was
/// succeeded.
///
/// Use:     `acquire`, show `id` in `BlobCondition::lease_id`, `renew` well before the end,
/// `release`.
///          Nothing is released by destruction: the lease then ends by itself.
/// Threads: one at a time.
class BlobLease {
public:
  /// `duration` is 15 to 60 seconds (documented). `container` must outlive the lease.
  /// Errors: as for `BlobContainer`; a conflict `LeaseAlreadyPresent` when another holds it.
  [[nodiscard]] static auto acquire(const BlobContainer& container,
                                    std::string name,
                                    std::chrono::seconds duration,
                                    const std::stop_token& stop) -> Result<BlobLease>;

  /// From now on for the whole duration again.
  /// Errors: a conflict when it was lost; then it is never ours again.
  [[nodiscard]] auto renew(const std::stop_token& stop) -> Result<>;
  /// Errors: a conflict when it was lost.
  [[nodiscard]] auto release(const std::stop_token& stop) -> Result<>;

  [[nodiscard]] auto id() const noexcept -> const std::string& { return id_; }

private:
  BlobLease(const BlobContainer& container, std::string name, std::string id)
      : container_{&container},
        name_{std::move(name)},
        id_{std::move(id)} {}

  const BlobContainer* container_;
  std::string name_;
  std::string id_;
};

/// Ends another's lease at once, so that the blob can be written or deleted. For people.
[[nodiscard]] auto break_lease(const BlobContainer& container,
                               std::string_view name,
                               const std::stop_token& stop) -> Result<>;

} // namespace sluice::azure

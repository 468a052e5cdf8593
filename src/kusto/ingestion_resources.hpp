// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "kusto/cluster.hpp"

namespace sluice::kusto {

/// What a cluster lends to those who ingest by its queues: addresses with their signatures, of
/// which any one of a kind will do, and a text that says who we are.
struct IngestionResources {
  /// The cluster wants blobs to be handed in over REST, and lends containers alone for that.
  bool by_rest = false;
  std::vector<Secret> containers = {};
  std::vector<Secret> queues = {};
  std::vector<Secret> status_tables = {}; ///< May be empty.
  std::vector<Secret> successes = {};     ///< Queues that tell of them; may be empty.
  std::vector<Secret> failures = {};      ///< May be empty.
  Secret identity = {};
};

/// Keeps them for an hour, as Microsoft's own clients do; their signatures live longer.
///
/// Threads: any; one asks the cluster while the others wait.
class IngestionLending {
public:
  static constexpr auto life = std::chrono::hours{1};

  /// `management` is the cluster's data management service; both must outlive the object.
  IngestionLending(Cluster& management, Clock& clock) : management_{management}, clock_{clock} {}

  /// Errors: those of `Cluster::ask`; malformed when a kind is missing.
  [[nodiscard]] auto current(const std::stop_token& stop)
      -> Result<std::shared_ptr<const IngestionResources>>;
  /// One of `refused` was not let in: the next `current` asks for new ones.
  void renew(const std::shared_ptr<const IngestionResources>& refused);
  /// What the cluster said about REST is not so: nothing is handed in that way for the next hour.
  void give_up_rest();

  [[nodiscard]] auto management() noexcept -> Cluster& { return management_; }

private:
  [[nodiscard]] auto fetch(const std::stop_token& stop)
      -> Result<std::shared_ptr<const IngestionResources>>;
  /// Nothing where the cluster wants its queues to be used, or knows no other way.
  [[nodiscard]] auto fetch_for_rest(const std::stop_token& stop)
      -> Result<std::optional<IngestionResources>>;

  Cluster& management_;
  Clock& clock_;
  std::mutex mutex_;
  std::shared_ptr<const IngestionResources> kept_;
  std::chrono::nanoseconds fetched_{};
  std::optional<std::chrono::nanoseconds> rest_given_up_; ///< When, by the steady clock.
};

} // namespace sluice::kusto

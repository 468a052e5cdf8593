// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "activity/content.hpp"
#include "activity/content_reader.hpp"
#include "activity/feed_connection.hpp"
#include "activity/subscriptions.hpp"
#include "http/concurrency_limit.hpp"
#include "ledger/content.hpp"

namespace sluice::pipeline {

/// One tenant as the stages see it: what to collect, and the way to it.
///
/// Threads: any. `connection` must outlive it.
struct TenantFeed {
  TenantFeed(std::string tenant_name,
             std::vector<activity::ContentType> content_types,
             activity::FeedConnection& feed_connection,
             int parallel_retrievals,
             int busy = busy_retrievals())
      : name{std::move(tenant_name)},
        types{std::move(content_types)},
        connection{feed_connection},
        subscriptions{feed_connection},
        reader{feed_connection},
        concurrency{parallel_retrievals, busy} {}

  /// Retrievals that keep every core busy when contents come faster than they are worked on: more
  /// would only wait, each with its memory. Fewer than three a core were slower (measured).
  [[nodiscard]] static auto busy_retrievals() -> int {
    return 3 * static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  }

  [[nodiscard]] auto id() const -> const std::string& {
    return connection.address().tenant().text();
  }
  [[nodiscard]] auto feed(activity::ContentType type) const -> ledger::Feed {
    return {id(), std::string{activity::wire_name(type)}};
  }

  std::string name; ///< For people.
  std::vector<activity::ContentType> types;
  activity::FeedConnection& connection;
  activity::Subscriptions subscriptions;
  activity::ContentReader reader;
  http::ConcurrencyLimit concurrency; ///< Of retrievals; throttling and haste narrow it.
  std::mutex starting;                ///< Held while a subscription is started; guards `started`.
  std::map<activity::ContentType, DateTime> started; ///< When this process last did so.
};

} // namespace sluice::pipeline

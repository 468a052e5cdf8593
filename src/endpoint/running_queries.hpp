// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

namespace sluice::endpoint {

/// The queries that run, by the ids that their clients gave them, so that `.cancel query` finds
/// them.
///
/// Threads: any.
class RunningQueries {
public:
  /// Adds a query to be stopped through `stop`; `remove` it when it ended. Ids need not be unique.
  void add(const std::string& client_request_id, const std::stop_source& stop);
  void remove(const std::string& client_request_id, const std::stop_source& stop);
  /// Stops all queries of that id and says how many there were.
  auto cancel(std::string_view client_request_id) -> std::size_t;
  void cancel_all();

private:
  std::mutex mutex_;
  std::multimap<std::string, std::stop_source, std::less<>> queries_;
};

/// One that runs as long as this lives. `queries` must outlive it.
class RunningQuery {
public:
  RunningQuery(RunningQueries& queries, std::string client_request_id);
  RunningQuery(const RunningQuery&) = delete;
  auto operator=(const RunningQuery&) -> RunningQuery& = delete;
  ~RunningQuery();

  [[nodiscard]] auto stop() const -> std::stop_token { return stop_.get_token(); }

private:
  RunningQueries& queries_;
  const std::string client_request_id_;
  std::stop_source stop_;
};

} // namespace sluice::endpoint

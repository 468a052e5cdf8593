// SPDX-License-Identifier: Apache-2.0
#include "endpoint/running_queries.hpp"

#include <utility>

namespace sluice::endpoint {

void RunningQueries::add(const std::string& client_request_id, const std::stop_source& stop) {
  const std::lock_guard lock{mutex_};
  queries_.emplace(client_request_id, stop);
}

void RunningQueries::remove(const std::string& client_request_id, const std::stop_source& stop) {
  const std::lock_guard lock{mutex_};
  auto [at, last] = queries_.equal_range(client_request_id);
  while (at != last && at->second != stop) {
    ++at;
  }
  if (at != last) {
    queries_.erase(at);
  }
}

auto RunningQueries::cancel(std::string_view client_request_id) -> std::size_t {
  const std::lock_guard lock{mutex_};
  std::size_t count = 0;
  for (auto [at, last] = queries_.equal_range(client_request_id); at != last; ++at) {
    at->second.request_stop();
    ++count;
  }
  return count;
}

void RunningQueries::cancel_all() {
  const std::lock_guard lock{mutex_};
  for (auto& [id, stop] : queries_) {
    stop.request_stop();
  }
}

RunningQuery::RunningQuery(RunningQueries& queries, std::string client_request_id)
    : queries_{queries},
      client_request_id_{std::move(client_request_id)} {
  queries_.add(client_request_id_, stop_);
}

RunningQuery::~RunningQuery() {
  queries_.remove(client_request_id_, stop_);
}

} // namespace sluice::endpoint

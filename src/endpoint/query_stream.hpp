// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "base/bounded_queue.hpp"
#include "base/result.hpp"
#include "endpoint/query_request.hpp"
#include "endpoint/result_writer.hpp"
#include "endpoint/service.hpp"
#include "endpoint/shared_store.hpp"
#include "kql/plan.hpp"

namespace sluice::endpoint {

/// One running query whose answer goes out while it is made, so that a large one needs little room.
///
/// Use:     construct, `wait_for_first`, then `next` until it says that there is no more. Its end
///          stops the query.
/// Threads: one takes; one of its own makes.
class QueryStream {
public:
  /// `service` must outlive the stream. The lease lasts as long as the query runs.
  QueryStream(Service& service,
              SharedStore::Lease lease,
              kql::Plan plan,
              QueryRequest request,
              ResultForm form,
              RequestIds ids);
  QueryStream(const QueryStream&) = delete;
  auto operator=(const QueryStream&) -> QueryStream& = delete;
  ~QueryStream();

  /// Waits until the beginning of the answer is there.
  /// Errors: what the query failed with before any row could be sent.
  [[nodiscard]] auto wait_for_first() -> Result<>;
  /// The next piece; nothing after the last one.
  [[nodiscard]] auto next() -> std::optional<std::string>;

private:
  void make();
  [[nodiscard]] auto run(ResultWriter& writer) -> Result<Completion>;

  Service& service_;
  std::optional<SharedStore::Lease> lease_;
  const kql::Plan plan_;
  const QueryRequest request_;
  const ResultForm form_;
  const RequestIds ids_;
  BoundedQueue<std::string> pieces_;
  bool begun_ = false; ///< Of the maker alone.
  std::promise<Result<>> first_;
  std::stop_source stop_;
  std::jthread maker_;
};

} // namespace sluice::endpoint

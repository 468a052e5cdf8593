// SPDX-License-Identifier: Apache-2.0
#include "endpoint/query_stream.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace sluice::endpoint {
namespace {

/// Pieces that wait for a slow client.
constexpr std::size_t pieces_ahead = 8;

} // namespace

QueryStream::QueryStream(Service& service,
                         SharedStore::Lease lease,
                         kql::Plan plan,
                         QueryRequest request,
                         ResultForm form,
                         RequestIds ids)
    : service_{service},
      lease_{std::move(lease)},
      plan_{std::move(plan)},
      request_{std::move(request)},
      form_{form},
      ids_{std::move(ids)},
      pieces_{pieces_ahead} {
  service_.queries.add(ids_.client_request_id, stop_);
  maker_ = std::jthread{[this] { make(); }};
}

QueryStream::~QueryStream() {
  stop_.request_stop();
  maker_.join();
  service_.queries.remove(ids_.client_request_id, stop_);
}

auto QueryStream::wait_for_first() -> Result<> {
  return first_.get_future().get();
}

auto QueryStream::next() -> std::optional<std::string> {
  return pieces_.pop(stop_.get_token());
}

void QueryStream::make() {
  const auto emit = [this](std::string&& piece) -> Result<> {
    if (!std::exchange(begun_, true)) {
      first_.set_value({});
    }
    if (!pieces_.push(std::move(piece), stop_.get_token())) {
      return Error{ErrorKind::cancelled, "the client left"};
    }
    return {};
  };
  const auto writer = make_result_writer(form_, emit, request_.max_bytes);
  auto completion = run(*writer);
  lease_.reset();
  const auto finished = completion ? writer->finish(*completion) : std::move(completion).error();
  if (!begun_) {
    first_.set_value(finished);
  }
  pieces_.close();
}

auto QueryStream::run(ResultWriter& writer) -> Result<Completion> {
  const auto now = service_.clock.now();
  const auto most = std::min(request_.max_rows, request_.take.value_or(request_.max_rows));
  const auto summary = (*lease_)->run(plan_,
                                      writer,
                                      {.now = request_.now.value_or(now),
                                       .max_rows = most,
                                       .timeout = request_.timeout,
                                       .stop = stop_.get_token()},
                                      service_.clock);
  Completion completion{.now = now,
                        .client_request_id = ids_.client_request_id,
                        .activity_id = ids_.activity_id,
                        .failure = std::nullopt,
                        .deferred = request_.deferred_failures};
  if (!summary) {
    const bool too_large = summary.error().code() == "E_QUERY_RESULT_SET_TOO_LARGE";
    if (!begun_ && !too_large) {
      return summary.error();
    }
    completion.failure = summary.error();
  } else if (summary->truncated && !request_.take) {
    completion.failure =
        Error{ErrorKind::invalid_input,
              fmt::format("the query has more than {} rows (80DA0003)", request_.max_rows)}
            .with_code("E_QUERY_RESULT_SET_TOO_LARGE")
            .with_hint("narrow the query, or set notruncation");
  }
  return completion;
}

} // namespace sluice::endpoint

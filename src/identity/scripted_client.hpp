// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <span>
#include <vector>

#include "http/client.hpp"

/// For tests.
namespace sluice::identity {

/// Answers with what it was told to, in order, and remembers what it was asked. With nothing left,
/// nobody answers.
class ScriptedClient final : public http::HttpClient {
public:
  auto stream(const http::Request& request, http::BodySink& sink, const std::stop_token&)
      -> Result<http::ResponseHead> override {
    requests.push_back(request);
    if (replies.empty()) {
      return Error{ErrorKind::unavailable, "nobody answers"};
    }
    const auto reply = replies.front();
    replies.pop_front();
    TRY_DO(sink.begin(reply.head));
    TRY_DO(sink.write(std::as_bytes(std::span{reply.body})));
    return reply.head;
  }

  std::deque<http::Response> replies;
  std::vector<http::Request> requests;
};

} // namespace sluice::identity

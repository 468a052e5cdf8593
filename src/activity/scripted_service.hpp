// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "activity/feed_connection.hpp"
#include "base/clock.hpp"
#include "http/client.hpp"
#include "http/rate_limiter.hpp"
#include "identity/token_source.hpp"

namespace sluice::activity {

/// Answers requests with the responses that were put in, in order, and keeps the requests. A
/// request too many fails the test.
class ScriptedClient final : public http::HttpClient {
public:
  void answer(int status, std::string body, http::Headers headers = {}) {
    script_.push_back(http::Response{{status, std::move(headers)}, std::move(body)});
  }
  void answer(Error error) { script_.push_back(std::move(error)); }

  auto stream(const http::Request& request, http::BodySink& sink, const std::stop_token&)
      -> Result<http::ResponseHead> override {
    requests.push_back(request.url.text());
    methods.push_back(request.method);
    TRY(const auto token, request.bearer->reveal_to(request.url.origin()));
    tokens.emplace_back(token.reveal());
    if (script_.empty()) {
      ADD_FAILURE() << "an unexpected request: " << request.url.text();
      return Error{ErrorKind::unavailable, "no more answers"};
    }
    auto next = std::move(script_.front());
    script_.pop_front();
    TRY(const auto response, std::move(next));
    TRY_DO(sink.begin(response.head));
    if (!response.body.empty()) {
      TRY_DO(sink.write(std::as_bytes(std::span{response.body.data(), response.body.size()})));
    }
    if (comes_fast) {
      sink.fell_behind();
    }
    return response.head;
  }

  bool comes_fast = false; ///< Faster than sinks take it.
  std::vector<std::string> requests;
  std::vector<http::Method> methods;
  std::vector<std::string> tokens;

private:
  std::deque<Result<http::Response>> script_;
};

/// Gives `token-1` until it is refused, then `token-2`, ...
class ScriptedTokens final : public identity::TokenSource {
public:
  explicit ScriptedTokens(http::Origin origin) : origin_{std::move(origin)} {}

  auto token(const std::stop_token&) -> Result<http::Bearer> override {
    return http::Bearer{origin_, Secret{"token-" + std::to_string(number_)}};
  }
  void invalidate(const http::Bearer&) override { ++number_; }

private:
  const http::Origin origin_;
  int number_ = 1;
};

/// One tenant's connection to a scripted service.
class FeedTest : public testing::Test {
protected:
  static constexpr auto tenant = "11111111-2222-3333-4444-555555555555";
  static constexpr auto publisher = "99999999-2222-3333-4444-555555555555";
  static constexpr auto root =
      "https://manage.office.com/api/v1.0/11111111-2222-3333-4444-555555555555/activity/feed/";

  http::Url management_ = *http::Url::parse("https://manage.office.com");
  FeedAddress address_ = *FeedAddress::create(management_, TenantId{tenant}, publisher);
  ManualClock clock_{*parse_iso8601("2026-07-13T10:00:00Z")};
  ScriptedClient client_;
  ScriptedTokens tokens_{management_.origin()};
  http::RateLimiter limiter_{{}, clock_};
  FeedConnection connection_{address_, client_, tokens_, limiter_, clock_};
};

} // namespace sluice::activity

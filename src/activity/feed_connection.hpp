// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <stop_token>

#include "activity/feed_address.hpp"
#include "activity/server_clock.hpp"
#include "base/clock.hpp"
#include "http/client.hpp"
#include "http/rate_limiter.hpp"
#include "identity/token_source.hpp"

namespace sluice::activity {

/// One tenant's way to the API: adds the token and the publisher, keeps to the rate, renews a
/// refused token once, watches the service's clock. `Subscriptions`, `ContentListing` and
/// `ContentReader` speak through it.
///
/// Use:     create one per tenant; all that is passed in must outlive it.
/// Threads: any.
class FeedConnection {
public:
  FeedConnection(FeedAddress address,
                 http::HttpClient& client,
                 identity::TokenSource& tokens,
                 http::RateLimiter& limiter,
                 Clock& clock);

  [[nodiscard]] auto address() const noexcept -> const FeedAddress& { return address_; }
  /// Windows must be planned by this clock, not by our own.
  [[nodiscard]] auto server_clock() const noexcept -> const ServerClock& { return server_clock_; }

  /// Sends to `url`, which `address` built, and returns the 2xx response.
  /// Errors: those of the token source and of `HttpClient::send`; any other status as `to_error`
  /// reads it.
  [[nodiscard]] auto call(http::Method method, const http::Url& url, const std::stop_token& stop)
      -> Result<http::Response>;

  /// Gets `url` and hands the body to `sink` if the status is 2xx; `sink` sees nothing of a
  /// refusal. Errors: as for `call`, and the sink's.
  [[nodiscard]] auto retrieve(const http::Url& url,
                              http::BodySink& sink,
                              const std::stop_token& stop) -> Result<http::ResponseHead>;

private:
  class RefusalFilter;
  [[nodiscard]] auto attempt(const http::Request& request,
                             http::BodySink& sink,
                             const std::stop_token& stop) -> Result<http::ResponseHead>;
  [[nodiscard]] auto with_token(http::Request request,
                                http::BodySink& sink,
                                const std::stop_token& stop) -> Result<http::ResponseHead>;

  const FeedAddress address_;
  http::HttpClient& client_;
  identity::TokenSource& tokens_;
  http::RateLimiter& limiter_;
  Clock& clock_;
  ServerClock server_clock_;
};

} // namespace sluice::activity

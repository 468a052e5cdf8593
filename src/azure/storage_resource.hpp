// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "azure/authorization.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/client.hpp"
#include "http/retry_policy.hpp"
#include "http/url.hpp"

namespace sluice::azure {

/// One request to storage, without what every request has.
struct StorageCall {
  http::Method method = http::Method::get;
  /// Follows the resource's own path as it stands, percent-encoded: `/messages`.
  std::string path = {};
  /// Percent-encoded: `comp=list&prefix=a`.
  std::string query = {};
  http::Headers headers = {};
  std::string body = {};
  std::size_t max_reply_bytes = std::size_t{8} * 1024 * 1024;
  /// The reply within a successful reply that says how it really went, as transactions have it.
  /// Errors: malformed.
  std::function<auto(const http::Response&)->Result<http::Response>> inner = {};
};

/// One container, queue or table: where it is, how we may use it, and how failed requests are tried
/// again. `BlobContainer`, `Queue` and `Table` are made of one.
///
/// Threads: any.
class StorageResource {
public:
  struct Options {
    http::RetryPolicy::Options retry{.first_wait = std::chrono::milliseconds{500},
                                     .longest_wait = std::chrono::seconds{30},
                                     .most_retries = 5};
    /// For one attempt.
    std::chrono::milliseconds total_time{std::chrono::seconds{120}};
  };

  /// `client` and `clock` must outlive it; `url` has no query.
  StorageResource(http::HttpClient& client,
                  Clock& clock,
                  StorageService service,
                  http::Url url,
                  std::shared_ptr<Authorization> authorization,
                  Options options);
  StorageResource(http::HttpClient& client,
                  Clock& clock,
                  StorageService service,
                  http::Url url,
                  std::shared_ptr<Authorization> authorization)
      : StorageResource{
            client, clock, service, std::move(url), std::move(authorization), Options{}} {}

  /// A resource whose address carries its shared access signature:
  /// `https://account.blob.core.windows.net/container?sv=...&sig=...`.
  /// Errors: invalid_input, without the address, when it is malformed, has no query, or is plain
  /// http to anything but a loopback address.
  [[nodiscard]] static auto from_signed_address(http::HttpClient& client,
                                                Clock& clock,
                                                StorageService service,
                                                const Secret& address,
                                                Options options) -> Result<StorageResource>;

  /// Sends `call`, and again while `Options::retry` allows it and the error is a passing one. A
  /// repetition may find its own earlier work: see `is_conflict`. Every 2xx is a success.
  /// Errors: those of `storage_error` and of `http::HttpClient::send`.
  [[nodiscard]] auto send(StorageCall call, const std::stop_token& stop) const
      -> Result<http::Response>;

  /// Without signature.
  [[nodiscard]] auto url() const noexcept -> const http::Url& { return url_; }

private:
  [[nodiscard]] auto attempt(StorageCall& call,
                             const std::stop_token& stop,
                             bool& try_at_once) const -> Result<http::Response>;
  [[nodiscard]] auto request_for(StorageCall& call) const -> Result<http::Request>;

  http::HttpClient* client_;
  Clock* clock_;
  StorageService service_;
  http::Url url_;
  /// Shared by all resources of one account.
  std::shared_ptr<Authorization> authorization_;
  Options options_;
};

} // namespace sluice::azure

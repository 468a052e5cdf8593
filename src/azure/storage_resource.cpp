// SPDX-License-Identifier: Apache-2.0
#include "azure/storage_resource.hpp"

#include <utility>

#include <fmt/format.h>

#include "azure/storage_error.hpp"
#include "http/http_date.hpp"

namespace sluice::azure {
namespace {

/// Knows CRC-64 in puts (2019-02-02), bearer tokens for tables (2020-12-06) and is known to every
/// emulator and private cloud of the last years (documented).
constexpr auto api_version = "2021-12-02";

auto is_success(const http::Response& response) -> bool {
  return response.head.status >= 200 && response.head.status < 300;
}

} // namespace

StorageResource::StorageResource(http::HttpClient& client,
                                 Clock& clock,
                                 StorageService service,
                                 http::Url url,
                                 std::shared_ptr<Authorization> authorization,
                                 Options options)
    : client_{&client},
      clock_{&clock},
      service_{service},
      url_{std::move(url)},
      authorization_{std::move(authorization)},
      options_{options} {}

auto StorageResource::from_signed_address(http::HttpClient& client,
                                          Clock& clock,
                                          StorageService service,
                                          const Secret& address,
                                          Options options) -> Result<StorageResource> {
  const auto text = address.reveal();
  const auto mark = text.find('?');
  if (mark == std::string_view::npos || mark + 1 == text.size()) {
    return Error{ErrorKind::invalid_input, "a storage address without a shared access signature"};
  }
  TRY(auto url, http::Url::parse(text.substr(0, mark)).while_doing("a signed storage address"));
  if (url.origin().scheme != "https" && !url.origin().is_loopback()) {
    return Error{ErrorKind::invalid_input, "a signed storage address must be https"};
  }
  return StorageResource{client,
                         clock,
                         service,
                         std::move(url),
                         shared_access_signature(Secret{std::string{text.substr(mark + 1)}}),
                         options};
}

auto StorageResource::send(StorageCall call, const std::stop_token& stop) const
    -> Result<http::Response> {
  http::RetryPolicy policy{options_.retry, static_cast<std::uint64_t>(clock_->steady().count())};
  bool try_at_once = true;
  for (int retry = 1;; ++retry) {
    const bool was_first_proof = try_at_once;
    auto response = attempt(call, stop, try_at_once);
    if (response) {
      return response;
    }
    if (was_first_proof && !try_at_once) {
      continue; // With a new token.
    }
    const auto wait = policy.wait_before(retry, response.error());
    if (!wait) {
      return response;
    }
    if (!clock_->wait(*wait, stop)) {
      return Error{ErrorKind::cancelled, "waiting to ask storage again"};
    }
  }
}

auto StorageResource::attempt(StorageCall& call,
                              const std::stop_token& stop,
                              bool& try_at_once) const -> Result<http::Response> {
  TRY(auto request, request_for(call));
  auto authorized = authorization_->authorize(request, service_, stop);
  auto response =
      authorized ? client_->send(request, stop) : Result<http::Response>{authorized.error()};
  call.body = std::move(request.body);
  if (call.inner && response && is_success(*response)) {
    response = call.inner(*response);
  }
  if (!response || is_success(*response)) {
    return response;
  }
  auto error = storage_error(*response, clock_->now());
  if (error.kind() == ErrorKind::unauthorized && try_at_once && authorization_->refused(request)) {
    try_at_once = false;
  }
  return error;
}

auto StorageResource::request_for(StorageCall& call) const -> Result<http::Request> {
  const auto& root = url_.path();
  TRY(auto url,
      url_.with_target(root.ends_with('/') && call.path.starts_with('/')
                           ? root + call.path.substr(1)
                           : root + call.path,
                       call.query));
  auto headers = call.headers;
  headers.add("x-ms-version", api_version);
  headers.add("x-ms-date", http::to_http_date(clock_->now()));
  return http::Request{.method = call.method,
                       .url = std::move(url),
                       .headers = std::move(headers),
                       .body = std::move(call.body),
                       .bearer = std::nullopt,
                       .accept_gzip = false,
                       .total_time = options_.total_time,
                       .max_body_bytes = call.max_reply_bytes};
}

} // namespace sluice::azure

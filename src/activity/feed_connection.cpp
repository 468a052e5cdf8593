// SPDX-License-Identifier: Apache-2.0
#include "activity/feed_connection.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "activity/api_error.hpp"
#include "base/gzip.hpp"

namespace sluice::activity {
namespace {

/// Enough of a refusal to understand it.
constexpr std::size_t max_refusal_bytes = 64 * 1024;
/// The largest listing page that is read into memory.
constexpr std::size_t max_reply_bytes = std::size_t{16} * 1024 * 1024;

auto is_success(int status) -> bool {
  return status >= 200 && status < 300;
}

/// Keeps a body in memory as it came.
class KeepingSink final : public http::BodySink {
public:
  auto begin(const http::ResponseHead&) -> Result<> override {
    body_.clear();
    return {};
  }
  auto write(std::span<const std::byte> bytes) -> Result<> override {
    if (bytes.size() > max_reply_bytes - body_.size()) {
      return Error{ErrorKind::malformed, "the reply is longer than 16 MiB"};
    }
    body_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  auto take() -> std::string { return std::move(body_); }

private:
  std::string body_;
};

auto is_gzip(const http::Headers& headers) -> bool {
  return http::equal_ignoring_case(headers.find("Content-Encoding").value_or(""), "gzip");
}

auto inflated(const http::Headers& headers, std::string body) -> Result<std::string> {
  if (!is_gzip(headers) || body.empty()) {
    return body;
  }
  std::string plain;
  Inflater inflater{Inflater::Limits{.max_output_bytes = max_reply_bytes}};
  TRY_DO(inflater.feed(body, [&plain](std::string_view part) -> Result<> {
    plain += part;
    return {};
  }));
  TRY_DO(inflater.finish());
  return plain;
}

} // namespace

/// Stands between the client and the caller's sink: passes a 2xx body on, keeps the start of any
/// other.
class FeedConnection::RefusalFilter final : public http::BodySink {
public:
  explicit RefusalFilter(http::BodySink& sink) : sink_{sink} {}

  auto begin(const http::ResponseHead& head) -> Result<> override {
    passes_ = is_success(head.status);
    return passes_ ? sink_.begin(head) : Result<>{};
  }

  auto write(std::span<const std::byte> bytes) -> Result<> override {
    if (passes_) {
      return sink_.write(bytes);
    }
    const auto kept = std::min(bytes.size(), max_refusal_bytes - refusal_.size());
    refusal_.append(reinterpret_cast<const char*>(bytes.data()), kept);
    return {};
  }

  void fell_behind() override { sink_.fell_behind(); }

  auto take_refusal() -> std::string { return std::move(refusal_); }

private:
  http::BodySink& sink_;
  bool passes_ = false;
  std::string refusal_;
};

FeedConnection::FeedConnection(FeedAddress address,
                               http::HttpClient& client,
                               identity::TokenSource& tokens,
                               http::RateLimiter& limiter,
                               Clock& clock)
    : address_{std::move(address)},
      client_{client},
      tokens_{tokens},
      limiter_{limiter},
      clock_{clock},
      server_clock_{clock} {}

auto FeedConnection::call(http::Method method, const http::Url& url, const std::stop_token& stop)
    -> Result<http::Response> {
  KeepingSink sink;
  auto head = with_token({.method = method,
                          .url = url,
                          .headers = {{"Accept", "application/json"}},
                          .body = {},
                          .bearer = std::nullopt},
                         sink,
                         stop);
  if (!head && head.error().kind() == ErrorKind::gone) {
    // An operation does not go away: a wrong endpoint, or a proxy that answers for it.
    return Error{ErrorKind::unavailable, head.error().message()}.with_hint(
        "check the tenant's cloud, or the custom management endpoint");
  }
  if (!head) {
    return std::move(head).error();
  }
  TRY(auto body, inflated(head->headers, sink.take()));
  return http::Response{*std::move(head), std::move(body)};
}

auto FeedConnection::retrieve(const http::Url& url,
                              http::BodySink& sink,
                              const std::stop_token& stop) -> Result<http::ResponseHead> {
  return with_token({.method = http::Method::get,
                     .url = url,
                     .headers = {{"Accept", "application/json"}},
                     .body = {},
                     .bearer = std::nullopt},
                    sink,
                    stop);
}

auto FeedConnection::with_token(http::Request request,
                                http::BodySink& sink,
                                const std::stop_token& stop) -> Result<http::ResponseHead> {
  TRY(request.bearer, tokens_.token(stop));
  auto head = attempt(request, sink, stop);
  if (head || head.error().kind() != ErrorKind::unauthorized) {
    return head;
  }
  tokens_.invalidate(*request.bearer);
  TRY(request.bearer, tokens_.token(stop));
  return attempt(request, sink, stop);
}

auto FeedConnection::attempt(const http::Request& request,
                             http::BodySink& sink,
                             const std::stop_token& stop) -> Result<http::ResponseHead> {
  TRY_DO(limiter_.acquire(stop));
  RefusalFilter filter{sink};
  TRY(auto head, client_.stream(request, filter, stop));
  server_clock_.observe(head.headers);
  if (is_success(head.status)) {
    limiter_.succeeded();
    return head;
  }
  // A refusal that does not inflate is still a refusal: its status has to do.
  auto body = inflated(head.headers, filter.take_refusal()).value_or(std::string{});
  auto error = to_error({std::move(head), std::move(body)}, clock_.now());
  if (error.kind() == ErrorKind::throttled && error.code() != "429") {
    limiter_.throttled(error.retry_after());
  }
  return error;
}

} // namespace sluice::activity

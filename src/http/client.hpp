// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "http/bearer.hpp"
#include "http/url.hpp"

namespace sluice::http {

/// Header fields in the order they came. Names compare without case: over HTTP/2 they are lower
/// case.
class Headers {
public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_{fields} {}

  void add(std::string name, std::string value);
  /// The first value of `name`, blanks around it removed.
  [[nodiscard]] auto find(std::string_view name) const noexcept -> std::optional<std::string_view>;
  [[nodiscard]] auto fields() const noexcept
      -> const std::vector<std::pair<std::string, std::string>>& {
    return fields_;
  }

private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

enum class Method : std::uint8_t { get, head, post, put, patch, del };

/// `"GET"` for `Method::get`.
[[nodiscard]] auto name_of(Method method) noexcept -> std::string_view;

struct Request {
  Method method = Method::get;
  Url url;
  Headers headers;
  /// Sent with its `Content-Length`, also when empty, by every method but GET and HEAD.
  std::string body;
  /// Becomes `Authorization: Bearer ...`, if `url` has the token's origin.
  std::optional<Bearer> bearer;
  /// Sends `Accept-Encoding: gzip`.
  bool accept_gzip = true;
  /// From the first byte out to the last byte in.
  std::chrono::milliseconds total_time{std::chrono::seconds{120}};
  /// `send` fails on a longer body, counted after inflating.
  std::size_t max_body_bytes = std::size_t{4} * 1024 * 1024;
};

struct ResponseHead {
  int status = 0;
  Headers headers;
};

struct Response {
  ResponseHead head;
  std::string body;
};

/// Where the body of a response goes while it arrives.
///
/// Threads: called by the thread that called `stream`, inside that call. A slow sink slows its own
/// transfer only: the server is made to wait once a little of the body has gathered, and none of
/// the time limits counts that wait.
class BodySink {
public:
  BodySink() = default;
  BodySink(const BodySink&) = delete;
  auto operator=(const BodySink&) -> BodySink& = delete;
  virtual ~BodySink() = default;

  /// Once, before the first byte of the body and also when there is none.
  /// Errors: any; it ends the transfer and becomes the result of `stream`.
  [[nodiscard]] virtual auto begin(const ResponseHead& head) -> Result<> = 0;
  /// The next bytes exactly as received: under `Content-Encoding: gzip` they are compressed. What
  /// came before a failure may be held back.
  /// Errors: as for `begin`.
  [[nodiscard]] virtual auto write(std::span<const std::byte> bytes) -> Result<> = 0;
  /// The body comes faster than `write` takes it, and had to stop. Any number of times, also
  /// before `begin`.
  virtual void fell_behind() {}
};

/// Speaks HTTP. `CurlClient` is the real one; tests bring their own.
///
/// Threads: all members may be called from any thread.
class HttpClient {
public:
  HttpClient() = default;
  HttpClient(const HttpClient&) = delete;
  auto operator=(const HttpClient&) -> HttpClient& = delete;
  virtual ~HttpClient() = default;

  /// Sends `request` and gives the body to `sink` as it arrives; returns when all of it was
  /// received. Any status is a success here; redirects are not followed.
  /// Errors: unavailable when there was no complete response (no connection, TLS refused, time-out,
  /// cut body); untrusted when `request.bearer` belongs to another origin; cancelled; the sink's.
  [[nodiscard]] virtual auto stream(const Request& request,
                                    BodySink& sink,
                                    const std::stop_token& stop) -> Result<ResponseHead> = 0;

  /// The same with the whole body in memory, inflated when it came as gzip.
  /// Errors: as for `stream`; malformed when the body is over `max_body_bytes` or not gzip as its
  /// header says.
  [[nodiscard]] auto send(const Request& request, const std::stop_token& stop) -> Result<Response>;
};

} // namespace sluice::http

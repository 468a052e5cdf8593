// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/body_buffer.hpp"
#include "http/client.hpp"
#include "http/curl_client.hpp"

struct curl_slist;

namespace sluice::http {

/// libcurl's easy handle, without its header.
using EasyHandle = void*;

class CurlTransfer;

/// What a waiting thread asks of the client's thread.
class TransferOrders {
public:
  TransferOrders() = default;
  TransferOrders(const TransferOrders&) = delete;
  auto operator=(const TransferOrders&) -> TransferOrders& = delete;
  virtual ~TransferOrders() = default;

  /// There is room for more of the body. Heard too late, it does nothing.
  virtual void resume(const CurlTransfer& transfer) = 0;
  /// Ends the transfer, if it has not ended by itself.
  virtual void cancel(const CurlTransfer& transfer) = 0;
};

/// One request on its way through `CurlClient`: lives on the stack of the thread that waits for it
/// while the client's thread works on it. The client's thread fills a buffer with the body, and the
/// waiting thread empties it into the sink: a slow sink pauses its own transfer, and no other.
class CurlTransfer {
public:
  /// `request` must outlive the transfer.
  explicit CurlTransfer(const Request& request);
  CurlTransfer(const CurlTransfer&) = delete;
  auto operator=(const CurlTransfer&) -> CurlTransfer& = delete;
  ~CurlTransfer();

  /// Readies what the request needs. Called by the waiting thread, before the transfer is handed
  /// over.
  /// Errors: untrusted when the token belongs elsewhere.
  [[nodiscard]] auto prepare() -> Result<>;
  /// Names the transfer among all of the process; an address is soon used again.
  [[nodiscard]] auto serial() const noexcept -> std::uint64_t { return serial_; }
  /// Gives the body to `sink` until `finish` or `fail`. Afterwards the client's thread knows the
  /// transfer no more.
  [[nodiscard]] auto wait(BodySink& sink, TransferOrders& orders) -> Result<ResponseHead>;

  /// The rest is the client's thread's.
  void configure(EasyHandle easy, const CurlClient::Options& options);
  [[nodiscard]] auto easy() const noexcept -> EasyHandle { return easy_; }
  /// `code` is libcurl's `CURLcode`.
  void finish(int code);
  void fail(Error error);
  /// Goes on after a pause. Returns libcurl's `CURLcode`; other than 0 the transfer has failed.
  [[nodiscard]] auto resume() -> int;

private:
  /// `curl_slist` texts hold the token, so they are wiped before they go.
  struct WipeHeaders {
    void operator()(curl_slist* list) const noexcept;
  };
  using HeaderList = std::unique_ptr<curl_slist, WipeHeaders>;

  static auto on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept
      -> std::size_t;
  static auto on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept
      -> std::size_t;

  void add_header(std::string_view line);
  void configure_method(EasyHandle easy);
  [[nodiscard]] auto take_header(std::string_view line) -> bool;
  [[nodiscard]] auto take_body(std::string_view bytes) -> std::size_t;
  void complete_head();
  [[nodiscard]] auto give(const BodyBuffer::Taken& taken, BodySink& sink) -> Result<>;
  [[nodiscard]] auto transport_error(int code) const -> Error;

  const std::uint64_t serial_;
  const Request& request_;
  const std::string url_;
  HeaderList sent_headers_;

  // The client's thread's until the body shows that they are complete.
  EasyHandle easy_ = nullptr;
  ResponseHead head_;
  std::size_t header_bytes_ = 0;
  bool head_complete_ = false;
  std::chrono::steady_clock::time_point paused_at_;
  std::chrono::steady_clock::duration paused_{};
  std::optional<Error> failure_; ///< Complete when the body has ended.
  std::array<char, 256> error_text_{};

  BodyBuffer body_;
  bool begun_ = false; ///< The waiting thread's.
};

} // namespace sluice::http

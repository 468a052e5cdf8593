// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "http/client.hpp"
#include "http/curl_client.hpp"

struct curl_slist;

namespace sluice::http {

/// libcurl's easy handle, without its header.
using EasyHandle = void*;

/// One request on its way through `CurlClient`: lives on the stack of the thread that waits for it
/// while the client's thread works on it.
class CurlTransfer {
public:
  /// Both must outlive the transfer.
  CurlTransfer(const Request& request, BodySink& sink);
  CurlTransfer(const CurlTransfer&) = delete;
  auto operator=(const CurlTransfer&) -> CurlTransfer& = delete;
  ~CurlTransfer();

  /// Readies what the request needs. Called by the waiting thread, before the transfer is handed
  /// over.
  /// Errors: untrusted when the token belongs elsewhere.
  [[nodiscard]] auto prepare() -> Result<>;
  /// Names the transfer among all of the process; an address is soon used again.
  [[nodiscard]] auto serial() const noexcept -> std::uint64_t { return serial_; }
  /// Blocks until `finish` or `fail`. Afterwards the client's thread knows the transfer no more.
  [[nodiscard]] auto wait() -> Result<ResponseHead>;

  /// The rest is the client's thread's.
  void configure(EasyHandle easy, const CurlClient::Options& options);
  [[nodiscard]] auto easy() const noexcept -> EasyHandle { return easy_; }
  /// `code` is libcurl's `CURLcode`.
  void finish(int code);
  void fail(Error error);

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
  [[nodiscard]] auto take_body(std::string_view bytes) -> bool;
  [[nodiscard]] auto begin() -> bool;
  [[nodiscard]] auto transport_error(int code) const -> Error;

  const std::uint64_t serial_;
  const Request& request_;
  BodySink& sink_;
  const std::string url_;
  HeaderList sent_headers_;
  EasyHandle easy_ = nullptr;
  ResponseHead head_;
  std::size_t header_bytes_ = 0;
  bool begun_ = false;
  std::optional<Error> failure_;
  std::array<char, 256> error_text_{};

  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
};

} // namespace sluice::http

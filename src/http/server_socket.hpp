// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace sluice::http {

/// Opens a listening TCP socket. Returns the descriptor and the port it got.
/// Errors: invalid_input when the host is no address of this machine or the port is taken.
[[nodiscard]] auto listen_on(const std::string& host, std::uint16_t port)
    -> Result<std::pair<int, std::uint16_t>>;

/// The certificate and key that a server shows; empty files make a context for plain connections.
class TlsContext {
public:
  /// Errors: invalid_input when the files cannot be read or do not fit each other.
  [[nodiscard]] static auto load(const std::string& certificate_file, const std::string& key_file)
      -> Result<TlsContext>;
  TlsContext(TlsContext&& other) noexcept : context_{std::exchange(other.context_, nullptr)} {}
  auto operator=(TlsContext&&) -> TlsContext& = delete;
  ~TlsContext();

  /// The SSL_CTX, or null for plain connections.
  [[nodiscard]] auto native() const noexcept -> void* { return context_; }

private:
  explicit TlsContext(void* context) : context_{context} {}

  void* context_;
};

/// One accepted connection, read through a buffer. Owns the descriptor.
///
/// Threads: one at a time, but `hang_up` may come from any.
class ServerSocket {
public:
  ServerSocket(int descriptor, std::chrono::milliseconds timeout);
  ServerSocket(const ServerSocket&) = delete;
  auto operator=(const ServerSocket&) -> ServerSocket& = delete;
  ~ServerSocket();

  /// Shakes hands when the context is for TLS. False when the other side does not speak it.
  [[nodiscard]] auto secure(const TlsContext& context) -> bool;
  /// Waits for bytes. False when none came in time or the other side left.
  [[nodiscard]] auto wait_readable() -> bool;
  /// Returns the number of bytes read, 0 at the end, -1 for an error or a timeout.
  [[nodiscard]] auto read(char* into, std::size_t size) -> std::ptrdiff_t;
  /// Sends all of it. False when the connection broke.
  [[nodiscard]] auto write(std::string_view bytes) -> bool;
  /// Makes the end of the connection a reset instead of an orderly close.
  void reset_at_end() noexcept;
  /// Wakes whoever reads or writes; they see the connection closed.
  void hang_up() const noexcept;
  [[nodiscard]] auto descriptor() const noexcept -> int { return descriptor_; }

private:
  [[nodiscard]] auto fill() -> std::ptrdiff_t;

  const int descriptor_;
  const std::chrono::milliseconds timeout_;
  void* tls_ = nullptr; ///< The SSL of a TLS connection.
  bool orderly_ = true;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

} // namespace sluice::http

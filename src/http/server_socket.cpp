// SPDX-License-Identifier: Apache-2.0
#include "http/server_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sluice::http {
namespace {

constexpr std::size_t buffer_bytes = 16U * 1024U;
// A burst of new connections must not wait for a SYN to be repeated after a second.
constexpr int backlog = 1024;

auto as_ssl(void* tls) -> SSL* {
  return static_cast<SSL*>(tls);
}

auto address_of(const std::string& host, std::uint16_t port) -> Result<sockaddr_in> {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  const auto* text = host == "localhost" ? "127.0.0.1" : host.c_str();
  if (inet_pton(AF_INET, text, &address.sin_addr) != 1) {
    return Error{ErrorKind::invalid_input, fmt::format("\"{}\" is not an IPv4 address", host)};
  }
  return address;
}

} // namespace

auto listen_on(const std::string& host, std::uint16_t port)
    -> Result<std::pair<int, std::uint16_t>> {
  TRY(auto address, address_of(host, port));
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof address;
  if (listener < 0 || ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(listener, generic, length) != 0 || ::listen(listener, backlog) != 0 ||
      ::getsockname(listener, generic, &length) != 0) {
    const int cause = errno;
    ::close(listener);
    return Error{ErrorKind::invalid_input,
                 fmt::format("listening on {}:{}: {}", host, port, std::strerror(cause))};
  }
  return std::pair{listener, ntohs(address.sin_port)};
}

auto TlsContext::load(const std::string& certificate_file, const std::string& key_file)
    -> Result<TlsContext> {
  if (certificate_file.empty() && key_file.empty()) {
    return TlsContext{nullptr};
  }
  auto* const context = SSL_CTX_new(TLS_server_method());
  auto owner = TlsContext{context};
  if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
      SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return Error{
        ErrorKind::invalid_input,
        fmt::format("{} and {} are not a certificate and its key", certificate_file, key_file)};
  }
  return owner;
}

TlsContext::~TlsContext() {
  SSL_CTX_free(static_cast<SSL_CTX*>(context_));
}

ServerSocket::ServerSocket(int descriptor, std::chrono::milliseconds timeout)
    : descriptor_{descriptor},
      timeout_{timeout},
      buffer_{std::make_unique<char[]>(buffer_bytes)} {
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
  const timeval limit{.tv_sec = std::max<time_t>(seconds.count(), 1), .tv_usec = 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

ServerSocket::~ServerSocket() {
  if (tls_ != nullptr) {
    if (orderly_) {
      SSL_shutdown(as_ssl(tls_));
    }
    SSL_free(as_ssl(tls_));
  }
  ::close(descriptor_);
}

auto ServerSocket::secure(const TlsContext& context) -> bool {
  if (context.native() == nullptr) {
    return true;
  }
  tls_ = SSL_new(static_cast<SSL_CTX*>(context.native()));
  orderly_ = tls_ != nullptr && SSL_set_fd(as_ssl(tls_), descriptor_) == 1 &&
             SSL_accept(as_ssl(tls_)) == 1;
  return orderly_;
}

auto ServerSocket::wait_readable() -> bool {
  if (begin_ < end_ || (tls_ != nullptr && SSL_pending(as_ssl(tls_)) > 0)) {
    return true;
  }
  pollfd waiting{.fd = descriptor_, .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, static_cast<int>(timeout_.count())) > 0 && fill() > 0;
}

auto ServerSocket::fill() -> std::ptrdiff_t {
  const auto got = tls_ == nullptr
                       ? ::recv(descriptor_, buffer_.get(), buffer_bytes, 0)
                       : SSL_read(as_ssl(tls_), buffer_.get(), static_cast<int>(buffer_bytes));
  begin_ = 0;
  end_ = got > 0 ? static_cast<std::size_t>(got) : 0;
  return got;
}

auto ServerSocket::read(char* into, std::size_t size) -> std::ptrdiff_t {
  if (begin_ == end_) {
    if (const auto got = fill(); got <= 0) {
      return got;
    }
  }
  const auto taken = std::min(size, end_ - begin_);
  std::memcpy(into, buffer_.get() + begin_, taken);
  begin_ += taken;
  return static_cast<std::ptrdiff_t>(taken);
}

auto ServerSocket::write(std::string_view bytes) -> bool {
  constexpr std::size_t largest = 1U << 30U;
  while (!bytes.empty()) {
    const auto size = std::min(bytes.size(), largest);
    const auto sent = tls_ == nullptr
                          ? ::send(descriptor_, bytes.data(), size, MSG_NOSIGNAL)
                          : SSL_write(as_ssl(tls_), bytes.data(), static_cast<int>(size));
    if (sent <= 0) {
      orderly_ = false;
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void ServerSocket::reset_at_end() noexcept {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  orderly_ = false;
}

void ServerSocket::hang_up() const noexcept {
  ::shutdown(descriptor_, SHUT_RDWR);
}

} // namespace sluice::http

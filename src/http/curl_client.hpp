// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <stop_token>

#include "base/result.hpp"
#include "http/client.hpp"

namespace sluice::http {

/// HTTP over libcurl: one thread moves the bytes of all transfers, and all of them share one pool
/// of connections (HTTP/2 over TLS where the server offers it, keep-alive otherwise), one at a time
/// on each.
///
/// Use:     `create` once, share by reference. The destructor cancels what is still under way, and
///          waits until all calls have returned.
/// Threads: any number may wait in `stream` at once.
/// Trust:   TLS 1.2 or newer, certificate and host name checked, no switch to turn that off.
class CurlClient final : public HttpClient {
public:
  struct Options {
    /// Authorities trusted instead of the system's, PEM; empty for the system's.
    std::filesystem::path authorities_file;
    /// Waited for a connection, TLS included.
    std::chrono::milliseconds connect_time{std::chrono::seconds{10}};
    /// A transfer that moves fewer than 100 bytes a second for this long is given up.
    std::chrono::seconds stall_time{30};
    /// Connections to one host at a time; 1 to 1'000.
    long connections_per_host = 64;
    /// Name and version sent as `User-Agent`.
    std::string user_agent = "sluice";
  };

  /// Errors: invalid_input when `authorities_file` cannot be read or a number is out of range;
  /// unavailable when libcurl does not start.
  [[nodiscard]] static auto create(Options options) -> Result<std::unique_ptr<CurlClient>>;
  ~CurlClient() override;

  [[nodiscard]] auto stream(const Request& request, BodySink& sink, const std::stop_token& stop)
      -> Result<ResponseHead> override;

private:
  class Engine;
  explicit CurlClient(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

} // namespace sluice::http

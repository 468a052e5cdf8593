// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "http/server_request.hpp"

namespace sluice::http {

/// What a body source does after it gave a piece.
enum class BodyStep : std::uint8_t {
  more, ///< Send the piece and ask again.
  done, ///< Send the piece; it was the last.
  drop, ///< Send the piece, then break the connection with a reset.
};

/// Gives a body piece by piece: fills `piece`, which comes empty. Called on the connection's
/// thread.
using BodySource = std::function<BodyStep(std::string& piece)>;

/// The answer. The body is the first of `source`, `shared_body` and `body` that is set.
struct ServerReply {
  int status = 200;
  ServerFields headers; ///< Sent as written; Content-Length and Connection are the server's.
  std::string body;
  /// Sent without a copy; shared because many connections may send the same bytes at once.
  std::shared_ptr<const std::string> shared_body;
  BodySource source;
  /// The length that is announced for `source`; without it the body goes out in chunks.
  std::optional<std::size_t> source_length;
};

/// Runs on the connection's thread, so handlers run side by side. An exception becomes a 500.
using ServerHandler = std::function<ServerReply(const ServerRequest&)>;

/// Requests of `method` (`*` for any) whose path begins with `prefix`. The longest prefix wins.
struct ServerRoute {
  std::string method;
  std::string prefix;
  ServerHandler handler;
};

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0; ///< 0 takes any free port; see `Server::port`.
  /// Connections that are served at once, each by a thread of its own; more wait their turn.
  std::size_t connections = 256;
  std::size_t max_body_bytes = 16U * 1024U * 1024U;
  /// How long a connection may stay silent, between requests and inside one.
  std::chrono::milliseconds idle_timeout = std::chrono::seconds{60};
  /// PEM files; both empty for plain HTTP.
  std::string certificate_file{};
  std::string key_file{};
};

/// An HTTP/1.1 server with keep-alive connections, plain or TLS. It compresses and inflates nothing
/// and follows no ranges: handlers see what came and say what goes out.
///
/// Use:     `start`; it serves until `stop` or its end.
/// Threads: one accepts, one per connection; all members may be called from any thread.
class Server {
public:
  /// Listens at once. A request that no route takes gets a 404 without a body.
  /// Errors: invalid_input when the address cannot be listened on or the certificate not read.
  [[nodiscard]] static auto start(ServerOptions options, std::vector<ServerRoute> routes)
      -> Result<std::unique_ptr<Server>>;
  Server(const Server&) = delete;
  auto operator=(const Server&) -> Server& = delete;
  ~Server();

  [[nodiscard]] auto port() const noexcept -> std::uint16_t;
  /// `http://127.0.0.1:8080`, without a slash at the end.
  [[nodiscard]] auto url() const -> std::string;
  /// Connections accepted since the start, whether or not a request came over them.
  [[nodiscard]] auto accepted() const noexcept -> std::uint64_t;
  /// Ends all connections and returns when no handler runs any more.
  void stop();

private:
  struct State;
  explicit Server(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

} // namespace sluice::http

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "http/server.hpp"
#include "http/server_socket.hpp"

namespace sluice::http {

/// Reads requests from a connection, finds their route and writes the replies.
///
/// Threads: `serve` may run on any number of threads at once, each with its own socket.
class ServerProtocol {
public:
  ServerProtocol(std::vector<ServerRoute> routes, std::size_t max_body_bytes);
  ServerProtocol(const ServerProtocol&) = delete;
  auto operator=(const ServerProtocol&) -> ServerProtocol& = delete;
  ~ServerProtocol();

  /// Returns when either side ends the connection or it was silent for too long.
  void serve(ServerSocket& socket);

private:
  class Routing;
  std::unique_ptr<Routing> routing_;
};

} // namespace sluice::http

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "endpoint/service.hpp"
#include "http/server.hpp"

namespace sluice::endpoint {

/// A request that was let in, with its body inflated.
struct Visit {
  const http::ServerRequest& request;
  RequestIds ids;
  bool gzip = false; ///< The client takes a compressed answer.
};

using VisitHandler = std::function<http::ServerReply(const Visit&)>;

/// Who may come in, and what all requests have in common: the check of the token and of where a
/// browser's page is from, the inflating of the body, the ids in the answer.
struct Reception {
  Secret token; ///< Empty: everybody who can connect.
  /// Without a token a request must name this machine as its host, so that no web page gets in
  /// under a name of its own that leads here.
  bool loopback_only = true;
  /// Web pages that may ask, such as `https://dataexplorer.azure.com`.
  std::vector<std::string> origins{};
  std::size_t max_body_bytes = 0;

  /// `handler` behind all that. The reception must outlive it.
  [[nodiscard]] auto guard(VisitHandler handler) const -> http::ServerHandler;
  /// The answer to a browser that asks whether a page may ask (`OPTIONS`).
  [[nodiscard]] auto answer_preflight(const http::ServerRequest& request) const
      -> http::ServerReply;

private:
  [[nodiscard]] auto refusal(const http::ServerRequest& request) const -> std::string;
};

/// Whether a client showed the secret, in a time that does not depend on where it is wrong.
[[nodiscard]] auto same_secret(std::string_view a, std::string_view b) -> bool;

} // namespace sluice::endpoint

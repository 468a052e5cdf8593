// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "http/server.hpp"
#include "simulator/fault.hpp"

namespace sluice::simulator {

/// A reply that takes the place of the right one, when a fault says so. For faults that need
/// nothing but the request: throttling, 5xx, HTML, empty bodies. `method` is named in AF429 as the
/// service does (`GetBlob`); `publisher` likewise.
[[nodiscard]] auto spoiled_reply(FaultDraw& draw,
                                 std::string_view method,
                                 std::string_view publisher) -> std::optional<http::ServerReply>;

/// Breaks, cuts or slows the body of a good reply. `clock` must outlive the reply.
void bend_body(http::ServerReply& reply,
               FaultDraw& draw,
               Clock& clock,
               std::chrono::milliseconds drip_pause);

/// Where an attacker would like the token to go.
struct Lure {
  std::string base_url;  ///< `http://127.0.0.1:8080`, the API as the client knows it.
  std::string trap;      ///< `127.0.0.1:9999`.
  std::string path;      ///< The right path and query.
  std::string tenant_id; ///< The right tenant, in `path`.
};

/// The tenant of URLs that an attacker wrote; a request for it counts as caught.
inline constexpr std::string_view lure_tenant = "99999999-9999-4999-8999-999999999999";
/// A query parameter that marks URLs that an attacker wrote for the right host.
inline constexpr std::string_view lure_parameter = "trap";

/// An URL that differs from the right one in host and port, user info, scheme or tenant; which one
/// is up to `variety`.
[[nodiscard]] auto foreign_url(const Lure& lure, std::uint64_t variety) -> std::string;

} // namespace sluice::simulator

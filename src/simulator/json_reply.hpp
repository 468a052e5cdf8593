// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/server.hpp"

namespace sluice::simulator {

/// `body` as JSON.
[[nodiscard]] auto json_reply(int status, std::string body) -> http::ServerReply;

} // namespace sluice::simulator

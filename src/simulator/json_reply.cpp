// SPDX-License-Identifier: Apache-2.0
#include "simulator/json_reply.hpp"

#include <utility>

namespace sluice::simulator {

auto json_reply(int status, std::string body) -> http::ServerReply {
  http::ServerReply reply;
  reply.status = status;
  reply.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  reply.body = std::move(body);
  return reply;
}

} // namespace sluice::simulator

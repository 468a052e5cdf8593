// SPDX-License-Identifier: Apache-2.0
#include "simulator/reply_faults.hpp"

#include <algorithm>
#include <memory>
#include <stop_token>
#include <utility>

#include <fmt/format.h>

#include "simulator/api_error.hpp"

namespace sluice::simulator {
namespace {

constexpr std::string_view html_page =
    "<!DOCTYPE html><html><head><title>Service unavailable</title></head><body><h2>Our services "
    "aren't available right now</h2><p>We're working to restore all services as soon as possible. "
    "Please check back soon.</p></body></html>";

auto html_reply(int status) -> http::ServerReply {
  auto reply = http::ServerReply{};
  reply.status = status;
  reply.headers = {{"Content-Type", "text/html"}};
  reply.body = html_page;
  return reply;
}

auto plain_reply(int status) -> http::ServerReply {
  auto reply = http::ServerReply{};
  reply.status = status;
  return reply;
}

auto throttled(int status, std::string_view method, std::string_view publisher, bool quotes)
    -> http::ServerReply {
  constexpr std::string_view nobody = "00000000-0000-0000-0000-000000000000";
  auto error = api_error(
      "AF429",
      fmt::format("Method={}, PublisherId={}", method, publisher.empty() ? nobody : publisher));
  error.status = status;
  return to_reply(error, quotes);
}

auto body_of(const http::ServerReply& reply) -> std::shared_ptr<const std::string> {
  return reply.shared_body ? reply.shared_body : std::make_shared<const std::string>(reply.body);
}

/// Sends the first half, then resets the connection.
void break_off(http::ServerReply& reply) {
  const auto bytes = body_of(reply);
  reply.source_length = bytes->size();
  reply.source = [bytes](std::string& piece) {
    piece = bytes->substr(0, bytes->size() / 2);
    return http::BodyStep::drop;
  };
}

void drip(http::ServerReply& reply, Clock& clock, std::chrono::milliseconds pause) {
  constexpr std::size_t pieces = 20;
  const auto bytes = body_of(reply);
  reply.source_length = bytes->size();
  reply.source = [bytes, &clock, pause, sent = std::size_t{0}](std::string& piece) mutable {
    static_cast<void>(clock.wait(pause, std::stop_token{}));
    piece = bytes->substr(sent, bytes->size() / pieces + 1);
    sent += piece.size();
    return sent == bytes->size() ? http::BodyStep::done : http::BodyStep::more;
  };
}

} // namespace

auto spoiled_reply(FaultDraw& draw, std::string_view method, std::string_view publisher)
    -> std::optional<http::ServerReply> {
  const auto quotes = [&draw] { return draw.fires(Fault::single_quoted_errors); };
  if (draw.fires(Fault::server_error)) {
    return to_reply(api_error("AF50000"), quotes());
  }
  if (draw.fires(Fault::throttle_403)) {
    return throttled(403, method, publisher, quotes());
  }
  if (draw.fires(Fault::throttle_429)) {
    auto reply = throttled(429, method, publisher, quotes());
    reply.headers.emplace_back("Retry-After", "1");
    return reply;
  }
  if (draw.fires(Fault::http_502)) {
    return html_reply(502);
  }
  for (const auto& [fault, status] : {std::pair{Fault::http_408, 408},
                                      std::pair{Fault::http_503, 503},
                                      std::pair{Fault::http_504, 504}}) {
    if (draw.fires(fault)) {
      return plain_reply(status);
    }
  }
  if (draw.fires(Fault::html_body)) {
    return html_reply(200);
  }
  if (draw.fires(Fault::empty_body)) {
    return plain_reply(200);
  }
  if (draw.fires(Fault::object_200)) {
    auto reply = to_reply(api_error("AF50000"), quotes());
    reply.status = 200;
    return reply;
  }
  return std::nullopt;
}

void bend_body(http::ServerReply& reply,
               FaultDraw& draw,
               Clock& clock,
               std::chrono::milliseconds drip_pause) {
  const auto size = reply.shared_body ? reply.shared_body->size() : reply.body.size();
  if (reply.status != 200 || size < 2) {
    return;
  }
  if (draw.fires(Fault::truncated_body)) {
    reply.shared_body = std::make_shared<const std::string>(body_of(reply)->substr(0, size / 2));
  } else if (draw.fires(Fault::reset_mid_body)) {
    break_off(reply);
  } else if (draw.fires(Fault::slow_drip)) {
    drip(reply, clock, drip_pause);
  }
}

auto foreign_url(const Lure& lure, std::uint64_t variety) -> std::string {
  const auto host = lure.base_url.substr(lure.base_url.find("//") + 2);
  const auto mark =
      fmt::format("{}{}=1", lure.path.find('?') == std::string::npos ? '?' : '&', lure_parameter);
  switch (variety % 6) {
  case 0:
    return fmt::format("http://{}{}", lure.trap, lure.path);
  case 1:
    return fmt::format("https://{}{}", lure.trap, lure.path);
  case 2:
    return fmt::format("http://{}@{}{}", host, lure.trap, lure.path);
  case 3:
    return fmt::format("http://user:word@{}{}{}", host, lure.path, mark);
  case 4: {
    const auto other_scheme = lure.base_url.starts_with("https") ? "http" : "https";
    return fmt::format("{}://{}{}{}", other_scheme, host, lure.path, mark);
  }
  default: {
    auto path = lure.path;
    path.replace(path.find(lure.tenant_id), lure.tenant_id.size(), lure_tenant);
    return lure.base_url + path;
  }
  }
}

} // namespace sluice::simulator

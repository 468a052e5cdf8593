// SPDX-License-Identifier: Apache-2.0
#include "endpoint/storage_reply.hpp"

#include <fmt/format.h>

namespace sluice::endpoint {

auto storage_reply(int status, std::string_view code) -> http::ServerReply {
  http::ServerReply reply;
  reply.status = status;
  if (!code.empty()) {
    reply.headers.emplace_back("x-ms-error-code", code);
  }
  return reply;
}

auto xml_reply(int status, std::string_view body) -> http::ServerReply {
  auto reply = storage_reply(status);
  reply.headers.emplace_back("Content-Type", "application/xml");
  reply.body = fmt::format(R"(<?xml version="1.0" encoding="utf-8"?>{})", body);
  return reply;
}

auto xml_elements(std::string_view text, std::string_view tag) -> std::vector<std::string_view> {
  const auto open = fmt::format("<{}>", tag);
  const auto close = fmt::format("</{}>", tag);
  std::vector<std::string_view> found;
  for (auto at = text.find(open); at != std::string_view::npos; at = text.find(open)) {
    text.remove_prefix(at + open.size());
    const auto end = text.find(close);
    if (end == std::string_view::npos) {
      break;
    }
    found.push_back(text.substr(0, end));
    text.remove_prefix(end + close.size());
  }
  return found;
}

} // namespace sluice::endpoint

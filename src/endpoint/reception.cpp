// SPDX-License-Identifier: Apache-2.0
#include "endpoint/reception.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <openssl/crypto.h>

#include "base/guid.hpp"
#include "base/gzip.hpp"
#include "endpoint/error_reply.hpp"

namespace sluice::endpoint {
namespace {

constexpr std::size_t max_id_bytes = 256;

/// The client's id, so far as it may stand in a header; or one of ours.
auto client_request_id(const http::ServerRequest& request) -> std::string {
  std::string id{request.header("x-ms-client-request-id").substr(0, max_id_bytes)};
  std::ranges::replace_if(id, [](char c) { return c < ' ' || c > '~'; }, '?');
  return id.empty() ? "unspecified;" + random_guid() : id;
}

/// The host of `Host: name:port`.
auto host_of(std::string_view field) -> std::string_view {
  const auto end = field.starts_with('[') ? field.find(']') : field.rfind(':');
  return field.substr(0, field.starts_with('[') ? std::min(end, field.size()) + 1 : end);
}

auto is_loopback(std::string_view host) -> bool {
  const bool is_dotted_quad = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return http::same_name(host, "localhost") || host == "[::1]" ||
         (host.starts_with("127.") && is_dotted_quad);
}

auto inflated(const http::ServerRequest& request, std::size_t most)
    -> Result<std::optional<std::string>> {
  const auto encoding = request.header("Content-Encoding");
  if (encoding.empty() || http::same_name(encoding, "identity")) {
    return std::optional<std::string>{};
  }
  if (!http::same_name(encoding, "gzip")) {
    return Error{ErrorKind::invalid_input, "the body's Content-Encoding is not gzip"};
  }
  std::string body;
  Inflater inflater{Inflater::Limits{.max_output_bytes = most, .max_ratio = 1'032}};
  TRY_DO(inflater.feed(request.body, [&body](std::string_view piece) -> Result<> {
    body += piece;
    return {};
  }));
  TRY_DO(inflater.finish());
  return std::optional{std::move(body)};
}

} // namespace

auto same_secret(std::string_view a, std::string_view b) -> bool {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

auto Reception::refusal(const http::ServerRequest& request) const -> std::string {
  const auto origin = request.header("Origin");
  if (!origin.empty() && std::ranges::find(origins, origin) == origins.end()) {
    return fmt::format("pages of {} may not ask; see --allow-origin", origin);
  }
  if (token.empty() && loopback_only && !is_loopback(host_of(request.header("Host")))) {
    return "the request is for another host than this machine";
  }
  return {};
}

auto Reception::guard(VisitHandler handler) const -> http::ServerHandler {
  return [this, handler = std::move(handler)](const http::ServerRequest& request) {
    Visit visit{request, {client_request_id(request), random_guid()}};
    const auto& activity = visit.ids.activity_id;
    const auto answer = [&]() -> http::ServerReply {
      if (const auto reason = refusal(request); !reason.empty()) {
        return error_reply(to_failure(Error{ErrorKind::forbidden, reason}), activity);
      }
      constexpr std::string_view scheme = "Bearer ";
      const auto shown = request.header("Authorization");
      if (!token.empty() && (!shown.starts_with(scheme) ||
                             !same_secret(shown.substr(scheme.size()), token.reveal()))) {
        return error_reply(to_failure(Error{ErrorKind::unauthorized, "the token is not the one"}),
                           activity);
      }
      visit.gzip = request.header("Accept-Encoding").find("gzip") != std::string_view::npos;
      auto body = inflated(request, max_body_bytes);
      if (!body) {
        return error_reply(to_failure(body.error()), activity);
      }
      if (!*body) {
        return handler(visit);
      }
      auto plain = request;
      plain.body = **std::move(body);
      return handler(Visit{plain, visit.ids, visit.gzip});
    };
    auto reply = answer();
    reply.headers.emplace_back("x-ms-client-request-id", visit.ids.client_request_id);
    reply.headers.emplace_back("x-ms-activity-id", activity);
    if (const auto origin = request.header("Origin"); !origin.empty() && reply.status != 403) {
      reply.headers.emplace_back("Access-Control-Allow-Origin", origin);
      reply.headers.emplace_back("Access-Control-Allow-Credentials", "true");
      reply.headers.emplace_back("Access-Control-Expose-Headers",
                                 "x-ms-activity-id, x-ms-client-request-id");
    }
    return reply;
  };
}

auto Reception::answer_preflight(const http::ServerRequest& request) const -> http::ServerReply {
  http::ServerReply reply;
  const auto origin = request.header("Origin");
  if (std::ranges::find(origins, origin) == origins.end()) {
    reply.status = 403;
    return reply;
  }
  reply.headers = {{"Access-Control-Allow-Origin", std::string{origin}},
                   {"Access-Control-Allow-Credentials", "true"},
                   {"Access-Control-Allow-Methods", "GET, POST"},
                   {"Access-Control-Allow-Headers",
                    std::string{request.header("Access-Control-Request-Headers")}},
                   {"Access-Control-Allow-Private-Network", "true"}};
  return reply;
}

} // namespace sluice::endpoint

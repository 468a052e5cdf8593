// SPDX-License-Identifier: Apache-2.0
#include "simulator/azure_services.hpp"

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "simulator/json_reply.hpp"

namespace sluice::simulator {
namespace {

constexpr std::string_view imds_path = "/metadata/identity/oauth2/token";
constexpr std::string_view app_service_path = "/msi/token";
constexpr std::string_view discovery_tail = "/v2.0/.well-known/openid-configuration";

auto identity_refusal(int status, std::string_view error, std::string_view why)
    -> http::ServerReply {
  return json_reply(
      status, fmt::format(R"({{"error":"{}","error_description":{}}})", error, json_quoted(why)));
}

/// Microsoft's own client writes a slash behind it (observed).
auto is_imds(std::string_view path) -> bool {
  return path.starts_with(imds_path) &&
         (path.size() == imds_path.size() || path.substr(imds_path.size()) == "/");
}

auto seconds_of(DateTime time) -> std::int64_t {
  return std::chrono::duration_cast<std::chrono::seconds>(time.to_unix_ticks()).count();
}

} // namespace

auto AzureServices::takes(std::string_view path) -> bool {
  return is_imds(path) || path == app_service_path || path.ends_with(discovery_tail);
}

auto AzureServices::answer(const http::ServerRequest& request,
                           std::string_view base_url,
                           DateTime now) const -> http::ServerReply {
  if (request.method != "GET") {
    return identity_refusal(405, "method_not_allowed", "Only GET is simulated.");
  }
  return request.path.ends_with(discovery_tail) ? discovery(base_url) : identity(request, now);
}

auto AzureServices::discovery(std::string_view base_url) const -> http::ServerReply {
  const auto tenant = fmt::format("{}/{}", base_url, options_.tenant_id);
  return json_reply(
      200,
      fmt::format(R"({{"token_endpoint":"{0}/oauth2/v2.0/token","issuer":"{0}/v2.0",)"
                  R"("authorization_endpoint":"{0}/oauth2/v2.0/authorize",)"
                  R"("jwks_uri":"{0}/discovery/v2.0/keys","response_types_supported":["token"]}})",
                  tenant));
}

auto AzureServices::identity(const http::ServerRequest& request, DateTime now) const
    -> http::ServerReply {
  const bool by_imds = is_imds(request.path);
  if (by_imds && request.header("Metadata") != "true") {
    return identity_refusal(400, "bad_request_102", "Required metadata header not specified");
  }
  if (!by_imds && (options_.identity_header.empty() ||
                   request.header("X-IDENTITY-HEADER") != options_.identity_header.reveal())) {
    return identity_refusal(401, "unauthorized", "The identity header is missing or wrong");
  }
  const auto resource = request.parameter("resource").value_or("");
  const auto client_id = request.parameter("client_id").value_or(options_.client_id);
  if (resource.empty() || client_id != options_.client_id) {
    return identity_refusal(400, "invalid_request", "Identity not found");
  }
  const auto ends = now + options_.token_lifetime;
  const auto token = mint_.issue({.audience = std::string{resource},
                                  .tenant_id = options_.tenant_id,
                                  .client_id = options_.client_id,
                                  .roles = options_.roles,
                                  .issued = now,
                                  .expires = ends});
  const auto lifetime =
      by_imds ? fmt::format(R"("expires_in":"{}",)", options_.token_lifetime.count()) : "";
  return json_reply(200,
                    fmt::format(R"({{"access_token":"{}",{}"expires_on":"{}","resource":{},)"
                                R"("token_type":"Bearer","client_id":"{}"}})",
                                token,
                                lifetime,
                                seconds_of(ends),
                                json_quoted(resource),
                                options_.client_id));
}

} // namespace sluice::simulator

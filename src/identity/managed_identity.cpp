// SPDX-License-Identifier: Apache-2.0
#include "identity/managed_identity.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/file.hpp"
#include "identity/token_reply.hpp"

namespace sluice::identity {
namespace {

using Kind = ManagedIdentityEndpoint::Kind;

constexpr auto imds_root = "http://169.254.169.254";
constexpr std::string_view imds_path = "/metadata/identity/oauth2/token";
constexpr std::size_t max_reply_bytes = 64 * 1024;
constexpr std::size_t max_key_bytes = 4'096; // Documented.

auto api_version(Kind kind) -> std::string {
  switch (kind) {
  case Kind::app_service:
    return "2019-08-01";
  case Kind::arc:
    return "2020-06-01";
  case Kind::imds:
    break;
  }
  return "2018-02-01";
}

/// The platforms give an address of this machine, or one that no packet leaves the host for. Any
/// other would be sent our proof in the open.
auto local_url(std::string_view text, std::string_view variable) -> Result<http::Url> {
  TRY(auto url, http::Url::parse(text).while_doing(variable));
  const auto& origin = url.origin();
  const bool link_local = origin.host.starts_with("169.254.");
  if (origin.scheme != "https" && !origin.is_loopback() && !link_local) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("{} names another machine over plain http", variable)};
  }
  return url;
}

auto not_here(std::string why) -> Error {
  return Error{ErrorKind::unavailable, std::move(why)}
      .with_code("no_managed_identity")
      .with_hint("assign a managed identity to this machine or service, or configure another way "
                 "to sign in");
}

} // namespace

auto find_managed_identity(const Environment& environment) -> Result<ManagedIdentityEndpoint> {
  const auto endpoint = environment("IDENTITY_ENDPOINT");
  auto header = environment("IDENTITY_HEADER");
  if (endpoint && header) {
    TRY(auto url, local_url(*endpoint, "IDENTITY_ENDPOINT"));
    return ManagedIdentityEndpoint{Kind::app_service, std::move(url), Secret{*std::move(header)}};
  }
  if (endpoint && environment("IMDS_ENDPOINT")) {
    TRY(auto url, local_url(*endpoint, "IDENTITY_ENDPOINT"));
    return ManagedIdentityEndpoint{Kind::arc, std::move(url), {}};
  }
  const auto root = environment("AZURE_POD_IDENTITY_AUTHORITY_HOST").value_or(imds_root);
  TRY(const auto url, local_url(root, "AZURE_POD_IDENTITY_AUTHORITY_HOST"));
  TRY(auto target, url.with_target(imds_path));
  return ManagedIdentityEndpoint{Kind::imds, std::move(target), {}};
}

ManagedIdentity::ManagedIdentity(http::HttpClient& client,
                                 Clock& clock,
                                 ManagedIdentityEndpoint endpoint,
                                 Options options)
    : client_{client},
      clock_{clock},
      endpoint_{std::move(endpoint)},
      options_{std::move(options)} {}

auto ManagedIdentity::request() const -> Result<http::Request> {
  http::Parameters query{{"api-version", api_version(endpoint_.kind)},
                         {"resource", options_.audience}};
  if (!options_.client_id.empty()) {
    query.emplace_back("client_id", options_.client_id);
  }
  TRY(auto url, endpoint_.url.with_target(endpoint_.url.path(), http::encoded(query)));
  http::Headers headers;
  if (endpoint_.kind == Kind::app_service) {
    headers.add("X-IDENTITY-HEADER", std::string{endpoint_.header.reveal()});
  } else {
    headers.add("Metadata", "true");
  }
  return http::Request{.url = std::move(url),
                       .headers = std::move(headers),
                       .body = {},
                       .bearer = std::nullopt,
                       .total_time = options_.total_time,
                       .max_body_bytes = max_reply_bytes};
}

/// The agent names a file that only its group may read; its text is the proof (documented). Any
/// other file would let a false agent read what it likes.
auto ManagedIdentity::arc_proof(const http::Response& challenge) const -> Result<Secret> {
  const auto header = challenge.head.headers.find("WWW-Authenticate").value_or("");
  const auto mark = header.find("realm=");
  if (mark == std::string_view::npos) {
    return Error{ErrorKind::malformed, "the Azure Arc agent named no key file"};
  }
  const std::filesystem::path file{header.substr(mark + 6)};
  if (file.parent_path() != options_.arc_directory || file.extension() != ".key") {
    return Error{ErrorKind::untrusted, "the Azure Arc agent named a file that is not its key"};
  }
  auto text = read_file(file, max_key_bytes);
  if (!text) {
    return Error{ErrorKind::forbidden, "the Azure Arc agent's key cannot be read"}.with_hint(
        "add this program's user to the group himds");
  }
  return Secret{*std::move(text)};
}

auto ManagedIdentity::issue(const std::stop_token& stop) -> Result<IssuedToken> {
  TRY(auto asked, request());
  auto response = client_.send(asked, stop);
  if (response && response->head.status == 401 && endpoint_.kind == Kind::arc) {
    TRY(const auto proof, arc_proof(*response));
    asked.headers.add("Authorization", fmt::format("Basic {}", proof.reveal()));
    response = client_.send(asked, stop);
  }
  if (!response && response.error().kind() == ErrorKind::cancelled) {
    return std::move(response).error();
  }
  if (!response) {
    return not_here("no managed identity answers: " + response.error().message());
  }
  const auto status = response->head.status;
  if (status == 404 || status == 410) { // While it is set up or updated (documented).
    return not_here(fmt::format("the managed identity is not ready: HTTP {}", status));
  }
  auto token = read_token_reply(*response, clock_.now());
  if (!token && status == 400) {
    return not_here("this machine has no such managed identity: " + token.error().message());
  }
  return token;
}

} // namespace sluice::identity

// SPDX-License-Identifier: Apache-2.0
#include "identity/client_credential.hpp"

#include <fmt/format.h>

#include "base/file.hpp"

namespace sluice::identity {
namespace {

constexpr std::size_t max_token_bytes = 64 * 1024;

} // namespace

auto ClientSecret::form_fields(const http::Url&, std::string_view, DateTime) const
    -> Result<http::Parameters> {
  return http::Parameters{{"client_secret", std::string{secret_.reveal()}}};
}

auto FederatedToken::form_fields(const http::Url&, std::string_view, DateTime) const
    -> Result<http::Parameters> {
  auto token = read_file(file_, max_token_bytes);
  if (!token || token->empty()) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("the federated token file {} cannot be read", file_.string())}
        .with_hint("AZURE_FEDERATED_TOKEN_FILE names it; in Kubernetes the pod needs the label "
                   "azure.workload.identity/use: \"true\"");
  }
  while (!token->empty() && (token->back() == '\n' || token->back() == '\r')) {
    token->pop_back();
  }
  return http::Parameters{
      {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
      {"client_assertion", *std::move(token)}};
}

} // namespace sluice::identity

// SPDX-License-Identifier: Apache-2.0
#include "identity/entra_sign_in.hpp"

#include <cstring>

#include <fmt/format.h>

#include "identity/token_reply.hpp"

namespace sluice::identity {
namespace {

constexpr std::size_t max_reply_bytes = 64 * 1024;

/// Overwrites what may hold a password or a token before its memory goes back.
void wipe(std::string& text) {
  explicit_bzero(text.data(), text.size());
}

} // namespace

EntraSignIn::EntraSignIn(http::HttpClient& client,
                         Clock& clock,
                         Cloud cloud,
                         Application application,
                         std::unique_ptr<ClientCredential> credential)
    : client_{client},
      clock_{clock},
      cloud_{std::move(cloud)},
      application_{std::move(application)},
      credential_{std::move(credential)} {}

auto EntraSignIn::issue(const std::stop_token& stop) -> Result<IssuedToken> {
  const auto path =
      fmt::format("/{}/oauth2/v2.0/token", http::percent_encoded(application_.tenant));
  TRY(auto endpoint, cloud_.login.with_target(path).while_doing("the tenant's sign-in address"));
  TRY(auto proof, credential_->form_fields(endpoint, application_.client_id, clock_.now()));
  http::Parameters form{{"grant_type", "client_credentials"},
                        {"client_id", application_.client_id},
                        {"scope", cloud_.audience + "/.default"}};
  for (auto& field : proof) {
    form.push_back(std::move(field));
  }
  http::Request request{.method = http::Method::post,
                        .url = std::move(endpoint),
                        .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                                    {"Accept", "application/json"}},
                        .body = http::encoded(form),
                        .bearer = std::nullopt,
                        .max_body_bytes = max_reply_bytes};
  for (auto& [name, value] : form) {
    wipe(value);
  }
  auto response = client_.send(request, stop);
  wipe(request.body);
  if (!response) {
    return std::move(response).error().while_doing("signing in");
  }
  auto token = read_token_reply(*response, clock_.now());
  wipe(response->body);
  return token;
}

} // namespace sluice::identity

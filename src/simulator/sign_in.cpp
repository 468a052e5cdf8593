// SPDX-License-Identifier: Apache-2.0
#include "simulator/sign_in.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "simulator/guid.hpp"

namespace sluice::simulator {
namespace {

constexpr std::string_view v1_path = "/oauth2/token";
constexpr std::string_view v2_path = "/oauth2/v2.0/token";
constexpr std::string_view assertion_type =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

struct SignInError {
  int number;
  std::string_view error;
  int status;
};

// Documented; which status goes with which is documented as 400 but for client authentication.
constexpr std::array errors{
    SignInError{7000215, "invalid_client", 401},
    SignInError{7000222, "invalid_client", 401},
    SignInError{7000216, "invalid_client", 401},
    SignInError{700016, "unauthorized_client", 400},
    SignInError{90002, "invalid_request", 400},
    SignInError{900023, "invalid_request", 400},
    SignInError{900144, "invalid_request", 400},
    SignInError{70003, "unsupported_grant_type", 400},
    SignInError{500011, "invalid_resource", 400},
    SignInError{70011, "invalid_scope", 400},
    SignInError{1002012, "invalid_scope", 400},
    SignInError{700027, "invalid_client", 401},
    SignInError{700024, "invalid_client", 401},
    SignInError{700021, "invalid_client", 401},
    SignInError{700023, "invalid_client", 401},
    SignInError{50027, "invalid_request", 400},
    SignInError{90033, "temporarily_unavailable", 503},
};

auto fail(int number, std::string message) -> Error {
  return Error{ErrorKind::invalid_input, std::move(message)}.with_code(fmt::format("{}", number));
}

auto reply_for(const Error& error, DateTime now) -> http::ServerReply {
  int number = 0;
  std::from_chars(error.code().data(), error.code().data() + error.code().size(), number);
  const auto* const row = std::ranges::find(errors, number, &SignInError::number);
  auto stamp = to_iso8601(now, 0);
  stamp.replace(10, 1, " ");
  const auto trace = guid_from(fmt::format("trace {} {}", number, now.since_year_one.count()));
  const auto correlation = guid_from(fmt::format("correlation {}", trace));
  const auto text =
      fmt::format("AADSTS{}: {}\r\nTrace ID: {}\r\nCorrelation ID: {}\r\nTimestamp: {}",
                  number,
                  error.message(),
                  trace,
                  correlation,
                  stamp);
  auto reply = http::ServerReply{};
  reply.status = row->status;
  reply.headers = {{"Content-Type", "application/json; charset=utf-8"},
                   {"Cache-Control", "no-store, no-cache"},
                   {"Pragma", "no-cache"}};
  reply.body =
      fmt::format(R"({{"error":"{}","error_description":{},"error_codes":[{}],"timestamp":"{}",)"
                  R"("trace_id":"{}","correlation_id":"{}",)"
                  R"("error_uri":"https://login.microsoftonline.com/error?code={}"}})",
                  row->error,
                  json_quoted(text),
                  number,
                  stamp,
                  trace,
                  correlation,
                  number);
  return reply;
}

/// The parameters of the form in the body.
class Form {
public:
  explicit Form(std::string_view body) : fields_{http::parse_form(body)} {}

  [[nodiscard]] auto value(std::string_view name) const -> std::string {
    const auto at = std::ranges::find(fields_, name, [](const auto& field) { return field.first; });
    return at == fields_.end() ? std::string{} : at->second;
  }
  [[nodiscard]] auto required(std::string_view name) const -> Result<std::string> {
    auto text = value(name);
    if (text.empty()) {
      return fail(
          900144,
          fmt::format("The request body must contain the following parameter: '{}'.", name));
    }
    return text;
  }

private:
  http::ServerFields fields_;
};

auto check_secret(const Form& form, const AppRegistration& app) -> Result<> {
  const auto secret = form.value("client_secret");
  if (secret.empty()) {
    return fail(7000216,
                "'client_assertion', 'client_secret' or 'request' is required for the "
                "'client_credentials' grant type.");
  }
  if (app.secret.empty() || secret != app.secret.reveal()) {
    return fail(7000215,
                fmt::format("Invalid client secret provided. Ensure the secret being sent in the "
                            "request is the client secret value, not the client secret ID, for a "
                            "secret added to app '{}'.",
                            app.client_id));
  }
  if (app.secret_expired) {
    return fail(
        7000222,
        fmt::format("The provided client secret keys for app '{}' are expired.", app.client_id));
  }
  return {};
}

} // namespace

struct SignIn::Grant {
  TokenClaims claims;
  bool second_version = false;
};

auto SignIn::takes(std::string_view path) -> bool {
  return path.ends_with(v1_path) || path.ends_with(v2_path);
}

auto SignIn::check_tenant(std::string_view tenant) const -> Result<> {
  if (tenant == options_.tenant_id || tenant == options_.tenant_domain) {
    return {};
  }
  if (is_guid(tenant) || tenant.find('.') != std::string_view::npos) {
    return fail(90002, fmt::format("Tenant '{}' not found.", tenant));
  }
  return fail(900023,
              fmt::format("Specified tenant identifier '{}' is neither a valid DNS name, nor a "
                          "valid external domain.",
                          tenant));
}

auto SignIn::check_resource(std::string resource,
                            bool second_version,
                            std::string_view base_url) const -> Result<std::string> {
  if (second_version) {
    constexpr std::string_view all = "/.default";
    if (!resource.ends_with(all)) {
      return fail(1002012,
                  fmt::format("The provided value for scope {} is not valid. Client credential "
                              "flows must have a scope value with /.default suffixed to the "
                              "resource identifier.",
                              resource));
    }
    resource.resize(resource.size() - all.size());
  }
  if (resource.ends_with("/")) {
    resource.pop_back();
  }
  if (resource != base_url &&
      std::ranges::find(options_.resources, resource) == options_.resources.end()) {
    return fail(500011,
                fmt::format("The resource principal named {} was not found in the tenant named {}.",
                            resource,
                            options_.tenant_id));
  }
  return resource;
}

auto SignIn::grant(const http::ServerRequest& request,
                   std::string_view base_url,
                   DateTime now) const -> Result<Grant> {
  const auto form = Form{request.body};
  const bool second_version = request.path.ends_with(v2_path);
  const auto tail = second_version ? v2_path : v1_path;
  TRY_DO(check_tenant(
      std::string_view{request.path}.substr(1, request.path.size() - 1 - tail.size())));
  TRY(const auto grant_type, form.required("grant_type"));
  if (grant_type != "client_credentials") {
    return fail(70003, "The app requested an unsupported grant type.");
  }
  TRY(const auto client_id, form.required("client_id"));
  const auto app = std::ranges::find(options_.apps, client_id, &AppRegistration::client_id);
  if (app == options_.apps.end()) {
    return fail(700016,
                fmt::format("Application with identifier '{}' was not found in the directory '{}'.",
                            client_id,
                            options_.tenant_id));
  }
  TRY(auto asked_for, form.required(second_version ? "scope" : "resource"));
  TRY(auto resource, check_resource(std::move(asked_for), second_version, base_url));
  const bool by_certificate = form.value("client_assertion_type") == assertion_type;
  if (by_certificate) {
    const auto endpoint = fmt::format("{}{}", base_url, request.path);
    TRY_DO(check_assertion(form.value("client_assertion"), *app, endpoint, now));
  } else {
    TRY_DO(check_secret(form, *app));
  }
  return Grant{.claims = {.audience = std::move(resource),
                          .tenant_id = options_.tenant_id,
                          .client_id = client_id,
                          .roles = app->roles,
                          .by_certificate = by_certificate,
                          .issued = now,
                          .expires = now + options_.token_lifetime},
               .second_version = second_version};
}

auto SignIn::answer(const http::ServerRequest& request,
                    std::string_view base_url,
                    DateTime now) const -> http::ServerReply {
  const auto granted = grant(request, base_url, now);
  if (!granted) {
    journal_.count_error("AADSTS" + granted.error().code());
    return reply_for(granted.error(), now);
  }
  journal_.count_token();
  const auto& claims = granted->claims;
  const auto lifetime = options_.token_lifetime.count();
  const auto token = mint_.issue(claims);
  const auto issued = std::chrono::duration_cast<std::chrono::seconds>(now.to_unix_ticks()).count();
  auto reply = http::ServerReply{};
  reply.headers = {{"Content-Type", "application/json; charset=utf-8"},
                   {"Cache-Control", "no-store, no-cache"},
                   {"Pragma", "no-cache"}};
  reply.body =
      granted->second_version
          ? fmt::format(
                R"({{"token_type":"Bearer","expires_in":{0},"ext_expires_in":{0},"access_token":"{1}"}})",
                lifetime,
                token)
          : fmt::format(
                R"({{"token_type":"Bearer","expires_in":"{0}","ext_expires_in":"{0}",)"
                R"("expires_on":"{1}","not_before":"{2}","resource":{3},"access_token":"{4}"}})",
                lifetime,
                issued + lifetime,
                issued - 300,
                json_quoted(claims.audience),
                token);
  return reply;
}

auto SignIn::unavailable(DateTime now) const -> http::ServerReply {
  return reply_for(fail(90033, "A transient error has occurred. Please try again."), now);
}

} // namespace sluice::simulator

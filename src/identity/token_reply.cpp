// SPDX-License-Identifier: Apache-2.0
#include "identity/token_reply.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_text.hpp"
#include "http/http_date.hpp"

namespace sluice::identity {
namespace {

constexpr std::size_t max_description_bytes = 300;
constexpr std::int64_t longest_lifetime_seconds = 7L * 24 * 3600;

struct SignInFault {
  std::int64_t number;
  ErrorKind kind;
  std::string_view hint;
};

constexpr auto renew = ErrorKind::unauthorized;
constexpr auto input = ErrorKind::invalid_input;

constexpr std::array sign_in_faults{
    SignInFault{
        7000215,
        renew,
        "the client secret is wrong; often the secret's id was copied in place of its value"},
    SignInFault{7000222, renew, "the client secret has expired; create a new one"},
    SignInFault{700027, renew, "this certificate is not registered with the application"},
    SignInFault{700024, renew, "the clock of this machine is wrong by minutes"},
    SignInFault{700021, renew, "the assertion names another client id; check client_id"},
    SignInFault{700023, renew, "the assertion is for another endpoint; check the cloud"},
    SignInFault{700016, input, "the application is not in this tenant; check client_id and tenant"},
    SignInFault{7000229, input, "the application has no service principal here; consent to it"},
    SignInFault{7000112, input, "the application is disabled in this tenant"},
    SignInFault{90002, input, "there is no such tenant; check its id and the cloud"},
    SignInFault{900023, input, "the tenant is neither a GUID nor a verified domain"},
    SignInFault{500011,
                input,
                "the tenant does not know the Office 365 Management API; check the cloud, and that "
                "the API was given permissions"},
    SignInFault{70011, input, "the scope was refused; check the audience of the cloud"},
    SignInFault{1002012, input, "the scope was refused; check the audience of the cloud"},
    SignInFault{53003,
                ErrorKind::forbidden,
                "a conditional access policy for workload identities blocks the application"},
    SignInFault{50196, ErrorKind::throttled, "too many sign-ins in a short time"},
    SignInFault{90033, ErrorKind::unavailable, "a passing fault of the sign-in service"},
};

/// What the body of a refused sign-in says.
struct Refusal {
  std::string error;
  std::string description;
  std::int64_t number = 0;
};

auto read_refusal(const simdjson::dom::object& body) -> Refusal {
  Refusal refusal;
  std::string_view text;
  if (body["error"].get(text) == simdjson::SUCCESS) {
    refusal.error = escape_control(text.substr(0, max_description_bytes));
  }
  if (body["error_description"].get(text) == simdjson::SUCCESS) {
    text = text.substr(0, std::min(text.find_first_of("\r\n"), max_description_bytes));
    refusal.description = escape_control(text);
  }
  simdjson::dom::array numbers;
  std::int64_t number = 0;
  if (body["error_codes"].get(numbers) == simdjson::SUCCESS &&
      numbers.at(0).get(number) == simdjson::SUCCESS) {
    refusal.number = number;
  }
  return refusal;
}

auto kind_without_number(std::string_view error, int status) -> ErrorKind {
  if (status == 429) {
    return ErrorKind::throttled;
  }
  if (status >= 500 || status == 408 || error == "temporarily_unavailable") {
    return ErrorKind::unavailable;
  }
  if (error.empty()) {
    return ErrorKind::malformed;
  }
  return error == "invalid_client" || status == 401 ? ErrorKind::unauthorized
                                                    : ErrorKind::invalid_input;
}

auto to_sign_in_error(const Refusal& refusal, const http::Response& response, DateTime now)
    -> Error {
  const auto status = response.head.status;
  const auto* row = std::ranges::find(sign_in_faults, refusal.number, &SignInFault::number);
  const bool known = row != sign_in_faults.end();
  const auto& said = refusal.description.empty() ? refusal.error : refusal.description;
  auto error =
      Error{known && status < 500 ? row->kind : kind_without_number(refusal.error, status),
            said.empty() ? fmt::format("sign-in answered HTTP {}", status)
                         : fmt::format("sign-in was refused: {}", said)}
          .with_code(refusal.number == 0 ? refusal.error : fmt::format("AADSTS{}", refusal.number))
          .with_hint(known ? std::string{row->hint} : std::string{});
  const auto wait = http::retry_after(response.head.headers, now);
  return wait ? std::move(error).with_retry_after(*wait) : error;
}

/// A number, or a number as text.
auto number_of(const simdjson::dom::object& body, std::string_view name)
    -> std::optional<std::int64_t> {
  std::int64_t number = 0;
  std::string_view text;
  if (body[name].get(text) != simdjson::SUCCESS) {
    return body[name].get(number) == simdjson::SUCCESS ? std::optional{number} : std::nullopt;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional{number}
                                                                  : std::nullopt;
}

auto lifetime_of(const simdjson::dom::object& body, DateTime now)
    -> std::optional<std::chrono::seconds> {
  auto seconds = number_of(body, "expires_in");
  if (!seconds && body["expires_in"].error() == simdjson::NO_SUCH_FIELD) {
    // App Service says only when it ends (documented).
    const auto end = number_of(body, "expires_on");
    const auto since_epoch =
        std::chrono::duration_cast<std::chrono::seconds>(now.to_unix_ticks()).count();
    seconds = end ? std::optional{*end - since_epoch} : std::nullopt;
  }
  if (!seconds || *seconds <= 0) {
    return std::nullopt;
  }
  return std::chrono::seconds{std::min(*seconds, longest_lifetime_seconds)};
}

} // namespace

auto read_token_reply(const http::Response& response, DateTime now) -> Result<IssuedToken> {
  simdjson::dom::parser parser;
  simdjson::dom::object body;
  const bool readable = parser.parse(response.body).get(body) == simdjson::SUCCESS;
  if (response.head.status != 200) {
    return to_sign_in_error(readable ? read_refusal(body) : Refusal{}, response, now);
  }
  std::string_view token;
  if (!readable || body["access_token"].get(token) != simdjson::SUCCESS || token.empty()) {
    return Error{ErrorKind::malformed, "sign-in answered 200 without a token"};
  }
  const auto lifetime = lifetime_of(body, now);
  if (!lifetime) {
    return Error{ErrorKind::malformed, "sign-in gave a token without a readable lifetime"};
  }
  return IssuedToken{Secret{std::string{token}}, *lifetime};
}

} // namespace sluice::identity

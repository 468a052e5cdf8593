// SPDX-License-Identifier: Apache-2.0
#include "kusto/refusal.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/log.hpp"
#include "http/status_kind.hpp"
#include "kql/dynamic.hpp"
#include "kusto/remedy.hpp"

namespace sluice::kusto {
namespace {

constexpr std::size_t max_shown_bytes = 2'000;

/// Families of codes of which those that are not listed one by one are final (documented).
constexpr std::array<std::string_view, 5> permanent_families{
    "Stream_", "BadRequest_", "Download_", "Schema_", "UpdatePolicy_"};

/// Whether the service will never carry it out, by its code; nothing when the code tells nothing.
auto is_final(std::string_view code) -> std::optional<bool> {
  if (const auto remedy = remedy_for_code(code)) {
    return *remedy != Remedy::retry;
  }
  const auto begins = [code](std::string_view family) { return code.starts_with(family); };
  return std::ranges::any_of(permanent_families, begins) ? std::optional{true} : std::nullopt;
}

struct Told {
  std::string code;
  std::string message;
  std::optional<bool> permanent;
};

/// What a OneApiError says, alone or as the member `error`.
auto read_told(std::string_view body) -> Told {
  const auto json = kql::canonical_json(body);
  if (!json || kql::json_kind(*json) != kql::JsonKind::object) {
    return {{}, std::string{body.substr(0, max_shown_bytes)}, std::nullopt};
  }
  const auto inner = kql::json_member(*json, "error");
  const std::string_view error = inner.empty() ? std::string_view{*json} : inner;
  Told told;
  told.code = kql::json_to_text(kql::json_member(error, "code"));
  told.message = kql::json_to_text(kql::json_member(error, "@message"));
  if (told.message.empty()) {
    told.message = kql::json_to_text(kql::json_member(error, "message"));
  }
  told.message.resize(std::min(told.message.size(), max_shown_bytes));
  if (const auto permanent = kql::json_member(error, "@permanent"); !permanent.empty()) {
    told.permanent = permanent == "true";
  }
  return told;
}

auto kind_of(const Told& told, int status) -> ErrorKind {
  const auto kind = http::kind_of_status(status);
  if (kind && *kind != ErrorKind::unavailable) {
    return *kind;
  }
  const bool permanent = told.permanent.value_or(is_final(told.code).value_or(status < 500));
  return permanent ? ErrorKind::invalid_input : ErrorKind::unavailable;
}

auto hint_for(int status) -> std::string {
  switch (status) {
  case 401:
    return "sign in; the token must be for this cluster";
  case 403:
    return "ask an administrator of the database for the role, such as Viewer to query";
  case 404:
    return "is that the cluster's own address?";
  default:
    return {};
  }
}

} // namespace

auto to_error(const http::Response& response) -> Error {
  const auto status = response.head.status;
  const auto told = read_told(response.body);
  const auto words = told.message.empty()
                         ? fmt::format("HTTP {}", status)
                         : fmt::format("HTTP {}: {}", status, redact(told.message));
  constexpr int too_large = 413;
  return Error{kind_of(told, status), words}
      .with_code(status == too_large ? "BadRequest_RequestTooLarge" : told.code)
      .with_hint(hint_for(status));
}

auto to_error(std::string_view one_api_error) -> Error {
  const auto told = read_told(one_api_error);
  return Error{kind_of(told, 400), redact(told.message)}.with_code(told.code);
}

} // namespace sluice::kusto

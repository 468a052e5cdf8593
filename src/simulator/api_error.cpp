// SPDX-License-Identifier: Apache-2.0
#include "simulator/api_error.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/json_text.hpp"

namespace sluice::simulator {
namespace {

struct ErrorRow {
  std::string_view code;
  int status;
  std::string_view text; ///< `{}` is replaced by what the error is about.
};

constexpr std::array rows{
    ErrorRow{"AF10001",
             401,
             "The permission set ({}) sent in the request does not include the expected "
             "permission."},
    ErrorRow{"AF20001", 400, "Missing parameter: {}."},
    ErrorRow{"AF20002", 400, "Invalid parameter type: {}."},
    ErrorRow{"AF20003", 400, "Expiration {} provided is set to past date and time."},
    ErrorRow{"AF20010",
             400,
             "The tenant ID passed in the URL ({}) does not match the tenant ID passed in the "
             "access token."},
    ErrorRow{"AF20013", 400, "The tenant ID passed in the URL ({}) is not a valid GUID."},
    ErrorRow{"AF20020", 400, "The specified content type is not valid."},
    ErrorRow{"AF20021", 400, "The webhook endpoint ({}) could not be validated."},
    ErrorRow{"AF20022", 400, "No subscription found for the specified content type."},
    ErrorRow{"AF20023", 400, "The subscription was disabled."},
    ErrorRow{"AF20024", 400, "The subscription is already enabled. No property change."},
    ErrorRow{"AF20031", 400, "Invalid nextPage Input: {}."},
    ErrorRow{"AF20050", 404, "The specified content ({}) does not exist."},
    ErrorRow{"AF20051",
             400,
             "Content requested with the key {} has already expired. Content older than 7 days "
             "cannot be retrieved."},
    ErrorRow{"AF20052", 400, "Blob key {} in the url is invalid"},
    ErrorRow{"AF20053", 400, "Only one language may be present in the Accept-Language header."},
    ErrorRow{"AF20054", 400, "Invalid syntax in Accept-Language header."},
    ErrorRow{"AF20055",
             400,
             "Start time and end time must both be specified (or both omitted) and must be less "
             "than or equal to 24 hours apart, with the start time prior to end time and start "
             "time no more than 7 days in the past."},
    ErrorRow{"AF429", 403, "Too many requests. {}"},
    ErrorRow{
        "429", 403, "Too many frequent subscription start requests. Please retry again after {}."},
    ErrorRow{"AF50000", 500, "An internal error occurred. Retry the request."},
};

auto single_quoted_text(std::string_view text) -> std::string {
  std::string out = "'";
  for (const char c : text) {
    out += c == '\'' ? '`' : c;
  }
  return out + "'";
}

} // namespace

auto api_error(std::string_view code, std::string_view about) -> ApiError {
  const auto* const row = std::ranges::find(rows, code, &ErrorRow::code);
  CHECK(row != rows.end());
  auto message = std::string{row->text};
  if (const auto gap = message.find("{}"); gap != std::string::npos) {
    message.replace(gap, 2, about);
  }
  return {.status = row->status, .code = std::string{code}, .message = std::move(message)};
}

auto refuse(std::string_view code, std::string_view about) -> tl::unexpected<ApiError> {
  return tl::unexpected<ApiError>{api_error(code, about)};
}

auto unauthorized() -> ApiError {
  return {.status = 401, .code = {}, .message = "Authorization has been denied for this request."};
}

auto to_reply(const ApiError& error, bool single_quoted) -> http::ServerReply {
  const auto quoted = single_quoted ? single_quoted_text : json_quoted;
  auto reply = http::ServerReply{};
  reply.status = error.status;
  reply.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  if (error.code.empty()) {
    reply.body = fmt::format(R"({{{}:{}}})", quoted("Message"), quoted(error.message));
  } else {
    reply.body = fmt::format("{{{}:{{{}:{},{}:{}}}}}",
                             quoted("error"),
                             quoted("code"),
                             quoted(error.code),
                             quoted("message"),
                             quoted(error.message));
  }
  return reply;
}

} // namespace sluice::simulator

// SPDX-License-Identifier: Apache-2.0
#include "activity/api_error.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_text.hpp"
#include "http/http_date.hpp"
#include "http/status_kind.hpp"

namespace sluice::activity {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t max_shown_bytes = 300;
constexpr std::chrono::hours longest_wait{24};
/// Auditing takes up to an hour to come on (documented), and hours have been seen.
constexpr std::chrono::minutes audit_log_wait{60};

struct FaultRow {
  std::string_view code;
  ErrorKind kind;
  std::string_view hint;
};

/// The documented codes and those that were observed. AF20024 is not here: for its caller it is a
/// success.
constexpr std::array fault_rows{
    FaultRow{
        "AF10001",
        ErrorKind::forbidden,
        "grant the application ActivityFeed.Read (and ActivityFeed.ReadDlp for DLP.All) of the "
        "Office 365 Management APIs, with admin consent"},
    FaultRow{"AF20001", ErrorKind::invalid_input, ""},
    FaultRow{"AF20002", ErrorKind::invalid_input, ""},
    FaultRow{"AF20003", ErrorKind::invalid_input, ""},
    FaultRow{"AF20010", ErrorKind::invalid_input, "the application signs in to another tenant"},
    FaultRow{"AF20011", ErrorKind::invalid_input, "check the tenant's id and cloud"},
    FaultRow{"AF20012", ErrorKind::invalid_input, "check the tenant's id and cloud"},
    FaultRow{"AF20013", ErrorKind::invalid_input, "check the tenant's id and cloud"},
    FaultRow{"AF20020", ErrorKind::invalid_input, ""},
    FaultRow{"AF20021", ErrorKind::invalid_input, ""},
    FaultRow{"AF20022", ErrorKind::invalid_input, "the subscription must be started"},
    FaultRow{"AF20023",
             ErrorKind::invalid_input,
             "the subscription was switched off; started again, it may take a day to work"},
    FaultRow{"AF20030", ErrorKind::invalid_input, "the window is too old or too wide"},
    FaultRow{"AF20055", ErrorKind::invalid_input, "the window is too old or too wide"},
    FaultRow{"AF20031", ErrorKind::malformed, ""},
    FaultRow{"AF20050", ErrorKind::gone, ""},
    FaultRow{"AF20051", ErrorKind::gone, "it was not retrieved before it expired"},
    FaultRow{"AF20052", ErrorKind::gone, "many of these in a row mean the wrong cloud"},
    FaultRow{"AF20053", ErrorKind::invalid_input, ""},
    FaultRow{"AF20054", ErrorKind::invalid_input, ""},
    FaultRow{"AF429", ErrorKind::throttled, ""},
    FaultRow{"429", ErrorKind::throttled, ""},
    FaultRow{"AF50000", ErrorKind::unavailable, ""},
    FaultRow{"AF50005", ErrorKind::unavailable, ""},
    FaultRow{"AF50006", ErrorKind::unavailable, ""},
};

auto is_digit(char c) -> bool {
  return c >= '0' && c <= '9';
}

/// `AF` and three to five digits, wherever it stands.
auto find_code(std::string_view text) -> std::string {
  for (auto at = text.find("AF"); at != std::string_view::npos; at = text.find("AF", at + 2)) {
    auto end = at + 2;
    while (end < text.size() && is_digit(text[end])) {
      ++end;
    }
    if (end - at >= 5 && end - at <= 7) {
      return std::string{text.substr(at, end - at)};
    }
  }
  return {};
}

auto read_json_fault(std::string_view body) -> std::optional<ApiFault> {
  simdjson::dom::parser parser;
  simdjson::dom::object error;
  if (parser.parse(body.data(), body.size())["error"].get(error) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  ApiFault fault;
  std::string_view text;
  if (error["code"].get(text) == simdjson::SUCCESS) {
    fault.code = text;
  }
  if (error["message"].get(text) == simdjson::SUCCESS) {
    fault.message = text;
  }
  return fault;
}

/// Auditing that is switched off shows as a leaked exception with its text cut at an odd place
/// (observed).
auto is_audit_log_off(const ApiFault& fault) -> bool {
  const auto both = fault.code + fault.message;
  return both.find("DataServiceException") != std::string::npos ||
         (both.find("StartSubscription") != std::string::npos &&
          both.find("does not exist") != std::string::npos);
}

auto shown(const ApiFault& fault, int status) -> std::string {
  const auto text = escape_control(std::string_view{fault.message}.substr(0, max_shown_bytes));
  if (text.empty()) {
    return fault.code.empty() ? fmt::format("HTTP {}", status)
                              : fmt::format("HTTP {} {}", status, fault.code);
  }
  return fault.code.empty() ? fmt::format("HTTP {}: {}", status, text)
                            : fmt::format("HTTP {} {}: {}", status, fault.code, text);
}

} // namespace

auto read_api_fault(std::string_view body) -> ApiFault {
  if (auto fault = read_json_fault(body)) {
    if (find_code(fault->code) != fault->code && fault->code != "429") {
      const auto inside = find_code(fault->code + " " + fault->message);
      fault->code = inside.empty() ? fault->code : inside;
    }
    return *std::move(fault);
  }
  if (body.starts_with("{'")) { // Pseudo JSON (observed).
    std::string quoted{body};
    std::ranges::replace(quoted, '\'', '"');
    if (quoted != body) {
      return read_api_fault(quoted);
    }
  }
  const bool markup = body.find('<') != std::string_view::npos;
  return {.code = find_code(body), .message = markup ? "" : std::string{body}};
}

auto to_error(const http::Response& response, DateTime now) -> Error {
  const auto status = response.head.status;
  const auto fault = read_api_fault(response.body);
  const auto message = shown({.code = fault.code.substr(0, 64), .message = fault.message}, status);
  if (is_audit_log_off(fault)) {
    return Error{ErrorKind::unavailable, "auditing is switched off for this tenant"}
        .with_code("audit_log_off")
        .with_hint("switch the unified audit log on (UnifiedAuditLogIngestionEnabled); it takes an "
                   "hour or more")
        .with_retry_after(audit_log_wait);
  }
  const auto* row = std::ranges::find(fault_rows, fault.code, &FaultRow::code);
  const bool known = row != fault_rows.end();
  // A redirect, or a 4xx without one of the service's codes: something else answered in its place.
  const auto by_status = http::kind_of_status(status).value_or(ErrorKind::malformed);
  auto error = Error{known ? row->kind : by_status, message}
                   .with_code(fault.code.substr(0, 64))
                   .with_hint(known ? std::string{row->hint} : std::string{});
  auto wait = http::retry_after(response.head.headers, now);
  if (!wait && error.kind() == ErrorKind::throttled) {
    wait = wait_in_words(fault.message);
  }
  return wait ? std::move(error).with_retry_after(*wait) : error;
}

auto wait_in_words(std::string_view message) -> std::optional<milliseconds> {
  constexpr std::string_view before = "retry again after ";
  const auto at = message.find(before);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  auto text = message.substr(at + before.size());
  std::chrono::seconds wait{0};
  bool any = false;
  for (;;) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (error != std::errc{} || number < 0 || number > 86'400 || text.empty()) {
      break;
    }
    const auto unit = std::string_view{"smh"}.find(text.front());
    if (unit == std::string_view::npos) {
      break;
    }
    constexpr std::array<std::int64_t, 3> seconds_of{1, 60, 3'600};
    wait += std::chrono::seconds{number * seconds_of.at(unit)};
    any = true;
    text.remove_prefix(1);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  }
  return any ? std::optional{std::min(milliseconds{wait}, milliseconds{longest_wait})}
             : std::nullopt;
}

} // namespace sluice::activity

// SPDX-License-Identifier: Apache-2.0
#include "endpoint/query_request.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>
#include <simdjson.h>

#include "kql/conversion.hpp"

namespace sluice::endpoint {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

constexpr std::size_t max_parameters = 1'000;
constexpr std::chrono::nanoseconds longest_timeout = std::chrono::hours{1};

auto text_of(const element& value) -> std::string {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? std::string{text} : simdjson::minify(value);
}

auto is_true(const element& value) -> bool {
  const auto text = text_of(value);
  return http::same_name(text, "true") || text == "1";
}

auto number_of(const element& value) -> std::optional<std::uint64_t> {
  const auto number = kql::parse_long(text_of(value));
  return number && *number >= 0 ? std::optional{static_cast<std::uint64_t>(*number)} : std::nullopt;
}

/// `00:04:00`, `50m`, and Python's `1 day, 0:00:00` (observed).
auto timeout_of(std::string text) -> std::optional<std::chrono::nanoseconds> {
  for (const std::string_view days : {" days, ", " day, "}) {
    if (const auto at = text.find(days); at != std::string::npos) {
      text.replace(at, days.size(), ".");
    }
  }
  const auto ticks = kql::parse_timespan(text);
  if (!ticks || ticks->count() <= 0) {
    return std::nullopt;
  }
  return std::chrono::nanoseconds{std::min(*ticks, Ticks{longest_timeout.count() / 100})};
}

void set_rows(QueryRequest& request, const element& value) {
  request.max_rows = number_of(value).value_or(request.max_rows);
}

struct Option {
  std::string_view name;
  void (*take)(QueryRequest& request, const element& value);
};

constexpr std::array options{
    Option{"servertimeout",
           [](QueryRequest& request, const element& value) {
             request.timeout = timeout_of(text_of(value)).value_or(request.timeout);
           }},
    Option{"norequesttimeout",
           [](QueryRequest& request, const element& value) {
             request.timeout = is_true(value) ? longest_timeout : request.timeout;
           }},
    Option{"truncationmaxrecords", set_rows},
    Option{"truncationmaxsize",
           [](QueryRequest& request, const element& value) {
             request.max_bytes = number_of(value).value_or(request.max_bytes);
           }},
    Option{"notruncation",
           [](QueryRequest& request, const element& value) {
             if (is_true(value)) {
               request.max_rows = std::numeric_limits<std::uint64_t>::max();
               request.max_bytes = 0;
             }
           }},
    Option{"query_take_max_records",
           [](QueryRequest& request, const element& value) { request.take = number_of(value); }},
    Option{"deferpartialqueryfailures",
           [](QueryRequest& request, const element& value) {
             request.deferred_failures = is_true(value);
           }},
    Option{"request_readonly",
           [](QueryRequest& request, const element& value) { request.read_only = is_true(value); }},
    Option{"request_readonly_hardline",
           [](QueryRequest& request, const element& value) {
             request.read_only = request.read_only || is_true(value);
           }},
    Option{"results_v2_newlines_between_frames",
           [](QueryRequest& request, const element& value) { request.newlines = is_true(value); }},
    Option{
        "results_v2_fragment_primary_tables",
        [](QueryRequest& request, const element& value) { request.fragmented = is_true(value); }},
    Option{"query_now",
           [](QueryRequest& request, const element& value) {
             request.now = kql::parse_datetime(text_of(value));
           }},
};

void read_options(const element& values, QueryRequest& request) {
  simdjson::dom::object object;
  if (values.get(object) != simdjson::SUCCESS) {
    return;
  }
  for (const auto& option : options) { // In the table's order: `notruncation` has the last word.
    for (const auto [key, value] : object) {
      if (http::same_name(key, option.name)) {
        option.take(request, value);
      }
    }
  }
}

auto read_parameters(const element& values, QueryRequest& request) -> Result<> {
  simdjson::dom::object object;
  if (values.get(object) != simdjson::SUCCESS) {
    return {};
  }
  for (const auto [key, value] : object) {
    if (request.parameters.size() == max_parameters) {
      return Error{ErrorKind::invalid_input,
                   fmt::format("more than {} query parameters", max_parameters)};
    }
    request.parameters.emplace_back(std::string{key}, text_of(value));
  }
  return {};
}

auto read_properties(const element& properties, QueryRequest& request) -> Result<> {
  std::string_view text;
  simdjson::dom::parser inner;
  element read = properties;
  if (properties.get(text) == simdjson::SUCCESS) {
    if (text.empty()) {
      return {};
    }
    if (inner.parse(simdjson::padded_string{text}).get(read) != simdjson::SUCCESS) {
      return Error{ErrorKind::invalid_input, "the properties are not JSON"};
    }
  }
  element part;
  if (read.at_key("Options").get(part) == simdjson::SUCCESS) {
    read_options(part, request);
  }
  if (read.at_key("Parameters").get(part) == simdjson::SUCCESS) {
    TRY_DO(read_parameters(part, request));
  }
  return {};
}

auto read_body(const std::string& body, QueryRequest& request) -> Result<> {
  simdjson::dom::parser parser;
  element document;
  if (parser.parse(body).get(document) != simdjson::SUCCESS || !document.is_object()) {
    return Error{ErrorKind::invalid_input, "the request's body is not a JSON object"};
  }
  std::string_view text;
  if (document.at_key("csl").get(text) != simdjson::SUCCESS) {
    return Error{ErrorKind::invalid_input, "the request has no `csl`"};
  }
  request.text = text;
  if (document.at_key("db").get(text) == simdjson::SUCCESS) {
    request.database = text;
  }
  element properties;
  if (document.at_key("properties").get(properties) == simdjson::SUCCESS) {
    return read_properties(properties, request);
  }
  return {};
}

auto read_address(const http::ServerRequest& from, QueryRequest& request) -> Result<> {
  request.text = from.parameter("csl").value_or("");
  request.database = from.parameter("db").value_or("");
  const auto properties = from.parameter("properties").value_or("");
  if (properties.empty()) {
    return {};
  }
  simdjson::dom::parser parser;
  element document;
  if (parser.parse(simdjson::padded_string{properties}).get(document) != simdjson::SUCCESS) {
    return Error{ErrorKind::invalid_input, "the properties are not JSON"};
  }
  return read_properties(document, request);
}

} // namespace

auto parse_query_request(const http::ServerRequest& from) -> Result<QueryRequest> {
  QueryRequest request;
  TRY_DO(from.method == "GET" ? read_address(from, request) : read_body(from.body, request));
  if (!from.header("x-ms-readonly").empty()) {
    request.read_only = true;
  }
  return request;
}

} // namespace sluice::endpoint

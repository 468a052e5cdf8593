// SPDX-License-Identifier: Apache-2.0
#include "simulator/webhook_check.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <simdjson.h>

#include "base/json_text.hpp"
#include "simulator/guid.hpp"

namespace sluice::simulator {
namespace {

auto text_at(const simdjson::dom::element& object, std::string_view key) -> std::string {
  std::string_view value;
  return object[key].get(value) == simdjson::SUCCESS ? std::string{value} : std::string{};
}

struct Address {
  std::string origin;
  std::string path;
};

auto split(const std::string& url, bool allow_plain) -> std::optional<Address> {
  const bool plain = allow_plain && url.starts_with("http://127.0.0.1:");
  if (!plain && !url.starts_with("https://")) {
    return std::nullopt;
  }
  const auto slash = url.find('/', url.find("//") + 2);
  return Address{.origin = url.substr(0, slash),
                 .path = slash == std::string::npos ? "/" : url.substr(slash)};
}

} // namespace

auto read_webhook(std::string_view body, DateTime now) -> ApiResult<std::optional<Webhook>> {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return std::optional<Webhook>{};
  }
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  if (parser.parse(body.data(), body.size()).get(document) != simdjson::SUCCESS ||
      !document.is_object()) {
    return refuse("AF20002", "webhook");
  }
  simdjson::dom::element object;
  if (document["webhook"].get(object) != simdjson::SUCCESS || object.is_null()) {
    return std::optional<Webhook>{};
  }
  auto webhook = Webhook{.address = text_at(object, "address"),
                         .auth_id = text_at(object, "authId"),
                         .expiration = text_at(object, "expiration")};
  if (webhook.expiration.empty()) {
    return std::optional{webhook};
  }
  const auto expires = parse_iso8601(webhook.expiration);
  if (!expires) {
    return refuse("AF20002", "expiration");
  }
  if (*expires <= now) {
    return refuse("AF20003", webhook.expiration);
  }
  return std::optional{webhook};
}

auto validate_webhook(const Webhook& webhook, bool allow_plain) -> ApiResult<> {
  constexpr time_t patience_seconds = 5;
  const auto address = split(webhook.address, allow_plain);
  if (!address) {
    return refuse("AF20021", webhook.address);
  }
  const auto code = guid_from("validation of " + webhook.address);
  httplib::Client client{address->origin};
  client.set_connection_timeout(patience_seconds);
  client.set_read_timeout(patience_seconds);
  httplib::Headers headers{{"Webhook-ValidationCode", code}};
  if (!webhook.auth_id.empty()) {
    headers.emplace("Webhook-AuthID", webhook.auth_id);
  }
  const auto reply = client.Post(address->path,
                                 headers,
                                 fmt::format(R"({{"validationCode":"{}"}})", code),
                                 "application/json; charset=utf-8");
  if (!reply || reply->status != 200) {
    return refuse("AF20021", webhook.address);
  }
  return {};
}

auto webhook_as_json(const std::optional<Webhook>& webhook) -> std::string {
  if (!webhook) {
    return "null";
  }
  return fmt::format(R"({{"authId":{},"address":{},"expiration":{},"status":"enabled"}})",
                     json_quoted(webhook->auth_id),
                     json_quoted(webhook->address),
                     json_quoted(webhook->expiration));
}

} // namespace sluice::simulator

// SPDX-License-Identifier: Apache-2.0
#include "activity/feed_json.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_text.hpp"
#include "http/url.hpp"

namespace sluice::activity {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t max_shown_bytes = 200;

auto text_of(const dom::object& entry, std::string_view key) -> std::string_view {
  std::string_view value;
  return entry[key].get(value) == simdjson::SUCCESS ? value : std::string_view{};
}

auto time_of(const dom::object& entry, std::string_view key) -> std::optional<DateTime> {
  return parse_iso8601(text_of(entry, key));
}

auto finding(const dom::object& entry, ErrorKind kind, std::string reason) -> ListingFinding {
  return {.kind = kind,
          .content_id = escape_control(text_of(entry, "contentId").substr(0, max_shown_bytes)),
          .reason = std::move(reason)};
}

/// The content, or why there is none.
auto read_content(const dom::object& entry, ContentType type, const FeedAddress& address)
    -> Result<Content> {
  auto id = parse_content_id(text_of(entry, "contentId"));
  if (!id) {
    return Error{ErrorKind::untrusted, "its contentId is missing or has forbidden characters"};
  }
  const auto uri = text_of(entry, "contentUri");
  if (uri.empty()) {
    return Error{ErrorKind::malformed, "it has no contentUri"};
  }
  TRY_DO(address.check_content_uri(uri, *id).while_doing("its contentUri"));
  const auto named = text_of(entry, "contentType");
  if (!named.empty() && parse_content_type(named) != type) {
    return Error{ErrorKind::malformed, "it has another contentType than was asked for"};
  }
  return Content{.id = *std::move(id),
                 .type = type,
                 .created = time_of(entry, "contentCreated"),
                 .expiration = time_of(entry, "contentExpiration")};
}

/// Calls `take` with each object of the array `body`.
template <class Take>
auto for_each_object(std::string_view body, std::string_view what, const Take& take) -> Result<> {
  dom::parser parser;
  dom::array entries;
  if (const auto error = parser.parse(body.data(), body.size()).get(entries)) {
    return Error{ErrorKind::malformed,
                 fmt::format("{} is no JSON array ({})", what, simdjson::error_message(error))};
  }
  for (const auto element : entries) {
    dom::object entry;
    if (element.get(entry) != simdjson::SUCCESS) {
      return Error{ErrorKind::malformed, fmt::format("{} holds more than objects", what)};
    }
    take(entry);
  }
  return {};
}

} // namespace

auto read_content_page(std::string_view body, ContentType type, const FeedAddress& address)
    -> Result<ContentPage> {
  ContentPage page;
  TRY_DO(for_each_object(body, "the content list", [&](const dom::object& entry) {
    auto content = read_content(entry, type, address);
    if (content) {
      page.contents.push_back(*std::move(content));
    } else {
      page.findings.push_back(finding(entry, content.error().kind(), content.error().message()));
    }
  }));
  return page;
}

auto read_subscriptions(std::string_view body) -> Result<std::vector<Subscriptions::Subscription>> {
  std::vector<Subscriptions::Subscription> found;
  TRY_DO(for_each_object(body, "the subscription list", [&](const dom::object& entry) {
    const auto type = parse_content_type(text_of(entry, "contentType"));
    if (!type) {
      return;
    }
    Subscriptions::Subscription subscription{.type = *type, .enabled = {}, .webhook = {}};
    if (const auto status = text_of(entry, "status"); !status.empty()) {
      subscription.enabled = http::equal_ignoring_case(status, "enabled");
    }
    dom::object webhook;
    if (entry["webhook"].get(webhook) == simdjson::SUCCESS) {
      subscription.webhook = escape_control(text_of(webhook, "address"));
    }
    found.push_back(std::move(subscription));
  }));
  return found;
}

} // namespace sluice::activity

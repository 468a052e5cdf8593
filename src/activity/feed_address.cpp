// SPDX-License-Identifier: Apache-2.0
#include "activity/feed_address.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/json_text.hpp"

namespace sluice::activity {
namespace {

constexpr std::string_view list_operation = "subscriptions/content";
constexpr std::string_view publisher_name = "PublisherIdentifier";
/// Addresses that came by webhook have carried it (observed).
constexpr std::string_view notification_suffix = "$IsFromNotification";

auto distrust(std::string_view why) -> Error {
  return Error{ErrorKind::untrusted, std::string{why}};
}

/// The form without zone is the one that all documents agree on; `+00:00` breaks (observed).
auto time_parameter(DateTime time) -> std::string {
  return to_iso8601(time, 0, /*zone=*/false);
}

} // namespace

auto FeedAddress::create(const http::Url& management, TenantId tenant, std::string_view publisher)
    -> Result<FeedAddress> {
  const auto publisher_id = parse_tenant_id(publisher);
  if (!publisher_id) {
    return Error{ErrorKind::invalid_input, "the publisher identifier must be a GUID"};
  }
  const auto tenant_id = parse_tenant_id(tenant.text());
  if (!tenant_id) {
    return Error{ErrorKind::invalid_input, "the tenant id must be a GUID"};
  }
  return FeedAddress{management, *tenant_id, publisher_id->text()};
}

FeedAddress::FeedAddress(http::Url root, TenantId tenant, std::string publisher)
    : root_{std::move(root)},
      tenant_{std::move(tenant)},
      publisher_{std::move(publisher)} {}

auto FeedAddress::feed_path(std::string_view operation) const -> std::string {
  return fmt::format("/api/v1.0/{}/activity/feed/{}", tenant_.text(), operation);
}

auto FeedAddress::operation(std::string_view name, http::Parameters parameters) const -> http::Url {
  parameters.emplace_back(publisher_name, publisher_);
  auto url = root_.with_target(feed_path(name), http::encoded(parameters));
  CHECK(url.has_value()); // All parts were checked where they came in.
  return *std::move(url);
}

auto FeedAddress::subscription_list() const -> http::Url {
  return operation("subscriptions/list", {});
}

auto FeedAddress::subscription_start(ContentType type) const -> http::Url {
  return operation("subscriptions/start", {{"contentType", std::string{wire_name(type)}}});
}

auto FeedAddress::subscription_stop(ContentType type) const -> http::Url {
  return operation("subscriptions/stop", {{"contentType", std::string{wire_name(type)}}});
}

auto FeedAddress::content_list(ContentType type, const Window& window) const -> http::Url {
  return operation(list_operation,
                   {{"contentType", std::string{wire_name(type)}},
                    {"startTime", time_parameter(window.start)},
                    {"endTime", time_parameter(window.end)}});
}

auto FeedAddress::content(const ContentId& id) const -> http::Url {
  CHECK(parse_content_id(id.text()).has_value());
  return operation("audit/" + id.text(), {});
}

auto FeedAddress::parse_own(std::string_view uri) const -> Result<http::Url> {
  auto url = http::Url::parse(uri);
  if (!url) {
    return distrust(url.error().message());
  }
  if (url->origin() != root_.origin()) {
    return distrust(fmt::format("it leads to {} and not to {}",
                                escape_control(url->origin().text()),
                                root_.origin().text()));
  }
  return url;
}

auto FeedAddress::next_page(std::string_view next_page_uri) const -> Result<http::Url> {
  auto url = parse_own(next_page_uri);
  if (!url) {
    return std::move(url).error().while_doing("the address of the next page");
  }
  if (!http::equal_ignoring_case(url->path(), feed_path(list_operation))) {
    return distrust("the address of the next page: it leads out of this tenant's listing");
  }
  auto parameters = http::decoded_query(url->query());
  if (!parameters) {
    return distrust("the address of the next page: its query is not readable");
  }
  std::erase_if(*parameters, [](const auto& parameter) {
    return http::equal_ignoring_case(parameter.first, publisher_name);
  });
  return operation(list_operation, *std::move(parameters));
}

auto FeedAddress::check_content_uri(std::string_view content_uri, const ContentId& id) const
    -> Result<> {
  TRY(const auto url, parse_own(content_uri));
  const auto directory = feed_path("audit/");
  const std::string_view path = url.path();
  if (!http::equal_ignoring_case(path.substr(0, directory.size()), directory)) {
    return distrust("it leads out of this tenant's content");
  }
  const auto segment = http::percent_decoded(path.substr(directory.size()));
  if (segment != id.text() && segment != id.text() + std::string{notification_suffix}) {
    return distrust("it does not end in the entry's contentId");
  }
  return {};
}

} // namespace sluice::activity

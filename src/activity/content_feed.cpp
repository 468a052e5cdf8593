// SPDX-License-Identifier: Apache-2.0
#include "activity/content_feed.hpp"

#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "activity/feed_json.hpp"

namespace sluice::activity {
namespace {

constexpr std::string_view unknown_page = "AF20031";

/// The documents also call the header NextPageUrl; collectors have looked for both.
auto next_page_header(const http::Headers& headers) -> std::optional<std::string_view> {
  const auto uri = headers.find("NextPageUri");
  const auto found = uri ? uri : headers.find("NextPageUrl");
  return found && !found->empty() ? found : std::nullopt;
}

} // namespace

auto ContentFeed::list(ContentType type,
                       const Window& window,
                       const PageHandler& handle_page,
                       const std::stop_token& stop) -> Result<ListingSummary> {
  ListingSummary summary;
  for (;;) {
    auto listed = list_once(type, window, handle_page, stop, summary);
    if (listed) {
      return summary;
    }
    if (listed.error().code() != unknown_page || summary.restarts == limits_.restarts) {
      return std::move(listed).error().while_doing(fmt::format("listing {}", wire_name(type)));
    }
    ++summary.restarts;
  }
}

auto ContentFeed::list_once(ContentType type,
                            const Window& window,
                            const PageHandler& handle_page,
                            const std::stop_token& stop,
                            ListingSummary& summary) -> Result<> {
  const auto& address = connection_.address();
  std::unordered_set<std::string> seen;
  std::optional<http::Url> next = address.content_list(type, window);
  while (next) {
    if (!seen.insert(next->text()).second) {
      return Error{ErrorKind::malformed, "the pages go in a circle"};
    }
    if (seen.size() > static_cast<std::size_t>(limits_.pages)) {
      return Error{ErrorKind::malformed, fmt::format("more than {} pages", limits_.pages)};
    }
    TRY(const auto response, connection_.call(http::Method::get, *next, stop));
    TRY(auto page, read_content_page(response.body, type, address));
    const auto header = next_page_header(response.head.headers);
    next.reset();
    if (header) {
      TRY(next, address.next_page(*header));
    }
    ++summary.pages;
    summary.contents += page.contents.size();
    summary.findings += page.findings.size();
    TRY_DO(handle_page(std::move(page)));
  }
  return {};
}

} // namespace sluice::activity

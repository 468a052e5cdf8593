// SPDX-License-Identifier: Apache-2.0
#include "activity/content_listing.hpp"

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

ContentListing::ContentListing(FeedConnection& connection,
                               ContentType type,
                               const Window& window,
                               Limits limits)
    : connection_{connection},
      type_{type},
      first_{connection.address().content_list(type, window)},
      limits_{limits} {
  begin();
}

void ContentListing::begin() {
  next_ = first_;
  seen_ = {first_.text()};
}

auto ContentListing::next_page(const std::stop_token& stop) -> Result<std::optional<ContentPage>> {
  while (next_) {
    auto page = read_page(stop);
    if (page) {
      return std::optional{std::move(*page)};
    }
    if (page.error().code() != unknown_page || restarts_ == limits_.restarts) {
      return std::move(page).error();
    }
    ++restarts_;
    begin();
  }
  return std::optional<ContentPage>{};
}

auto ContentListing::read_page(const std::stop_token& stop) -> Result<ContentPage> {
  const auto& address = connection_.address();
  TRY(const auto response, connection_.call(http::Method::get, *next_, stop));
  TRY(auto page, read_content_page(response.body, type_, address));
  std::optional<http::Url> following;
  if (const auto header = next_page_header(response.head.headers)) {
    TRY(following, address.next_page(*header));
    TRY_DO(check_follows(*following));
    seen_.insert(following->text());
  }
  next_ = std::move(following);
  return page;
}

auto ContentListing::check_follows(const http::Url& next) const -> Result<> {
  if (seen_.contains(next.text())) {
    return Error{ErrorKind::malformed, "the pages go in a circle"};
  }
  if (seen_.size() == limits_.pages) {
    return Error{ErrorKind::malformed, fmt::format("more than {} pages", limits_.pages)};
  }
  return {};
}

} // namespace sluice::activity

// SPDX-License-Identifier: Apache-2.0
#include "activity/subscriptions.hpp"

#include <fmt/format.h>

#include "activity/feed_json.hpp"

namespace sluice::activity {

auto Subscriptions::list(const std::stop_token& stop) -> Result<std::vector<Subscription>> {
  constexpr std::string_view doing = "listing the subscriptions";
  auto response =
      connection_.call(http::Method::get, connection_.address().subscription_list(), stop);
  if (!response) {
    return std::move(response).error().while_doing(doing);
  }
  return read_subscriptions(response->body).while_doing(doing);
}

auto Subscriptions::start(ContentType type, const std::stop_token& stop) -> Result<> {
  auto response =
      connection_.call(http::Method::post, connection_.address().subscription_start(type), stop);
  // "The subscription is already enabled. No property change." comes as a 400 (observed).
  if (response || response.error().code() == "AF20024") {
    return {};
  }
  return std::move(response).error().while_doing(fmt::format("starting {}", wire_name(type)));
}

auto Subscriptions::stop(ContentType type, const std::stop_token& stop) -> Result<> {
  auto response =
      connection_.call(http::Method::post, connection_.address().subscription_stop(type), stop);
  if (response) {
    return {};
  }
  return std::move(response).error().while_doing(fmt::format("stopping {}", wire_name(type)));
}

} // namespace sluice::activity

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "activity/content_listing.hpp"
#include "activity/feed_address.hpp"
#include "activity/subscriptions.hpp"
#include "base/result.hpp"

namespace sluice::activity {

/// Reads a page of a listing. An entry that cannot be used, or whose `contentUri` is not the one
/// that `address` gives its id, becomes a finding; the others stand.
/// Errors: malformed when the body is no array of objects.
[[nodiscard]] auto read_content_page(std::string_view body,
                                     ContentType type,
                                     const FeedAddress& address) -> Result<ContentPage>;

/// Errors: malformed when the body is no array of objects.
[[nodiscard]] auto read_subscriptions(std::string_view body)
    -> Result<std::vector<Subscriptions::Subscription>>;

} // namespace sluice::activity

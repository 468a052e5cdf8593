// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "activity/content.hpp"
#include "base/result.hpp"
#include "http/url.hpp"

namespace sluice::activity {

/// Builds every URL of one tenant's feed, and checks those that the service sends: nothing that
/// came in a reply is ever requested as it came.
///
/// Threads: a value; share freely.
class FeedAddress {
public:
  /// `publisher` is the GUID that the service counts the requests under (documented): the tenant
  /// that wrote the program, for in-house tools one's own.
  /// Errors: invalid_input when `publisher` is not a GUID.
  [[nodiscard]] static auto create(const http::Url& management,
                                   TenantId tenant,
                                   std::string_view publisher) -> Result<FeedAddress>;

  [[nodiscard]] auto tenant() const noexcept -> const TenantId& { return tenant_; }
  [[nodiscard]] auto origin() const noexcept -> const http::Origin& { return root_.origin(); }

  [[nodiscard]] auto subscription_list() const -> http::Url;
  [[nodiscard]] auto subscription_start(ContentType type) const -> http::Url;
  [[nodiscard]] auto subscription_stop(ContentType type) const -> http::Url;
  [[nodiscard]] auto content_list(ContentType type, const Window& window) const -> http::Url;
  [[nodiscard]] auto content(const ContentId& id) const -> http::Url;

  /// The next page that a `NextPageUri` header names, rebuilt, with our publisher.
  /// Errors: untrusted when it leads anywhere but to this tenant's content listing.
  [[nodiscard]] auto next_page(std::string_view next_page_uri) const -> Result<http::Url>;

  /// Whether a `contentUri` is the address of `id` in this feed.
  /// Errors: untrusted when it is not; the message says how they differ.
  [[nodiscard]] auto check_content_uri(std::string_view content_uri, const ContentId& id) const
      -> Result<>;

private:
  FeedAddress(http::Url root, TenantId tenant, std::string publisher);
  [[nodiscard]] auto feed_path(std::string_view operation) const -> std::string;
  [[nodiscard]] auto operation(std::string_view name, http::Parameters parameters) const
      -> http::Url;
  [[nodiscard]] auto parse_own(std::string_view uri) const -> Result<http::Url>;

  http::Url root_;
  TenantId tenant_;
  std::string publisher_;
};

} // namespace sluice::activity

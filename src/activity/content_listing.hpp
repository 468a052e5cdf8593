// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <unordered_set>
#include <vector>

#include "activity/content.hpp"
#include "activity/feed_connection.hpp"
#include "base/result.hpp"

namespace sluice::activity {

/// An entry of a listing that will not be retrieved, and why.
struct ListingFinding {
  /// `untrusted`: its address leads elsewhere. `malformed`: it is no usable entry.
  ErrorKind kind = ErrorKind::malformed;
  /// Its contentId as far as it is printable, control characters escaped, 200 characters at most.
  std::string content_id;
  std::string reason;
};

struct ContentPage {
  std::vector<Content> contents;
  std::vector<ListingFinding> findings;
};

/// Lists what became available in a window, page by page.
///
/// Use:     call `next_page` until it gives nothing; only then is the window complete. After an
///          error call it again to try the same page once more, as often as that seems worth it.
/// Threads: one at a time.
class ContentListing {
public:
  struct Limits {
    /// Pages of one listing; a service that goes on for ever must not hold us for ever.
    std::size_t pages = 1'000;
    /// Beginnings anew after the service no longer knew its own page (AF20031).
    int restarts = 3;
  };

  /// `connection` must outlive this.
  ContentListing(FeedConnection& connection, ContentType type, const Window& window, Limits limits);
  ContentListing(FeedConnection& connection, ContentType type, const Window& window)
      : ContentListing{connection, type, window, Limits{}} {}

  /// The next page, which may be empty, or nothing behind the last one. Pages come a second time
  /// when the listing had to begin again.
  /// Errors: untrusted when the address of the page behind leads anywhere but to this listing;
  /// malformed when the page is no list, or the pages repeat or do not end; and as for
  /// `FeedConnection::call` (code AF20022 or AF20023: the subscription is missing or disabled; code
  /// AF20055: the window is too old or too wide by the service's clock).
  [[nodiscard]] auto next_page(const std::stop_token& stop) -> Result<std::optional<ContentPage>>;

private:
  [[nodiscard]] auto read_page(const std::stop_token& stop) -> Result<ContentPage>;
  [[nodiscard]] auto check_follows(const http::Url& next) const -> Result<>;
  void begin();

  FeedConnection& connection_;
  const ContentType type_;
  const http::Url first_;
  const Limits limits_;
  int restarts_ = 0;
  /// The page to read next; nothing behind the last one.
  std::optional<http::Url> next_;
  std::unordered_set<std::string> seen_;
};

} // namespace sluice::activity

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
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

struct ListingSummary {
  int pages = 0;
  std::uint64_t contents = 0;
  std::uint64_t findings = 0;
  /// The listing began again because the service no longer knew its own page (AF20031): pages were
  /// handed out twice.
  int restarts = 0;
};

/// Lists what became available in a window, page by page.
///
/// Threads: any.
class ContentFeed {
public:
  /// Gets each page in order. An error ends the listing.
  using PageHandler = std::function<Result<>(ContentPage page)>;

  struct Limits {
    int pages = 1'000;
    int restarts = 3;
  };

  /// `connection` must outlive this.
  explicit ContentFeed(FeedConnection& connection) : ContentFeed{connection, Limits{}} {}
  ContentFeed(FeedConnection& connection, Limits limits)
      : connection_{connection},
        limits_{limits} {}

  /// Lists all pages of `window`. Only a success means that the window is complete.
  /// Errors: untrusted when the next page leads anywhere but to this listing; malformed when a page
  /// is no list, pages repeat or do not end; the handler's; and as for
  /// `FeedConnection::call` (code AF20022 or AF20023: the subscription is missing or disabled; code
  /// AF20055: the window is too old or too wide by the service's clock).
  [[nodiscard]] auto list(ContentType type,
                          const Window& window,
                          const PageHandler& handle_page,
                          const std::stop_token& stop) -> Result<ListingSummary>;

private:
  [[nodiscard]] auto list_once(ContentType type,
                               const Window& window,
                               const PageHandler& handle_page,
                               const std::stop_token& stop,
                               ListingSummary& summary) -> Result<>;

  FeedConnection& connection_;
  const Limits limits_;
};

} // namespace sluice::activity

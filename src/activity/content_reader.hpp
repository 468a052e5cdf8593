// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>

#include "activity/content.hpp"
#include "activity/feed_connection.hpp"
#include "base/result.hpp"
#include "http/client.hpp"

namespace sluice::activity {

/// Retrieves content.
///
/// Threads: any; each call is a request of its own.
class ContentReader {
public:
  /// `connection` must outlive this.
  explicit ContentReader(FeedConnection& connection) : connection_{connection} {}

  /// Gives the bytes of content `id` to `sink` as they came: a JSON array of records, compressed
  /// when the head says `Content-Encoding: gzip`. When it fails, the sink may have seen a part: the
  /// caller throws that away and tries again. Retries are the caller's, except one after a refused
  /// token.
  /// Errors: gone when the content expired or does not exist (AF20050, AF20051, AF20052, 404);
  /// throttled; forbidden; unavailable, also for a body that was cut; the sink's; cancelled.
  [[nodiscard]] auto retrieve(const ContentId& id,
                              http::BodySink& sink,
                              const std::stop_token& stop) -> Result<http::ResponseHead>;

private:
  FeedConnection& connection_;
};

} // namespace sluice::activity

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/date_time.hpp"
#include "simulator/api_error.hpp"
#include "simulator/request_window.hpp"
#include "simulator/subscriptions.hpp"
#include "simulator/traffic/content_type.hpp"
#include "simulator/traffic/traffic.hpp"

namespace sluice::simulator {

/// Where the records come from.
class ChunkSource {
public:
  ChunkSource() = default;
  ChunkSource(const ChunkSource&) = delete;
  auto operator=(const ChunkSource&) -> ChunkSource& = delete;
  virtual ~ChunkSource() = default;

  /// By key, which rises strictly.
  [[nodiscard]] virtual auto chunks(ContentType type) const -> std::span<const Chunk> = 0;
  /// Appends the records of one chunk with commas between them.
  virtual void render(ContentType type, std::size_t chunk, std::string& out) const = 0;
};

struct FeedOptions {
  std::size_t chunks_per_blob = 10;
  /// The longest stretch of the ingestion axis in one blob (observed: 7 to 25 minutes).
  std::chrono::seconds blob_span{20 * 60};
  std::size_t rows_per_page = 200;
  /// After the low key (observed: 14 days; 7 and 21 too).
  std::chrono::seconds expiration{14 * 24 * 3600};
  std::string datacenter = "na0001";
  /// Bytes of bodies that are kept once made; 0 makes each body anew.
  std::size_t cache_bytes = 0;
};

/// A stretch of consecutive chunks: what one content id stands for.
struct Blob {
  ContentType type{};
  IngestKey low;
  IngestKey high;
  std::vector<std::size_t> chunks; ///< Places in `ChunkSource::chunks`.
};

struct BlobPage {
  std::vector<Blob> blobs;
  bool more = false; ///< Another page follows, after the last blob's high key.
};

/// A body as it goes out.
struct BlobBody {
  std::shared_ptr<const std::string> bytes; ///< Shared by the cache and the connections.
  bool gzip = false;
};

/// The feeds of a tenant. Blobs do not exist as such: each listing cuts them from the chunks in its
/// window, so windows that overlap give the same records under different ids (observed).
///
/// Threads: any.
class Feed {
public:
  /// `source` must outlive the feed.
  Feed(const ChunkSource& source, FeedOptions options)
      : source_{source},
        options_{std::move(options)} {}

  [[nodiscard]] auto options() const noexcept -> const FeedOptions& { return options_; }

  /// The blobs of a window after `after`, a page of them.
  [[nodiscard]] auto list(ContentType type,
                          const RequestWindow& window,
                          std::optional<IngestKey> after,
                          const Visibility& visibility) const -> BlobPage;
  /// Cuts the blob that an id stands for once more.
  /// Refuses with AF20050, AF20051 and AF20052.
  [[nodiscard]] auto find(std::string_view content_id,
                          const Visibility& visibility,
                          DateTime now) const -> ApiResult<Blob>;
  [[nodiscard]] auto body(const Blob& blob, bool gzip) const -> BlobBody;

  /// `low$high$audit_general$Audit_General$na0001`.
  [[nodiscard]] auto content_id(const Blob& blob) const -> std::string;
  [[nodiscard]] auto expires(const Blob& blob) const -> DateTime;

private:
  [[nodiscard]] auto fits(const Blob& blob, const Chunk& next) const -> bool;
  void keep(const std::string& key, const BlobBody& made) const;

  const ChunkSource& source_;
  const FeedOptions options_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, BlobBody> cache_;
  mutable std::size_t cached_bytes_ = 0;
};

/// The content type that a content id names; nothing when it is no content id.
[[nodiscard]] auto type_of_content(std::string_view content_id) -> std::optional<ContentType>;

} // namespace sluice::simulator

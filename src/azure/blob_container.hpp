// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "azure/content_hash.hpp"
#include "azure/storage_resource.hpp"
#include "base/result.hpp"

namespace sluice::azure {

/// What must hold for a request to be carried out. Empty texts ask for nothing.
struct BlobCondition {
  std::string if_match = {};      ///< The blob's ETag, quotes included, or `*`.
  std::string if_none_match = {}; ///< `*`: there must be no such blob.
  std::string lease_id = {};      ///< The lease that is held on the blob.
};

struct PutOptions {
  BlobCondition condition = {};
  std::string content_type = "application/octet-stream";
  ContentHash hash = ContentHash::md5;
};

struct BlobFacts {
  std::string name;
  std::uint64_t bytes = 0;
  std::string etag; ///< Quotes included.
};

/// A piece of a blob.
struct BlobPart {
  std::string bytes;
  std::uint64_t blob_bytes = 0; ///< Of the whole blob.
  std::string etag;
};

/// One container and its blobs, spoken to over REST.
///
/// Names of blobs are any text of up to 1,024 characters (documented); `/` makes folders. Every
/// member is one request, repeated after passing failures.
/// Errors of all: those of `StorageResource::send`; gone when container or blob is not there;
/// conflicts (`is_conflict`) when a condition does not hold.
///
/// Threads: any.
class BlobContainer {
public:
  explicit BlobContainer(StorageResource resource) : resource_{std::move(resource)} {}

  /// True when it was made, false when it was there.
  auto create(const std::stop_token& stop) const -> Result<bool>;

  /// Writes a block blob as a whole and gives its ETag: up to 5,000 MiB (documented), but `bytes`
  /// stand in memory, so use blocks from some MiB on. Repeating it is harmless.
  auto put(std::string_view name,
           std::string bytes,
           const PutOptions& options,
           const std::stop_token& stop) const -> Result<std::string>;

  /// Sends one block of a blob that `commit_blocks` will make. All `block_id`s of a blob have the
  /// same length, at most 64 bytes before encoding. Blocks that nobody commits go after a week.
  auto stage_block(std::string_view name,
                   std::string_view block_id,
                   std::string bytes,
                   const PutOptions& options,
                   const std::stop_token& stop) const -> Result<>;
  /// Makes the blob of the staged blocks, in order, and gives its ETag. Other staged blocks of that
  /// name go. Repeating it is harmless. A conflict with code `InvalidBlockList` says that another
  /// committed in between.
  auto commit_blocks(std::string_view name,
                     const std::vector<std::string>& block_ids,
                     const PutOptions& options,
                     const std::stop_token& stop) const -> Result<std::string>;

  /// Makes an empty append blob.
  auto create_append_blob(std::string_view name,
                          const BlobCondition& condition,
                          const std::stop_token& stop) const -> Result<std::string>;
  /// Appends up to 4 MiB to an append blob that is exactly `at` bytes long now.
  /// A conflict with code `AppendPositionConditionNotMet` says that it is not.
  auto append(std::string_view name,
              std::uint64_t at,
              std::string bytes,
              const BlobCondition& condition,
              const std::stop_token& stop) const -> Result<>;

  /// Up to `length` bytes from `offset`; fewer at the blob's end, none beyond it. Give the ETag of
  /// the first part as `if_match` to the others, so that all are of one blob.
  auto read(std::string_view name,
            std::uint64_t offset,
            std::size_t length,
            const BlobCondition& condition,
            const std::stop_token& stop) const -> Result<BlobPart>;
  auto facts(std::string_view name, const std::stop_token& stop) const -> Result<BlobFacts>;

  /// Calls `visit` for each blob whose name begins with `prefix`, by name. Memory is that of one
  /// page of `page_size` (1 to 5,000) names. Stops at the first error of `visit` and returns it.
  auto list(std::string_view prefix,
            const std::function<auto(const BlobFacts&)->Result<>>& visit,
            const std::stop_token& stop,
            int page_size = 1'000) const -> Result<>;

  /// Deletes a blob with its snapshots.
  auto remove(std::string_view name,
              const BlobCondition& condition,
              const std::stop_token& stop) const -> Result<>;

  [[nodiscard]] auto resource() const noexcept -> const StorageResource& { return resource_; }

private:
  StorageResource resource_;
};

/// The path of a blob below its container: `name` percent-encoded, its `/` kept.
[[nodiscard]] auto blob_path(std::string_view name) -> std::string;

} // namespace sluice::azure

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/file.hpp"
#include "base/result.hpp"
#include "http/server.hpp"

namespace sluice::endpoint {

/// The blobs that clients upload, whole or in blocks: a file each, named by a hash of what the
/// client calls it.
///
/// Threads: any.
class UploadFolder {
public:
  /// Forgets what nobody named for a week. `directory` must outlive the object.
  explicit UploadFolder(const Directory& directory);

  /// Answers a request to write or to delete a blob or a part of it.
  /// Errors: storage.
  [[nodiscard]] auto answer(const http::ServerRequest& request, std::string_view blob)
      -> Result<http::ServerReply>;
  /// The content of a blob, inflated where it is gzip.
  /// Errors: gone; invalid_input when it is too large; storage.
  [[nodiscard]] auto read(std::string_view blob) const -> Result<std::string>;
  /// One that is not there is no error. Errors: storage.
  [[nodiscard]] auto remove(std::string_view blob) -> Result<>;

private:
  [[nodiscard]] auto put(const http::ServerRequest& request, std::string_view blob)
      -> Result<http::ServerReply>;
  [[nodiscard]] auto commit_blocks(std::string_view blob, std::string_view list)
      -> Result<http::ServerReply>;
  [[nodiscard]] auto write(const std::string& file, std::string_view bytes) -> Result<>;
  [[nodiscard]] auto erase(const std::string& file) -> Result<>;

  const Directory& directory_;
  /// What all of them take on the disk, about: two requests for one blob may both count it.
  std::atomic<std::int64_t> charged_bytes_ = 0;
};

} // namespace sluice::endpoint

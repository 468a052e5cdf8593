// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <stop_token>

#include "archive/archive.hpp"
#include "azure/blob_container.hpp"
#include "base/result.hpp"

namespace sluice::archive {

/// Opens an archive in a container of Azure Blob Storage, which is made when missing. Any number of
/// processes may read and write it at once: an object appears in one step, with all of its bytes.
///
/// A writer holds up to `block_bytes`; what does not fit goes to the service as a block that nobody
/// sees and that it forgets after a week when there is no commit. `stop` ends every request that is
/// under way.
///
/// Errors: unavailable when the service does not answer, also of every member; storage for every
/// other refusal, so that no trouble of the archive looks like trouble of a content.
struct BlobArchiveOptions {
  /// 64 KiB to 100 MiB.
  std::size_t block_bytes = std::size_t{4} * 1024 * 1024;
  /// Objects that `commit` sends at the same time.
  std::size_t parallel_commits = 16;
};
[[nodiscard]] auto open_blob_archive(azure::BlobContainer container,
                                     std::stop_token stop,
                                     BlobArchiveOptions options = {})
    -> Result<std::unique_ptr<Archive>>;

} // namespace sluice::archive

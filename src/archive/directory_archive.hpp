// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "archive/archive.hpp"
#include "base/result.hpp"

namespace sluice::archive {

enum class Access : std::uint8_t {
  /// May write. Only one process at a time.
  owner,
  /// Only reads, also while another process owns it.
  reader,
};

/// Opens an archive in a directory, which is made (mode 0700) when missing. Objects are written to
/// `tmp/` and moved to their place when durable; an owner removes what an earlier one left there.
/// No symbolic link below the directory is ever followed.
///
/// Errors: unavailable when another process owns it; storage.
[[nodiscard]] auto open_directory_archive(const std::filesystem::path& root,
                                          Access access = Access::owner)
    -> Result<std::unique_ptr<Archive>>;

} // namespace sluice::archive

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/file.hpp"
#include "base/result.hpp"

namespace sluice {

/// The file system that holds a directory.
///
/// Use:     keep it open while its `sync` is relied upon: it reports what failed since.
/// Threads: all const members may be called from any thread.
class FileSystem {
public:
  /// Errors: as for all of base/file.hpp.
  [[nodiscard]] static auto of(const std::filesystem::path& directory) -> Result<FileSystem>;

  /// Whether `sync` waits for the disk and says what failed. Known of ext4, XFS and Btrfs since
  /// Linux 5.8 (syncfs(2)); network and FUSE file systems promise neither.
  [[nodiscard]] auto reports_failures() const noexcept -> bool { return reports_failures_; }

  /// Returns when everything that was written to it before, names and contents, by whomever, is on
  /// the disk. A failure is final, as for `File::sync`. Only where `reports_failures`.
  [[nodiscard]] auto sync() const -> Result<>;

private:
  FileSystem(FileDescriptor descriptor, std::filesystem::path path, bool reports_failures);

  FileDescriptor descriptor_;
  std::filesystem::path path_;
  bool reports_failures_;
};

} // namespace sluice

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "base/file.hpp"
#include "base/result.hpp"

namespace sluice::archive {

/// The directories that objects are put into, kept open: most objects go to the same few.
///
/// Threads: all members may be called from any thread. The directories are shared, since one thread
///          may drop what another still puts objects into.
/// Memory:  at most 128 open directories.
class KnownDirectories {
public:
  /// `root` must outlive this.
  explicit KnownDirectories(const Directory& root) : root_{root} {}

  /// The directory `path` below the root (parts with `/` between), made where it is missing. Its
  /// entry, and those above it, are on the disk when this returns.
  /// Errors: those of `Directory`.
  [[nodiscard]] auto open(std::string_view path) -> Result<std::shared_ptr<const Directory>>;
  /// Somebody removed one: all are looked at anew.
  void forget();

private:
  [[nodiscard]] auto make(std::string_view path) -> Result<std::shared_ptr<const Directory>>;

  const Directory& root_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Directory>, std::less<>> opened_;
  std::set<std::string, std::less<>> durable_; ///< Directories whose entry is on the disk.
};

} // namespace sluice::archive

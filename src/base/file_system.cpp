// SPDX-License-Identifier: Apache-2.0
#include "base/file_system.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/check.hpp"
#include "base/failpoint.hpp"

namespace sluice {
namespace {

constexpr auto first_kernel = std::pair{5, 8};

auto kernel_is_new_enough() -> bool {
  struct utsname name{};
  const std::string_view release = ::uname(&name) == 0 ? name.release : "";
  const auto* const end = release.data() + release.size();
  std::pair<int, int> version;
  const auto major = std::from_chars(release.data(), end, version.first);
  if (major.ec != std::errc{} || major.ptr == end) {
    return false;
  }
  const auto minor = std::from_chars(major.ptr + 1, end, version.second);
  return minor.ec == std::errc{} && version >= first_kernel;
}

auto is_known(std::int64_t type) -> bool {
  constexpr std::array<std::int64_t, 3> known = {
      EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC};
  return std::ranges::find(known, type) != known.end();
}

} // namespace

FileSystem::FileSystem(FileDescriptor descriptor, std::filesystem::path path, bool reports_failures)
    : descriptor_{std::move(descriptor)},
      path_{std::move(path)},
      reports_failures_{reports_failures} {}

auto FileSystem::of(const std::filesystem::path& directory) -> Result<FileSystem> {
  auto descriptor = FileDescriptor{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  struct statfs status{};
  if (descriptor.number() < 0 || ::fstatfs(descriptor.number(), &status) != 0) {
    return file_error(errno, "looking at the file system of", directory);
  }
  return FileSystem{
      std::move(descriptor), directory, is_known(status.f_type) && kernel_is_new_enough()};
}

auto FileSystem::sync() const -> Result<> {
  CHECK(reports_failures_);
  FAILPOINT("file_system.before_sync");
  int outcome = ::syncfs(descriptor_.number());
  while (outcome != 0 && errno == EINTR) {
    outcome = ::syncfs(descriptor_.number());
  }
  if (outcome != 0) {
    return file_error(errno, "writing to the disk the file system of", path_);
  }
  FAILPOINT("file_system.after_sync");
  return {};
}

} // namespace sluice

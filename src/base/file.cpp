// SPDX-License-Identifier: Apache-2.0
#include "base/file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <memory>
#include <system_error>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/failpoint.hpp"

namespace sluice {
namespace {

constexpr auto directory_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

auto kind_of(int number) -> ErrorKind {
  switch (number) {
  case ENOENT:
  case ENOTDIR:
    return ErrorKind::gone;
  case EACCES:
  case EPERM:
    return ErrorKind::forbidden;
  case ELOOP:
    return ErrorKind::untrusted;
  case EINVAL:
  case ENAMETOOLONG:
  case EISDIR:
    return ErrorKind::invalid_input;
  default:
    return ErrorKind::storage;
  }
}

auto hint_for(int number) -> std::string {
  switch (number) {
  case ENOSPC:
  case EDQUOT:
    return "free space on this file system, or give the directory a larger one";
  case EROFS:
    return "mount the file system writable";
  case EIO:
    return "check the disk (dmesg, smartctl) before going on";
  case EACCES:
  case EPERM:
    return "give the user of this program access to the path";
  case EMFILE:
  case ENFILE:
    return "raise the limit of open files (ulimit -n, LimitNOFILE=)";
  case ELOOP:
    return "put a real file or directory where the symbolic link stands";
  default:
    return {};
  }
}

/// Calls again what a signal interrupted.
template <class Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) {
    result = call();
  }
  return result;
}

auto is_component(std::string_view name) -> bool {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string_view{"/\0", 2}) == std::string_view::npos;
}

auto bad_name(std::string_view name, const std::filesystem::path& path) -> Error {
  return {ErrorKind::invalid_input,
          fmt::format("'{}' cannot be a name in {}", name, path.string())};
}

} // namespace

auto file_error(int number, std::string_view doing, const std::filesystem::path& path) -> Error {
  return Error{
      kind_of(number),
      fmt::format("{} {}: {}", doing, path.string(), std::generic_category().message(number))}
      .with_hint(hint_for(number));
}

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept
    : number_{std::exchange(other.number_, -1)} {}

auto FileDescriptor::operator=(FileDescriptor&& other) noexcept -> FileDescriptor& {
  std::swap(number_, other.number_);
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) {
    ::close(number_);
  }
}

File::File(FileDescriptor descriptor, std::filesystem::path path)
    : descriptor_{std::move(descriptor)},
      path_{std::move(path)} {}

auto File::append(std::span<const std::byte> bytes) -> Result<> {
  while (!bytes.empty()) {
    const auto written =
        uninterrupted([&] { return ::write(descriptor_.number(), bytes.data(), bytes.size()); });
    if (written < 0) {
      return file_error(errno, "writing", path_);
    }
    FAILPOINT("file.after_write");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

auto File::read(std::span<std::byte> buffer) -> Result<std::size_t> {
  const auto taken =
      uninterrupted([&] { return ::read(descriptor_.number(), buffer.data(), buffer.size()); });
  if (taken < 0) {
    return file_error(errno, "reading", path_);
  }
  return static_cast<std::size_t>(taken);
}

auto File::bytes() const -> Result<std::uint64_t> {
  struct stat status{};
  if (::fstat(descriptor_.number(), &status) != 0) {
    return file_error(errno, "reading the size of", path_);
  }
  return static_cast<std::uint64_t>(status.st_size);
}

void File::start_write_back() noexcept {
  static_cast<void>(::sync_file_range(descriptor_.number(), 0, 0, SYNC_FILE_RANGE_WRITE));
}

auto File::sync() -> Result<> {
  FAILPOINT("file.before_sync");
  if (uninterrupted([&] { return ::fdatasync(descriptor_.number()); }) != 0) {
    return file_error(errno, "writing to the disk", path_);
  }
  FAILPOINT("file.after_sync");
  return {};
}

Directory::Directory(FileDescriptor descriptor, std::filesystem::path path)
    : descriptor_{std::move(descriptor)},
      path_{std::move(path)} {}

auto Directory::open(const std::filesystem::path& path) -> Result<Directory> {
  auto descriptor = FileDescriptor{::open(path.c_str(), directory_flags)};
  if (descriptor.number() < 0) {
    return file_error(errno, "opening the directory", path);
  }
  return Directory{std::move(descriptor), path};
}

auto Directory::make(const std::filesystem::path& path) -> Result<Directory> {
  std::error_code failure;
  const auto absolute = std::filesystem::absolute(path, failure);
  if (failure) {
    return file_error(failure.value(), "finding", path);
  }
  std::filesystem::path reached = "/";
  for (const auto& part : absolute.relative_path()) {
    if (part.empty()) { // What a final slash leaves.
      continue;
    }
    const auto next = reached / part;
    if (::mkdir(next.c_str(), S_IRWXU) == 0) {
      TRY(const auto parent, Directory::open(reached));
      TRY_DO(parent.sync());
    } else if (errno != EEXIST) {
      return file_error(errno, "making the directory", next);
    }
    reached = next;
  }
  return Directory::open(reached);
}

auto Directory::enter(std::string_view name) const -> Result<Directory> {
  if (!is_component(name)) {
    return bad_name(name, path_);
  }
  auto path = path_ / name;
  auto descriptor = FileDescriptor{
      ::openat(descriptor_.number(), std::string{name}.c_str(), directory_flags | O_NOFOLLOW)};
  if (descriptor.number() >= 0) {
    return Directory{std::move(descriptor), std::move(path)};
  }
  // The kernel says "not a directory" of a link here; the caller should hear that it is a link.
  const int number = errno;
  struct stat status{};
  const bool is_link =
      ::fstatat(descriptor_.number(), std::string{name}.c_str(), &status, AT_SYMLINK_NOFOLLOW) ==
          0 &&
      S_ISLNK(status.st_mode);
  return file_error(is_link ? ELOOP : number, "opening the directory", path);
}

auto Directory::make_child(std::string_view name) const -> Result<Directory> {
  if (!is_component(name)) {
    return bad_name(name, path_);
  }
  if (::mkdirat(descriptor_.number(), std::string{name}.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return file_error(errno, "making the directory", path_ / name);
  }
  return enter(name);
}

auto Directory::open_file(std::string_view name) const -> Result<File> {
  if (!is_component(name)) {
    return bad_name(name, path_);
  }
  auto path = path_ / name;
  // O_NONBLOCK: a pipe that somebody put there must not make us wait for its other end.
  auto descriptor = FileDescriptor{::openat(descriptor_.number(),
                                            std::string{name}.c_str(),
                                            O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (descriptor.number() < 0) {
    return file_error(errno, "opening", path);
  }
  struct stat status{};
  if (::fstat(descriptor.number(), &status) != 0) {
    return file_error(errno, "opening", path);
  }
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorKind::untrusted, fmt::format("{} is not a regular file", path.string())};
  }
  return File{std::move(descriptor), std::move(path)};
}

auto Directory::create_file(std::string_view name) const -> Result<File> {
  if (!is_component(name)) {
    return bad_name(name, path_);
  }
  auto path = path_ / name;
  auto descriptor = FileDescriptor{::openat(descriptor_.number(),
                                            std::string{name}.c_str(),
                                            O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                                            S_IRUSR | S_IWUSR)};
  if (descriptor.number() < 0) {
    return file_error(errno, "creating", path);
  }
  return File{std::move(descriptor), std::move(path)};
}

auto Directory::rename(std::string_view name,
                       const Directory& target,
                       std::string_view new_name) const -> Result<> {
  if (!is_component(name)) {
    return bad_name(name, path_);
  }
  if (!is_component(new_name)) {
    return bad_name(new_name, target.path_);
  }
  FAILPOINT("file.before_rename");
  if (::renameat(descriptor_.number(),
                 std::string{name}.c_str(),
                 target.descriptor_.number(),
                 std::string{new_name}.c_str()) != 0) {
    return file_error(errno, "moving", path_ / name);
  }
  FAILPOINT("file.after_rename");
  return {};
}

auto Directory::remove(std::string_view name) const -> Result<> {
  if (!is_component(name)) {
    return bad_name(name, path_);
  }
  if (::unlinkat(descriptor_.number(), std::string{name}.c_str(), 0) != 0 && errno != ENOENT) {
    return file_error(errno, "removing", path_ / name);
  }
  return {};
}

auto Directory::names() const -> Result<std::vector<std::string>> {
  const int copy = ::openat(descriptor_.number(), ".", directory_flags);
  if (copy < 0) {
    return file_error(errno, "listing", path_);
  }
  const auto close = [](DIR* stream) { ::closedir(stream); };
  const std::unique_ptr<DIR, decltype(close)> stream{::fdopendir(copy)};
  if (!stream) {
    const int number = errno;
    ::close(copy);
    return file_error(number, "listing", path_);
  }
  std::vector<std::string> names;
  errno = 0;
  while (const auto* entry = ::readdir(stream.get())) {
    if (is_component(entry->d_name)) {
      names.emplace_back(entry->d_name);
    }
  }
  if (errno != 0) {
    return file_error(errno, "listing", path_);
  }
  std::ranges::sort(names);
  return names;
}

auto Directory::sync() const -> Result<> {
  FAILPOINT("file.before_directory_sync");
  if (uninterrupted([&] { return ::fsync(descriptor_.number()); }) != 0) {
    return file_error(errno, "writing to the disk the directory", path_);
  }
  FAILPOINT("file.after_directory_sync");
  return {};
}

auto FileLock::acquire(const std::filesystem::path& path, std::string_view what)
    -> Result<FileLock> {
  auto descriptor = FileDescriptor{
      ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR)};
  if (descriptor.number() < 0) {
    return file_error(errno, "opening the lock", path);
  }
  if (uninterrupted([&] { return ::flock(descriptor.number(), LOCK_EX | LOCK_NB); }) == 0) {
    return FileLock{std::move(descriptor)};
  }
  if (errno != EWOULDBLOCK) {
    return file_error(errno, "locking", path);
  }
  return Error{ErrorKind::unavailable,
               fmt::format("another process uses {} (lock {})", what, path.string())}
      .with_hint(fmt::format("wait for it or stop it; `fuser {}` names it", path.string()));
}

auto read_file(const std::filesystem::path& path, std::size_t max_bytes) -> Result<std::string> {
  auto descriptor = FileDescriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (descriptor.number() < 0) {
    return file_error(errno, "opening", path);
  }
  auto file = File{std::move(descriptor), path};
  std::string text;
  std::array<std::byte, 16 * 1024> buffer{};
  while (true) {
    TRY(const auto taken, file.read(buffer));
    if (taken == 0) {
      return text;
    }
    if (taken > max_bytes - text.size()) {
      return Error{ErrorKind::invalid_input,
                   fmt::format("{} is larger than {} bytes", path.string(), max_bytes)};
    }
    std::ranges::transform(std::span{buffer}.first(taken), std::back_inserter(text), [](auto byte) {
      return static_cast<char>(byte);
    });
  }
}

auto replace_file(const std::filesystem::path& path, std::span<const std::byte> bytes) -> Result<> {
  const auto parent = path.parent_path();
  TRY(const auto directory, Directory::open(parent.empty() ? "." : parent));
  const auto temporary = fmt::format(".{}.{}.tmp", path.filename().string(), ::getpid());
  TRY_DO(directory.remove(temporary)); // Of a process with our number that died half-way.
  TRY(auto file, directory.create_file(temporary));
  auto written = file.append(bytes);
  if (written) {
    written = file.sync();
  }
  if (written) {
    written = directory.rename(temporary, directory, path.filename().string());
  }
  if (!written) {
    static_cast<void>(directory.remove(temporary));
    return written;
  }
  return directory.sync();
}

auto replace_file(const std::filesystem::path& path, std::string_view text) -> Result<> {
  return replace_file(path, std::as_bytes(std::span{text}));
}

} // namespace sluice

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

/// Files whose content survives a power cut once a function says so.
///
/// Errors of all functions: storage for a disk that is full, read-only or failing; gone for a file
/// that is not there; forbidden for missing rights; untrusted for a symbolic link where none may
/// be; invalid_input for an impossible name. Each names the path, and the fix where there is one.
namespace sluice {

/// The `Error` for the system's error `number` (an errno) met while `doing` something to `path`.
[[nodiscard]] auto file_error(int number, std::string_view doing, const std::filesystem::path& path)
    -> Error;

/// Owns a file descriptor.
class FileDescriptor {
public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) noexcept : number_{number} {}
  FileDescriptor(const FileDescriptor&) = delete;
  auto operator=(const FileDescriptor&) -> FileDescriptor& = delete;
  FileDescriptor(FileDescriptor&& other) noexcept;
  auto operator=(FileDescriptor&& other) noexcept -> FileDescriptor&;
  ~FileDescriptor();

  [[nodiscard]] auto number() const noexcept -> int { return number_; }

private:
  int number_ = -1;
};

/// An open file.
///
/// Threads: one at a time.
class File {
public:
  /// `path` is for messages only.
  File(FileDescriptor descriptor, std::filesystem::path path);

  /// Writes all of `bytes` at the end.
  [[nodiscard]] auto append(std::span<const std::byte> bytes) -> Result<>;
  /// Fills the front of `buffer` and says how much; 0 only at the end of the file.
  [[nodiscard]] auto read(std::span<std::byte> buffer) -> Result<std::size_t>;
  [[nodiscard]] auto bytes() const -> Result<std::uint64_t>;
  /// Asks the kernel to begin writing to the disk, without waiting. A hint: failures are left for
  /// `sync` to find.
  void start_write_back() noexcept;
  /// Returns when content and size are on the disk. A failure is final: the kernel may have dropped
  /// the data and would call a second try a success (known of Linux since 2018).
  [[nodiscard]] auto sync() -> Result<>;

private:
  FileDescriptor descriptor_;
  std::filesystem::path path_;
};

/// An open directory. Names given to it are single path components: `/`, NUL, `.`, `..` and the
/// empty name are refused, and symbolic links are never followed, so no name leads outside.
///
/// Threads: all const members may be called from any thread.
class Directory {
public:
  /// Opens `path`, which may contain links: it comes from the administrator.
  [[nodiscard]] static auto open(const std::filesystem::path& path) -> Result<Directory>;
  /// Makes what is missing of `path` (mode 0700), durably, and opens it.
  [[nodiscard]] static auto make(const std::filesystem::path& path) -> Result<Directory>;

  /// Opens the directory `name` in this one.
  [[nodiscard]] auto enter(std::string_view name) const -> Result<Directory>;
  /// The same, made first (mode 0700) when it is missing. `sync` this directory to keep it.
  [[nodiscard]] auto make_child(std::string_view name) const -> Result<Directory>;
  /// Opens a regular file for reading.
  [[nodiscard]] auto open_file(std::string_view name) const -> Result<File>;
  /// Makes a new file (mode 0600) for writing and reading. Fails when the name is taken.
  [[nodiscard]] auto create_file(std::string_view name) const -> Result<File>;
  /// Moves `name` into `target` as `new_name`, in place of what has that name there.
  [[nodiscard]] auto rename(std::string_view name,
                            const Directory& target,
                            std::string_view new_name) const -> Result<>;
  /// Removes a file. One that is not there is no error.
  [[nodiscard]] auto remove(std::string_view name) const -> Result<>;
  /// All names in it but `.` and `..`, in byte order.
  [[nodiscard]] auto names() const -> Result<std::vector<std::string>>;
  /// Returns when all that was made, moved or removed in it is on the disk.
  [[nodiscard]] auto sync() const -> Result<>;

  [[nodiscard]] auto path() const noexcept -> const std::filesystem::path& { return path_; }

private:
  Directory(FileDescriptor descriptor, std::filesystem::path path);

  FileDescriptor descriptor_;
  std::filesystem::path path_;
};

/// Keeps other processes out of something, by a lock on a file, until it is destroyed or the
/// process ends in whatever way.
class FileLock {
public:
  /// `path` is made when missing (mode 0600) and stays. `what` is for the message: "the ledger".
  /// Errors: unavailable when another process, or another lock of this one, has it.
  [[nodiscard]] static auto acquire(const std::filesystem::path& path, std::string_view what)
      -> Result<FileLock>;

private:
  explicit FileLock(FileDescriptor descriptor) : descriptor_{std::move(descriptor)} {}
  FileDescriptor descriptor_;
};

/// The whole file.
/// Errors: invalid_input when it is larger than `max_bytes`.
[[nodiscard]] auto read_file(const std::filesystem::path& path, std::size_t max_bytes)
    -> Result<std::string>;

/// Puts `bytes` in the place of `path` (mode 0600): after a crash at any time the file has its old
/// content or its new one, after the return the new one for good.
[[nodiscard]] auto replace_file(const std::filesystem::path& path, std::span<const std::byte> bytes)
    -> Result<>;
[[nodiscard]] auto replace_file(const std::filesystem::path& path, std::string_view text)
    -> Result<>;

} // namespace sluice

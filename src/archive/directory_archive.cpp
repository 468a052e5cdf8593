// SPDX-License-Identifier: Apache-2.0
#include "archive/directory_archive.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "archive/directory_object.hpp"
#include "archive/known_directories.hpp"
#include "archive/object_archive.hpp"
#include "base/check.hpp"
#include "base/failpoint.hpp"
#include "base/file.hpp"
#include "base/file_system.hpp"
#include "base/parallel.hpp"
#include "base/sha256_lanes.hpp"

namespace sluice::archive {
namespace {

/// Waiting for the disk in parallel lets it put several files into one flush.
constexpr std::size_t sync_threads = 4;
/// From so many files or directories on, one wait for the whole file system is shorter than a wait
/// for each of them, each of which flushes the disk's cache anew.
constexpr std::size_t worth_a_whole_sync = 8;
/// `raw/` + tenant, type, year, month, day.
constexpr int day_depth = 5;

struct SplitName {
  std::string_view directory;
  std::string_view leaf;
};

auto split(std::string_view name) -> Result<SplitName> {
  TRY_DO(check_object_name(name));
  const auto slash = name.rfind('/');
  return SplitName{name.substr(0, slash), name.substr(slash + 1)};
}

/// Whether a name in the tree is something that we never put there.
auto is_stranger(const Error& error) -> bool {
  return error.kind() == ErrorKind::gone || error.kind() == ErrorKind::untrusted;
}

class DirectoryArchive final : public ObjectArchive {
public:
  DirectoryArchive(Directory root,
                   FileSystem file_system,
                   std::optional<Directory> temporary,
                   std::optional<FileLock> lock)
      : root_{std::move(root)},
        temporary_{std::move(temporary)},
        lock_{std::move(lock)},
        file_system_{std::move(file_system)} {}

  auto commit(std::span<std::unique_ptr<ObjectWriter>> writers) -> Result<> override;

  auto open(std::string_view name) -> Result<std::unique_ptr<ObjectReader>> override {
    TRY(auto file, open_file(name));
    return std::make_unique<DirectoryReader>(std::move(file), std::nullopt);
  }

  auto open(const StoredObject& expected) -> Result<std::unique_ptr<ObjectReader>> override;
  auto list_raw(const std::function<auto(const RawObject&)->Result<>>& visit)
      -> Result<ListSummary> override;
  auto set_aside(std::string_view name) -> Result<> override;
  auto remove(std::string_view name) -> Result<> override;

private:
  using Visit = std::function<auto(const RawObject&)->Result<>>;
  using Touched = std::map<std::string, std::shared_ptr<const Directory>, std::less<>>;

  auto begin(std::string name) -> Result<std::unique_ptr<ObjectWriter>> override;
  auto enter(std::string_view path) const -> Result<Directory>;
  auto sync_contents(std::span<DirectoryWriter* const> writers) const -> Result<>;
  auto sync_directories(const Touched& touched) const -> Result<>;
  auto place(DirectoryWriter& writer, Touched& touched) -> Result<>;
  auto open_file(std::string_view name) const -> Result<File>;
  auto walk(const Directory& directory,
            const std::string& path,
            int depth,
            const Visit& visit,
            ListSummary& summary) const -> Result<>;
  static auto visit_file(const Directory& directory,
                         const std::string& name,
                         std::string_view leaf,
                         const Visit& visit,
                         ListSummary& summary) -> Result<>;

  const Directory root_;
  const std::optional<Directory> temporary_; ///< Nothing for a reader.
  const std::optional<FileLock> lock_;
  const FileSystem file_system_;
  Sha256Lanes lanes_;
  std::atomic<std::uint64_t> next_temporary_{0};
  KnownDirectories known_{root_};
};

auto DirectoryArchive::begin(std::string name) -> Result<std::unique_ptr<ObjectWriter>> {
  if (!temporary_) {
    return Error{ErrorKind::invalid_input, "the archive was opened for reading only"};
  }
  auto temporary_name = fmt::format("{}.part", next_temporary_++);
  TRY(auto file, temporary_->create_file(temporary_name));
  return std::make_unique<DirectoryWriter>(
      *temporary_, std::move(temporary_name), std::move(file), std::move(name), lanes_);
}

auto DirectoryArchive::commit(std::span<std::unique_ptr<ObjectWriter>> writers) -> Result<> {
  return commit_with<DirectoryWriter>(writers, [this](auto group) -> Result<> {
    TRY_DO(sync_contents(group));
    FAILPOINT("archive.after_sync");
    Touched touched;
    for (auto* writer : group) {
      TRY_DO(place(*writer, touched));
      FAILPOINT("archive.between_renames");
    }
    return sync_directories(touched);
  });
}

auto DirectoryArchive::sync_contents(std::span<DirectoryWriter* const> writers) const -> Result<> {
  return file_system_.reports_failures() && writers.size() >= worth_a_whole_sync
             ? file_system_.sync()
             : in_parallel(
                   writers.size(), sync_threads, [&](std::size_t i) { return writers[i]->sync(); });
}

auto DirectoryArchive::sync_directories(const Touched& touched) const -> Result<> {
  if (file_system_.reports_failures() && touched.size() >= worth_a_whole_sync) {
    return file_system_.sync();
  }
  for (const auto& [path, directory] : touched) {
    TRY_DO(directory->sync());
  }
  return {};
}

auto DirectoryArchive::place(DirectoryWriter& writer, Touched& touched) -> Result<> {
  TRY(const auto parts, split(writer.name()));
  TRY(auto directory, known_.open(parts.directory));
  auto placed = writer.place(*directory, parts.leaf);
  if (!placed && placed.error().kind() == ErrorKind::gone) {
    // Somebody clears old directories away: it is made anew.
    known_.forget();
    TRY(directory, known_.open(parts.directory));
    placed = writer.place(*directory, parts.leaf);
  }
  touched.insert_or_assign(std::string{parts.directory}, std::move(directory));
  return placed;
}

auto DirectoryArchive::enter(std::string_view path) const -> Result<Directory> {
  std::optional<Directory> reached;
  while (!path.empty()) {
    const auto part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), part.size() + 1));
    TRY(auto next, (reached ? *reached : root_).enter(part));
    reached.emplace(std::move(next));
  }
  CHECK(reached.has_value());
  return *std::move(reached);
}

auto DirectoryArchive::open_file(std::string_view name) const -> Result<File> {
  TRY(const auto parts, split(name));
  TRY(const auto directory, enter(parts.directory));
  return directory.open_file(parts.leaf);
}

auto DirectoryArchive::open(const StoredObject& expected) -> Result<std::unique_ptr<ObjectReader>> {
  TRY(auto file, open_file(expected.name));
  TRY(const auto bytes, file.bytes());
  TRY_DO(check_bytes(expected, bytes));
  return std::make_unique<DirectoryReader>(std::move(file), expected);
}

auto DirectoryArchive::list_raw(const Visit& visit) -> Result<ListSummary> {
  ListSummary summary;
  auto raw = root_.enter("raw");
  if (!raw) {
    if (raw.error().kind() == ErrorKind::gone) {
      return summary;
    }
    return std::move(raw).error();
  }
  TRY_DO(walk(*raw, "raw", 0, visit, summary));
  return summary;
}

auto DirectoryArchive::walk(const Directory& directory,
                            const std::string& path,
                            int depth,
                            const Visit& visit,
                            ListSummary& summary) const -> Result<> {
  TRY(const auto names, directory.names());
  for (const auto& leaf : names) {
    const auto name = fmt::format("{}/{}", path, leaf);
    if (depth == day_depth) {
      TRY_DO(visit_file(directory, name, leaf, visit, summary));
      continue;
    }
    auto child = directory.enter(leaf);
    if (child) {
      TRY_DO(walk(*child, name, depth + 1, visit, summary));
    } else if (is_stranger(child.error())) {
      ++summary.strangers;
    } else {
      return std::move(child).error();
    }
  }
  return {};
}

auto DirectoryArchive::visit_file(const Directory& directory,
                                  const std::string& name,
                                  std::string_view leaf,
                                  const Visit& visit,
                                  ListSummary& summary) -> Result<> {
  auto parsed = parse_raw_name(name);
  auto file = directory.open_file(leaf);
  if (!parsed || (!file && is_stranger(file.error()))) {
    ++summary.strangers;
    return {};
  }
  if (!file) {
    return std::move(file).error();
  }
  TRY(const auto bytes, file->bytes());
  ++summary.objects;
  return visit({.content = std::move(parsed->content),
                .encoding = parsed->encoding,
                .name = name,
                .bytes = bytes});
}

auto DirectoryArchive::set_aside(std::string_view name) -> Result<> {
  TRY(const auto parts, split(name));
  TRY(const auto from, enter(parts.directory));
  TRY_DO(from.open_file(parts.leaf));
  TRY(const auto to, known_.open(fmt::format("quarantine/{}", parts.directory)));
  TRY_DO(from.rename(parts.leaf, *to, parts.leaf));
  TRY_DO(to->sync());
  return from.sync();
}

auto DirectoryArchive::remove(std::string_view name) -> Result<> {
  TRY(const auto parts, split(name));
  const auto directory = enter(parts.directory);
  if (!directory) {
    const bool absent = directory.error().kind() == ErrorKind::gone;
    return absent ? Result<>{} : Result<>{directory.error()};
  }
  // Not synced: a removal that a power cut undoes leaves an object that nothing refers to.
  return directory->remove(parts.leaf);
}

} // namespace

auto open_directory_archive(const std::filesystem::path& root, Access access)
    -> Result<std::unique_ptr<Archive>> {
  if (access == Access::reader) {
    TRY(auto directory, Directory::open(root));
    TRY(auto file_system, FileSystem::of(root));
    return std::make_unique<DirectoryArchive>(
        std::move(directory), std::move(file_system), std::nullopt, std::nullopt);
  }
  TRY(auto directory, Directory::make(root));
  TRY(auto lock, FileLock::acquire(root / "lock", "the archive"));
  TRY(auto temporary, directory.make_child("tmp"));
  TRY(const auto left_over, temporary.names());
  for (const auto& name : left_over) {
    TRY_DO(temporary.remove(name));
  }
  TRY(auto file_system, FileSystem::of(root));
  return std::make_unique<DirectoryArchive>(
      std::move(directory), std::move(file_system), std::move(temporary), std::move(lock));
}

} // namespace sluice::archive

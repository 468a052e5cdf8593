// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "archive/archive_conformance.hpp"
#include "archive/directory_archive.hpp"
#include "base/file_system.hpp"

namespace sluice::archive {
namespace {

namespace fs = std::filesystem;

class TemporaryDirectory {
public:
  TemporaryDirectory() {
    auto pattern = (fs::temp_directory_path() / "sluice-archive-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  auto operator=(const TemporaryDirectory&) -> TemporaryDirectory& = delete;
  ~TemporaryDirectory() { fs::remove_all(path_); }
  [[nodiscard]] auto path() const -> const fs::path& { return path_; }

private:
  fs::path path_;
};

class DirectoryPlace final : public ArchivePlace {
public:
  auto open() -> std::unique_ptr<Archive> override {
    return open_directory_archive(directory_.path()).value();
  }
  void damage(std::string_view name) override {
    const auto path = directory_.path() / name;
    std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(static_cast<std::streamoff>(fs::file_size(path) / 2));
    file.put('!');
  }

private:
  TemporaryDirectory directory_;
};

INSTANTIATE_TEST_SUITE_P(Directory,
                         ArchiveConformance,
                         testing::Values(ArchiveMaker{
                             [] { return std::make_unique<DirectoryPlace>(); }}),
                         [](const auto&) { return std::string{"directory"}; });

TEST(DirectoryArchive, a_second_owner_is_refused_and_a_reader_is_not) {
  const TemporaryDirectory directory;
  const auto first = open_directory_archive(directory.path());
  ASSERT_TRUE(first);
  EXPECT_EQ(open_directory_archive(directory.path()).error().kind(), ErrorKind::unavailable);
  const auto reader = open_directory_archive(directory.path(), Access::reader);
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->begin_raw(content("a"), Encoding::gzip).error().kind(),
            ErrorKind::invalid_input);
}

TEST(DirectoryArchive, what_a_dead_owner_left_is_removed) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(open_directory_archive(directory.path()));
  std::ofstream{directory.path() / "tmp" / "7.part"} << "half";
  ASSERT_TRUE(open_directory_archive(directory.path()));
  EXPECT_TRUE(fs::is_empty(directory.path() / "tmp"));
}

TEST(DirectoryArchive, strangers_in_the_tree_are_counted_and_left_alone) {
  const TemporaryDirectory directory;
  const auto archive = open_directory_archive(directory.path()).value();
  const auto day = directory.path() / "raw" / tenant_one / "Audit.General" / "2026" / "07" / "13";
  fs::create_directories(day);
  std::ofstream{day / "notes.txt"} << "x";
  std::ofstream{directory.path() / "raw" / "README"} << "x";
  fs::create_directory_symlink("/etc", directory.path() / "raw" / tenant_two);
  fs::create_symlink("/etc/hostname", day / "1640001230000-a.json");
  const auto summary = archive->list_raw([](const RawObject&) -> Result<> { return {}; });
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->objects, 0U);
  EXPECT_EQ(summary->strangers, 4U);
  EXPECT_TRUE(fs::exists(day / "notes.txt"));
}

/// Set in the process that `dies_at` starts.
constexpr auto child_variable = "SLUICE_ARCHIVE_CRASH_ROOT";

/// The second is large enough for one wait for the whole file system.
const std::map<std::string, int> crash_groups = {{"one", 3}, {"two", 10}};

/// Commits one group after the other, and notes each that was acknowledged: in an archive of its
/// own, or in the one that `dies_at` names when it starts this test in a process that is to die.
TEST(DirectoryArchiveCrash, groups_that_nobody_kills_are_all_there) {
  const char* const given = std::getenv(child_variable);
  std::optional<TemporaryDirectory> place;
  const auto root = given != nullptr ? fs::path{given} : place.emplace().path();
  const auto archive = open_directory_archive(root).value();
  int written = 0;
  for (const auto& [group, count] : crash_groups) {
    std::vector<std::unique_ptr<ObjectWriter>> writers;
    for (int i = 0; i < count; ++i) {
      const auto id = group + std::to_string(i);
      writers.push_back(archive->begin_raw(content(id), Encoding::identity).value());
      ASSERT_TRUE(writers.back()->append(std::as_bytes(std::span{id})));
    }
    ASSERT_TRUE(archive->commit(writers));
    std::ofstream{root / ("acknowledged-" + group)} << "yes";
    written += count;
  }
  EXPECT_EQ(archive->list_raw([](const RawObject&) { return Result<>{}; })->objects,
            static_cast<std::uint64_t>(written));
}

#ifdef SLUICE_FAILPOINTS

/// Runs the test above in a new process that dies at a failpoint. True when it did.
auto dies_at(const fs::path& root, const std::string& plan) -> bool {
  const auto child = ::fork();
  if (child == 0) {
    ::setenv(child_variable, root.c_str(), 1);
    ::setenv("SLUICE_FAILPOINTS", plan.c_str(), 1);
    const std::array<const char*, 3> words = {
        "archive_test",
        "--gtest_filter=DirectoryArchiveCrash.groups_that_nobody_kills_are_all_there",
        nullptr};
    if (std::freopen("/dev/null", "w", stdout) != nullptr) {
      ::execv("/proc/self/exe", const_cast<char* const*>(words.data()));
    }
    ::_exit(127);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << plan;
  return WIFSIGNALED(status);
}

/// What is there is whole, and what was acknowledged is there.
void check_promise(const fs::path& root, const std::string& when) {
  const auto archive = open_directory_archive(root).value();
  std::map<std::string, int> found;
  ASSERT_TRUE(archive->list_raw([&](const RawObject& object) -> Result<> {
    const auto& id = object.content.content_id;
    const StoredObject whole{object.name, id.size(), sha256(id)};
    EXPECT_EQ(read_whole(*archive, whole, 100).value(), id) << when;
    ++found[id.substr(0, 3)];
    return {};
  }));
  for (const auto& [group, count] : crash_groups) {
    if (fs::exists(root / ("acknowledged-" + group))) {
      EXPECT_EQ(found[group], count) << when;
    }
  }
  EXPECT_TRUE(fs::is_empty(root / "tmp"));
}

TEST(DirectoryArchiveCrash, what_was_committed_is_there_and_nothing_is_half_there) {
  std::vector<std::string> points = {"archive.before_sync",
                                     "archive.after_sync",
                                     "archive.between_renames",
                                     "archive.after_commit",
                                     "file.after_write",
                                     "file.before_sync",
                                     "file.after_sync",
                                     "file.before_rename",
                                     "file.after_rename",
                                     "file.before_directory_sync",
                                     "file.after_directory_sync"};
  if (FileSystem::of(fs::temp_directory_path())->reports_failures()) {
    points.insert(points.end(), {"file_system.before_sync", "file_system.after_sync"});
  }
  int deaths = 0;
  for (const auto& point : points) {
    for (int visit = 1;; ++visit) {
      const TemporaryDirectory directory;
      const auto plan = point + "=kill@" + std::to_string(visit);
      if (!dies_at(directory.path(), plan)) {
        EXPECT_GT(visit, 1) << point << " is never visited";
        break;
      }
      ++deaths;
      check_promise(directory.path(), plan);
    }
  }
  EXPECT_GT(deaths, 40);
}

#endif

TEST(DirectoryArchive, a_directory_that_somebody_clears_away_is_made_anew) {
  const TemporaryDirectory directory;
  const auto archive = open_directory_archive(directory.path()).value();
  for (const std::string id : {"before", "after"}) {
    std::vector<std::unique_ptr<ObjectWriter>> writers;
    writers.push_back(archive->begin_raw(content(id), Encoding::identity).value());
    ASSERT_TRUE(archive->commit(writers));
    EXPECT_EQ(archive->list_raw([](const RawObject&) { return Result<>{}; })->objects, 1U);
    fs::remove_all(directory.path() / "raw");
  }
}

} // namespace
} // namespace sluice::archive

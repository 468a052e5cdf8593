// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "archive/archive_conformance.hpp"
#include "archive/directory_archive.hpp"

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
constexpr int crash_contents = 3;

/// Runs `DirectoryArchiveCrash.child` in a new process that dies at a failpoint. True when it did.
auto dies_at(const fs::path& root, const std::string& plan) -> bool {
  const auto child = ::fork();
  if (child == 0) {
    ::setenv(child_variable, root.c_str(), 1);
    ::setenv("SLUICE_FAILPOINTS", plan.c_str(), 1);
    const std::array<const char*, 3> words = {
        "archive_test", "--gtest_filter=DirectoryArchiveCrash.child", nullptr};
    ::freopen("/dev/null", "w", stdout);
    ::execv("/proc/self/exe", const_cast<char* const*>(words.data()));
    ::_exit(127);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << plan;
  return WIFSIGNALED(status);
}

/// Commits a group, says so, and commits another.
TEST(DirectoryArchiveCrash, child) {
  const char* root = std::getenv(child_variable);
  if (root == nullptr) {
    GTEST_SKIP() << "runs in the processes that the other test starts";
  }
  const auto archive = open_directory_archive(root).value();
  for (const std::string group : {"one", "two"}) {
    std::vector<std::unique_ptr<ObjectWriter>> writers;
    for (int i = 0; i < crash_contents; ++i) {
      const auto id = group + std::to_string(i);
      writers.push_back(archive->begin_raw(content(id), Encoding::identity).value());
      ASSERT_TRUE(writers.back()->append(std::as_bytes(std::span{id})));
    }
    ASSERT_TRUE(archive->commit(writers));
    std::ofstream{fs::path{root} / ("acknowledged-" + group)} << "yes";
  }
}

TEST(DirectoryArchiveCrash, what_was_committed_is_there_and_nothing_is_half_there) {
#ifndef SLUICE_FAILPOINTS
  GTEST_SKIP() << "built without failpoints";
#endif
  int deaths = 0;
  for (const std::string point : {"archive.before_sync",
                                  "archive.after_sync",
                                  "archive.between_renames",
                                  "archive.after_commit",
                                  "file.after_write",
                                  "file.before_sync",
                                  "file.after_sync",
                                  "file.before_rename",
                                  "file.after_rename",
                                  "file.before_directory_sync",
                                  "file.after_directory_sync"}) {
    for (int visit = 1;; ++visit) {
      const TemporaryDirectory directory;
      if (!dies_at(directory.path(), point + "=kill@" + std::to_string(visit))) {
        EXPECT_GT(visit, 1) << point << " is never visited";
        break;
      }
      ++deaths;
      const auto archive = open_directory_archive(directory.path()).value();
      std::map<std::string, int> groups;
      ASSERT_TRUE(archive->list_raw([&](const RawObject& object) -> Result<> {
        const auto& id = object.content.content_id;
        const StoredObject whole{object.name, id.size(), sha256(id)};
        EXPECT_EQ(read_whole(*archive, whole, 100).value(), id) << point << visit;
        ++groups[id.substr(0, 3)];
        return {};
      }));
      for (const std::string group : {"one", "two"}) {
        if (fs::exists(directory.path() / ("acknowledged-" + group))) {
          EXPECT_EQ(groups[group], crash_contents) << point << visit;
        }
      }
      EXPECT_TRUE(fs::is_empty(directory.path() / "tmp"));
    }
  }
  EXPECT_GT(deaths, 40);
}

} // namespace
} // namespace sluice::archive

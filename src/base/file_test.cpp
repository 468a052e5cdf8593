// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <fstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.hpp"

namespace sluice {
namespace {

namespace fs = std::filesystem;

class FileTest : public testing::Test {
protected:
  FileTest() {
    auto pattern = (fs::temp_directory_path() / "sluice-file-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  ~FileTest() override { fs::remove_all(root_); }

  [[nodiscard]] auto open_root() const -> Directory { return Directory::open(root_).value(); }
  static auto bytes_of(std::string_view text) -> std::span<const std::byte> {
    return std::as_bytes(std::span{text});
  }

  fs::path root_;
};

TEST_F(FileTest, a_replaced_file_has_its_new_content_and_is_private) {
  const auto path = root_ / "state";
  ASSERT_TRUE(replace_file(path, "old"));
  ASSERT_TRUE(replace_file(path, "new"));
  EXPECT_EQ(read_file(path, 100).value(), "new");
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(open_root().names().value(), std::vector<std::string>{"state"});
}

TEST_F(FileTest, a_file_over_the_limit_is_not_read) {
  ASSERT_TRUE(replace_file(root_ / "big", std::string(101, 'x')));
  EXPECT_EQ(read_file(root_ / "big", 100).error().kind(), ErrorKind::invalid_input);
  EXPECT_EQ(read_file(root_ / "big", 101).value().size(), 101U);
}

TEST_F(FileTest, a_missing_file_is_gone) {
  EXPECT_EQ(read_file(root_ / "none", 1).error().kind(), ErrorKind::gone);
}

TEST_F(FileTest, names_that_are_not_one_component_are_refused) {
  const auto root = open_root();
  using namespace std::string_view_literals;
  for (const auto name : {""sv, "."sv, ".."sv, "a/b"sv, "/etc"sv, "a\0b"sv}) {
    EXPECT_EQ(root.enter(name).error().kind(), ErrorKind::invalid_input) << name;
    EXPECT_EQ(root.make_child(name).error().kind(), ErrorKind::invalid_input) << name;
    EXPECT_EQ(root.open_file(name).error().kind(), ErrorKind::invalid_input) << name;
    EXPECT_EQ(root.create_file(name).error().kind(), ErrorKind::invalid_input) << name;
    EXPECT_EQ(root.remove(name).error().kind(), ErrorKind::invalid_input) << name;
    EXPECT_EQ(root.rename(name, root, "x").error().kind(), ErrorKind::invalid_input) << name;
    EXPECT_EQ(root.rename("x", root, name).error().kind(), ErrorKind::invalid_input) << name;
  }
}

TEST_F(FileTest, symbolic_links_are_not_followed) {
  fs::create_directory(root_ / "real");
  fs::create_directory_symlink(root_ / "real", root_ / "link");
  fs::create_symlink("/etc/hostname", root_ / "file");
  const auto root = open_root();
  EXPECT_EQ(root.enter("link").error().kind(), ErrorKind::untrusted);
  EXPECT_EQ(root.make_child("link").error().kind(), ErrorKind::untrusted);
  EXPECT_EQ(root.open_file("file").error().kind(), ErrorKind::untrusted);
  EXPECT_FALSE(root.create_file("file"));
}

TEST_F(FileTest, a_pipe_is_not_read_as_a_file) {
  ASSERT_EQ(::mkfifo((root_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(open_root().open_file("pipe").error().kind(), ErrorKind::untrusted);
}

TEST_F(FileTest, a_full_disk_is_a_storage_error_with_path_and_fix) {
  auto file = File{FileDescriptor{::open("/dev/full", O_WRONLY)}, "/dev/full"};
  const auto written = file.append(bytes_of("x"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind(), ErrorKind::storage);
  EXPECT_NE(written.error().message().find("/dev/full"), std::string::npos);
  EXPECT_NE(written.error().hint().find("free space"), std::string::npos);
}

TEST_F(FileTest, system_errors_say_what_to_do_next) {
  const std::pair<int, ErrorKind> table[] = {{EIO, ErrorKind::storage},
                                             {ENOSPC, ErrorKind::storage},
                                             {EROFS, ErrorKind::storage},
                                             {EMFILE, ErrorKind::storage},
                                             {EACCES, ErrorKind::forbidden},
                                             {ENOENT, ErrorKind::gone},
                                             {ELOOP, ErrorKind::untrusted},
                                             {ENAMETOOLONG, ErrorKind::invalid_input}};
  for (const auto& [number, kind] : table) {
    EXPECT_EQ(file_error(number, "reading", "/x").kind(), kind) << number;
  }
}

TEST_F(FileTest, making_a_path_makes_all_of_it_and_may_be_repeated) {
  ASSERT_TRUE(Directory::make(root_ / "a/b/c"));
  ASSERT_TRUE(Directory::make(root_ / "a/b/c/"));
  EXPECT_TRUE(fs::is_directory(root_ / "a/b/c"));
}

TEST_F(FileTest, a_file_moves_between_directories_with_its_content) {
  const auto root = open_root();
  const auto target = root.make_child("target").value();
  {
    auto file = root.create_file("temporary").value();
    ASSERT_TRUE(file.append(bytes_of("content")));
    file.start_write_back();
    ASSERT_TRUE(file.sync());
    EXPECT_EQ(file.bytes().value(), 7U);
  }
  ASSERT_TRUE(root.rename("temporary", target, "final"));
  ASSERT_TRUE(target.sync());
  EXPECT_EQ(read_file(root_ / "target/final", 100).value(), "content");
  ASSERT_TRUE(target.remove("final"));
  ASSERT_TRUE(target.remove("final")) << "removing twice is no error";
  EXPECT_TRUE(target.names().value().empty());
}

TEST_F(FileTest, a_lock_keeps_a_second_owner_out_until_it_is_let_go) {
  {
    const auto first = FileLock::acquire(root_ / "lock", "the ledger");
    ASSERT_TRUE(first);
    const auto second = FileLock::acquire(root_ / "lock", "the ledger");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind(), ErrorKind::unavailable);
    EXPECT_NE(second.error().message().find("the ledger"), std::string::npos);
  }
  EXPECT_TRUE(FileLock::acquire(root_ / "lock", "the ledger"));
}

} // namespace
} // namespace sluice

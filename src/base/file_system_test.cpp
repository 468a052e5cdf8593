// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <gtest/gtest.h>

#include "base/file_system.hpp"

namespace sluice {
namespace {

TEST(FileSystemTest, waits_for_the_disk_where_it_can_be_trusted) {
  const auto file_system = FileSystem::of(std::filesystem::temp_directory_path());
  ASSERT_TRUE(file_system);
  EXPECT_TRUE(!file_system->reports_failures() || file_system->sync());
}

TEST(FileSystemTest, the_kernels_own_files_are_not_trusted_to_be_on_a_disk) {
  const auto file_system = FileSystem::of("/proc");
  ASSERT_TRUE(file_system);
  EXPECT_FALSE(file_system->reports_failures());
}

TEST(FileSystemTest, a_missing_directory_is_named) {
  const auto file_system = FileSystem::of("/nonexistent/archive");
  ASSERT_FALSE(file_system);
  EXPECT_EQ(file_system.error().kind(), ErrorKind::gone);
}

} // namespace
} // namespace sluice

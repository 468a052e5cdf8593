// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "kql/reference.hpp"

namespace sluice::kql {
namespace {

TEST(Reference, kql_page_is_what_the_tables_say) {
  const auto* source = std::getenv("SLUICE_SOURCE_DIR");
  ASSERT_NE(source, nullptr) << "run it through ctest, or set SLUICE_SOURCE_DIR";
  const auto path = std::filesystem::path{source} / "docs" / "kql.md";
  if (std::getenv("SLUICE_UPDATE") != nullptr) {
    std::ofstream{path, std::ios::binary} << reference_page();
  }
  std::ifstream file{path, std::ios::binary};
  const std::string page{std::istreambuf_iterator<char>{file}, {}};
  EXPECT_EQ(page, reference_page()) << "SLUICE_UPDATE=1 rewrites docs/kql.md";
}

} // namespace
} // namespace sluice::kql

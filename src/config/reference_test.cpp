// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "config/field.hpp"
#include "config/reference.hpp"

namespace sluice::config {
namespace {

/// The page under docs/ that must equal `generated`. With SLUICE_UPDATE set it is rewritten first.
void expect_page(const char* name, const std::string& generated) {
  const auto* source = std::getenv("SLUICE_SOURCE_DIR");
  ASSERT_NE(source, nullptr) << "run it through ctest, or set SLUICE_SOURCE_DIR";
  const auto path = std::filesystem::path{source} / "docs" / name;
  if (std::getenv("SLUICE_UPDATE") != nullptr) {
    std::ofstream{path, std::ios::binary} << generated;
  }
  std::ifstream file{path, std::ios::binary};
  const std::string page{std::istreambuf_iterator<char>{file}, {}};
  EXPECT_EQ(page, generated) << "SLUICE_UPDATE=1 rewrites docs/" << name;
}

TEST(Reference, config_page_is_what_the_option_table_says) {
  expect_page("config.md", reference_page());
}

TEST(Reference, json_schema_is_what_the_option_table_says) {
  expect_page("sluice.schema.json", json_schema());
}

TEST(Reference, every_option_is_explained_and_reachable) {
  for (const auto& field : fields()) {
    EXPECT_TRUE(field.about.ends_with('.')) << field.path;
    EXPECT_TRUE(field.required || !field.fallback.empty() || !field.fallback_note.empty() ||
                !field.when_key.empty() || field.type == FieldType::section)
        << field.path << " says nothing about being left out";
    const auto is_group = field.type == FieldType::section || field.type == FieldType::list;
    EXPECT_EQ(is_group, field.assign == nullptr) << field.path;
    EXPECT_EQ(is_group, !fields_in(field.prefix()).empty()) << field.path;
  }
}

} // namespace
} // namespace sluice::config

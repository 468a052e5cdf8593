// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "kql/compile.hpp"

namespace sluice::kql {
namespace {

/// The sections of a case file by name: `kql`, `plan`, `rows`.
auto read_sections(const std::filesystem::path& path) -> std::map<std::string, std::string> {
  std::map<std::string, std::string> sections;
  std::ifstream file{path};
  std::string name;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("-- ")) {
      name = line.substr(3);
    } else {
      sections[name] += line + "\n";
    }
  }
  return sections;
}

TEST(CaseFiles, plans_are_as_written) {
  const char* root = std::getenv("SLUICE_SOURCE_DIR");
  ASSERT_NE(root, nullptr) << "run it through ctest, or set SLUICE_SOURCE_DIR";
  std::size_t checked = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator{std::filesystem::path{root} / "tests/kql"}) {
    auto sections = entry.path().extension() == ".case" ? read_sections(entry.path())
                                                        : std::map<std::string, std::string>{};
    if (!sections.contains("plan")) {
      continue;
    }
    const auto plan = compile_query(sections["kql"], EmptyCatalog{}, {});
    if (!plan && plan.error().front().code == Code::needs_data) {
      continue; // The store's test compiles it.
    }
    ASSERT_TRUE(plan.has_value()) << entry.path() << render(plan.error(), sections["kql"], "");
    EXPECT_EQ(print_plan(*plan), sections["plan"]) << entry.path();
    ++checked;
  }
  EXPECT_GT(checked, 0U);
}

} // namespace
} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0

// Runs every tests/kql/*.case: compiles the query, compares the plan, executes it in the store and
// compares the rows. `kql_case_test --update` writes what came out into the files instead: read the
// difference before you commit it.
//
// A case has sections `-- about:` (one line), `-- kql`, `-- plan`, `-- rows`; a query that must be
// refused has `-- diagnostics` in place of the last two. Rows are compared in order when the query
// sorts, else as a bag.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "kql/compile.hpp"
#include "query_text.hpp"

namespace sluice {
namespace {

namespace fs = std::filesystem;

bool update_files = false;

struct Case {
  std::string about;
  std::map<std::string, std::string> sections;
};

auto read_case(const fs::path& path) -> Case {
  Case read;
  std::string section;
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("-- about:")) {
      read.about = line;
    } else if (line.starts_with("-- ")) {
      section = line.substr(3);
      read.sections[section];
    } else {
      read.sections[section] += line + "\n";
    }
  }
  return read;
}

void write_case(const fs::path& path, const Case& written) {
  std::ofstream file{path};
  file << written.about << "\n";
  for (const auto* section : {"kql", "plan", "rows", "diagnostics"}) {
    if (const auto found = written.sections.find(section); found != written.sections.end()) {
      file << "-- " << section << "\n" << found->second;
    }
  }
}

auto is_sorted(const kql::Plan& plan) -> bool {
  if (std::holds_alternative<kql::Sort>(plan.node)) {
    return true;
  }
  if (const auto* filter = std::get_if<kql::Filter>(&plan.node)) {
    return is_sorted(*filter->input);
  }
  if (const auto* project = std::get_if<kql::Project>(&plan.node)) {
    return is_sorted(*project->input);
  }
  const auto* take = std::get_if<kql::Take>(&plan.node);
  return take != nullptr && is_sorted(*take->input);
}

auto lines(const std::string& text) -> std::vector<std::string> {
  std::vector<std::string> all;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) {
    all.push_back(line);
  }
  return all;
}

auto joined(const std::vector<std::string>& all) -> std::string {
  std::string text;
  for (const auto& line : all) {
    text += line + "\n";
  }
  return text;
}

auto execute(const store::Store& store, const kql::Plan& plan) -> std::string {
  KeptRows sink;
  SystemClock clock;
  const auto run = store.run(plan, sink, {.now = test_now()}, clock);
  if (!run) {
    return "error: " + run.error().message() + "\n";
  }
  std::vector<std::string> rows;
  for (const auto& row : sink.rows) {
    rows.push_back(row_text(row));
  }
  if (!is_sorted(plan)) {
    std::ranges::sort(rows);
  }
  return joined(rows);
}

/// The sections that the query gives today.
auto outcome(const std::string& query) -> std::map<std::string, std::string> {
  const auto store = store::Store::open_empty({});
  const auto plan = store->compile(query, test_now());
  if (!plan) {
    return {{"diagnostics", kql::render(plan.error(), query, "")}};
  }
  return {{"plan", kql::print_plan(*plan)}, {"rows", execute(*store, *plan)}};
}

class KqlCase : public testing::TestWithParam<fs::path> {};

TEST_P(KqlCase, gives_the_plan_and_the_rows_of_its_file) {
  auto wanted = read_case(GetParam());
  auto actual = outcome(wanted.sections["kql"]);
  if (update_files) {
    actual["kql"] = wanted.sections["kql"];
    wanted.sections = actual;
    write_case(GetParam(), wanted);
    return;
  }
  for (const auto& [section, text] : actual) {
    auto expected = wanted.sections[section];
    if (section == "rows" && text != expected) {
      auto sorted = lines(expected);
      std::ranges::sort(sorted);
      expected = joined(sorted) == text ? text : expected;
    }
    EXPECT_EQ(text, expected) << wanted.about << "\nin section " << section;
  }
}

auto case_files() -> std::vector<fs::path> {
  const char* root = std::getenv("SLUICE_SOURCE_DIR");
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::directory_iterator(fs::path{root == nullptr ? "." : root} / "tests/kql")) {
    if (entry.path().extension() == ".case") {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  return files;
}

INSTANTIATE_TEST_SUITE_P(Files, KqlCase, testing::ValuesIn(case_files()), [](const auto& file) {
  return file.param.stem().string();
});

} // namespace
} // namespace sluice

auto main(int argc, char** argv) -> int {
  testing::InitGoogleTest(&argc, argv);
  sluice::update_files = argc > 1 && std::string_view{argv[1]} == "--update";
  return RUN_ALL_TESTS();
}

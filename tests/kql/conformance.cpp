// SPDX-License-Identifier: Apache-2.0

// kql_conformance FOLDER [--list] [gold|must-fail|queries|run]: what becomes of the queries in the
// folder's files, as a table: passed, refused, wrong. Ends 1 when any was wrong.

#include "conformance.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iostream>
#include <string_view>

#include <fmt/format.h>

namespace sluice {
namespace {

/// A number too big for the reader gets a fraction, so that it is read as a real.
auto with_smaller_numbers(const std::string& line) -> std::string {
  constexpr std::size_t digits_of_64_bits = 19;
  std::string mended;
  std::size_t digits = 0;
  bool in_text = false;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    const char c = i < line.size() ? line[i] : ' ';
    in_text = c == '"' && (i == 0 || line[i - 1] != '\\') ? !in_text : in_text;
    if (in_text) {
      digits = 0;
    } else if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      ++digits;
    } else {
      mended += digits >= digits_of_64_bits && (c == ',' || c == ']') ? ".0" : "";
      digits = 0;
    }
    mended += c;
  }
  return mended;
}

} // namespace

void Tally::add(const std::string& family, const std::string& id, const Judgement& judgement) {
  auto row = std::ranges::find(rows_, family, &Row::family);
  if (row == rows_.end()) {
    row = rows_.insert(rows_.end(), Row{family});
  }
  ++row->counts[static_cast<int>(judgement.verdict)];
  if (lists_ && judgement.verdict != Verdict::passed) {
    std::cout << id << " [" << family << "] "
              << (judgement.verdict == Verdict::wrong ? "WRONG: " : "refused: ") << judgement.why
              << "\n";
  }
}

void Tally::print(const std::string& title) const {
  std::cout << fmt::format("{:<28} {:>7} {:>8} {:>6}\n", title, "passed", "refused", "wrong");
  Row all{"all"};
  auto sorted = rows_;
  std::ranges::sort(sorted, {}, &Row::family);
  for (const auto& row : sorted) {
    std::cout << fmt::format(
        "  {:<26} {:>7} {:>8} {:>6}\n", row.family, row.counts[0], row.counts[1], row.counts[2]);
    for (int i = 0; i < 3; ++i) {
      all.counts[i] += row.counts[i];
    }
  }
  std::cout << fmt::format(
      "  {:<26} {:>7} {:>8} {:>6}\n", all.family, all.counts[0], all.counts[1], all.counts[2]);
}

auto Tally::wrong() const -> int {
  int sum = 0;
  for (const auto& row : rows_) {
    sum += row.counts[static_cast<int>(Verdict::wrong)];
  }
  return sum;
}

auto judge_code(const kql::Diagnostics& ours, const std::vector<std::string>& official)
    -> Judgement {
  const std::string code{kql::to_text(ours.front().code)};
  const bool is_known = std::ranges::any_of(
      official, [&](const std::string& one) { return one.starts_with(code + ":"); });
  return is_known
             ? Judgement{}
             : Judgement{Verdict::wrong,
                         fmt::format(
                             "{}: {}, expected {}", code, ours.front().message, official.front())};
}

auto texts_of(Json list) -> std::vector<std::string> {
  std::vector<std::string> texts;
  simdjson::dom::array items;
  if (!list.get_array().get(items)) {
    for (const auto item : items) {
      texts.emplace_back(std::string_view{item});
    }
  }
  return texts;
}

void for_each_line(const std::filesystem::path& file, const std::function<void(Json)>& judge) {
  std::ifstream in{file};
  simdjson::dom::parser parser;
  for (std::string line; std::getline(in, line);) {
    Json json;
    if (!parser.parse(line).get(json) || !parser.parse(with_smaller_numbers(line)).get(json)) {
      judge(json);
    } else {
      std::cerr << file.string() << ": a line is not JSON\n";
    }
  }
}

} // namespace sluice

auto main(int argc, char** argv) -> int {
  if (argc < 2) {
    std::cerr << "usage: kql_conformance FOLDER [--list] [gold|must-fail|queries|run]\n";
    return 64;
  }
  const std::filesystem::path folder{argv[1]};
  bool lists = false;
  std::string_view only;
  for (int i = 2; i < argc; ++i) {
    const std::string_view argument{argv[i]};
    lists = lists || argument == "--list";
    only = argument.starts_with("--") ? only : argument;
  }
  int wrong = 0;
  using Run = int (*)(const std::filesystem::path&, bool);
  for (const auto& [name, run] : {std::pair<std::string_view, Run>{"gold", sluice::run_gold},
                                  {"must-fail", sluice::run_must_fail},
                                  {"queries", sluice::run_queries},
                                  {"run", sluice::run_on_empty_tables}}) {
    const auto file = folder / (std::string{name == "run" ? "queries" : name} + ".jsonl");
    if ((only.empty() || only == name) && std::filesystem::exists(file)) {
      wrong += run(folder, lists);
    }
  }
  return wrong == 0 ? 0 : 1;
}

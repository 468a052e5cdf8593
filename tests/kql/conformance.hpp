// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "conformance_compare.hpp"
#include "kql/diagnostic.hpp"

/// Runs files of queries with known outcomes and counts what became of them.
namespace sluice {

enum class Verdict : int { passed, refused, wrong };

struct Judgement {
  Verdict verdict = Verdict::passed;
  std::string why;
};

/// Counts by family, in the order in which families first came.
class Tally {
public:
  explicit Tally(bool lists) : lists_{lists} {}
  void add(const std::string& family, const std::string& id, const Judgement& judgement);
  void print(const std::string& title) const;
  [[nodiscard]] auto wrong() const -> int;

private:
  struct Row {
    std::string family;
    int counts[3] = {};
  };
  bool lists_;
  std::vector<Row> rows_;
};

/// Whether the first diagnostic has the code of one of the official ones, which are written
/// `KS142: The name ...`.
[[nodiscard]] auto judge_code(const kql::Diagnostics& ours,
                              const std::vector<std::string>& official) -> Judgement;

/// The items of an array of strings.
[[nodiscard]] auto texts_of(Json list) -> std::vector<std::string>;

/// Calls `judge` for each line of the file, one JSON object a line.
void for_each_line(const std::filesystem::path& file, const std::function<void(Json)>& judge);

/// gold.jsonl: `id`, `kql`, `columns`, `rows`, `complete`, `features`; tiers.json says which tier a
/// feature belongs to.
auto run_gold(const std::filesystem::path& folder, bool lists) -> int;
/// must-fail.jsonl: `id`, `kql`, `official`.
auto run_must_fail(const std::filesystem::path& folder, bool lists) -> int;
/// queries.jsonl with binder-expectations.jsonl over table-schemas.json.
auto run_queries(const std::filesystem::path& folder, bool lists) -> int;

/// The same queries executed, without rows to work on.
auto run_on_empty_tables(const std::filesystem::path& folder, bool lists) -> int;

} // namespace sluice

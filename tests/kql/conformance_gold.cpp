// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>

#include "conformance.hpp"
#include "kql/compile.hpp"
#include "query_text.hpp"

namespace sluice {
namespace {

/// Which tier each feature belongs to. What the lists do not name, because every query has it
/// (`sort:asc`), belongs to the first; a function or operator that they do not name, to none.
class Tiers {
public:
  explicit Tiers(const std::filesystem::path& file) {
    simdjson::dom::parser parser;
    Json json;
    if (parser.load(file.string()).get(json)) {
      return;
    }
    for (const auto* tier : names) {
      simdjson::dom::array features;
      if (!json.at_key(tier).get_array().get(features)) {
        for (const auto feature : features) {
          tier_of_.emplace(std::string{std::string_view{feature}}, tier);
        }
      }
    }
  }

  [[nodiscard]] auto of(Json features) const -> std::string {
    std::string highest = names[0];
    for (const auto feature : simdjson::dom::array{features}) {
      highest = std::max(highest, of(std::string{std::string_view{feature}}));
    }
    return highest;
  }

private:
  [[nodiscard]] auto of(const std::string& feature) const -> std::string {
    if (const auto found = tier_of_.find(feature); found != tier_of_.end()) {
      return found->second;
    }
    for (const auto* kind : {"fn:", "agg:", "plugin:", "stmt:", "sop:"}) {
      if (feature.starts_with(kind) && feature.find('(') == std::string::npos) {
        return "v9 (in no tier)";
      }
    }
    return names[0];
  }

  static constexpr const char* names[] = {"v1", "v2", "v3"};
  std::map<std::string, std::string> tier_of_;
};

auto is_refusal(const kql::Diagnostics& diagnostics) -> bool {
  return !diagnostics.empty();
}

auto judge(Json gold, const store::Store& store) -> Judgement {
  const std::string query{std::string_view{gold["kql"]}};
  const auto plan = store.compile(query, test_now());
  if (!plan) {
    return {is_refusal(plan.error()) ? Verdict::refused : Verdict::wrong,
            plan.error().front().message};
  }
  KeptRows sink;
  SystemClock clock;
  const auto run = store.run(*plan, sink, {.now = test_now()}, clock);
  if (!run) {
    return {Verdict::wrong, "failed: " + run.error().message()};
  }
  if (!same_columns(gold["columns"], plan->output)) {
    return {Verdict::wrong, "columns " + kql::to_text(plan->output)};
  }
  if (!same_rows(gold["rows"], sink.rows, bool{gold["complete"]})) {
    std::string rows;
    for (const auto& row : sink.rows) {
      rows += "\n    " + row_text(row);
    }
    return {Verdict::wrong, "rows" + rows};
  }
  return {};
}

} // namespace

auto run_gold(const std::filesystem::path& folder, bool lists) -> int {
  const auto store = store::Store::open_empty({});
  const Tiers tiers{folder / "tiers.json"};
  Tally tally{lists};
  for_each_line(folder / "gold.jsonl", [&](Json gold) {
    tally.add(
        tiers.of(gold["features"]), std::string{std::string_view{gold["id"]}}, judge(gold, *store));
  });
  tally.print("rows of the real engine");
  return tally.wrong();
}

auto run_must_fail(const std::filesystem::path& folder, bool lists) -> int {
  Tally tally{lists};
  Tally codes{lists};
  for_each_line(folder / "must-fail.jsonl", [&](Json entry) {
    const kql::EmptyCatalog catalog;
    const auto official = texts_of(entry["official"]);
    const bool has_official = !official.empty();
    const auto plan = kql::compile_query(
        std::string{std::string_view{entry["kql"]}}, catalog, {.now = test_now()});
    const auto accepted = has_official ? Verdict::wrong : Verdict::refused;
    const std::string id{std::string_view{entry["id"]}};
    if (has_official && !plan) {
      codes.add("first code is one of theirs", id, judge_code(plan.error(), official));
    }
    tally.add(has_official ? "rejected by the parser or binder" : "rejected by the engine alone",
              id,
              plan ? Judgement{accepted, "it is accepted"} : Judgement{});
  });
  tally.print("queries that must fail");
  codes.print("codes of queries that must fail");
  return tally.wrong();
}

} // namespace sluice

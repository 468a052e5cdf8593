// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "relevance/cases/case_intake.hpp"
#include "relevance/cases/correlator.hpp"
#include "simulator/traffic/story.hpp"

namespace sluice::cases {

/// A correlator with the rows that it has told, as table Cases would have them.
class CaseTable {
public:
  explicit CaseTable(relevance::CaseRules rules = {});
  CaseTable(const CaseTable&) = delete;
  auto operator=(const CaseTable&) -> CaseTable& = delete;
  ~CaseTable() = default;

  /// One record as a content of its own.
  void take(const std::string& record, DateTime available);
  void advance(DateTime now);

  /// The newest row of each case that was not withdrawn, by case id.
  [[nodiscard]] auto newest() const -> const std::map<std::string, std::string>& { return newest_; }
  /// How often something was told.
  [[nodiscard]] auto told() const -> std::uint64_t { return told_; }
  [[nodiscard]] auto findings() const -> const std::map<std::string, std::uint64_t>& {
    return findings_;
  }
  [[nodiscard]] auto open() const -> std::size_t { return correlator_.open(); }
  void forget(const std::string& case_id) { newest_.erase(case_id); }
  /// Another correlator goes on with the state that this one has kept.
  void restart();

private:
  /// So little that most states are read again whenever a record is about them.
  auto little_room() -> relevance::StateRoom;
  void keep(relevance::CorrelationChanges changes);

  relevance::CaseRules rules_;
  relevance::Correlator correlator_;
  relevance::CaseIntake intake_{{.window_bytes = 4096}};
  std::map<std::string, std::string> newest_;
  std::map<std::string, std::string> state_; ///< As it was kept, by key.
  std::map<std::string, std::uint64_t> findings_;
  std::uint64_t told_ = 0;
};

/// What is wrong with the cases of a story, one sentence each; takes the story's cases out of the
/// table.
[[nodiscard]] auto judge_story(CaseTable& table, const simulator::StoryPlan& plan)
    -> std::vector<std::string>;

} // namespace sluice::cases

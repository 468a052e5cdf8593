// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relevance/cases/case_graph.hpp"
#include "relevance/cases/case_rules.hpp"
#include "relevance/cases/case_view.hpp"
#include "relevance/cases/correlator.hpp"

namespace sluice::relevance {

/// Private to `correlator`: tells the cases of investigations that changed, unless they wait for
/// records that are missing or look as they did before.
///
/// Use:     `tell` the investigations that changed and those that are `due`, then take what was
///          `told`.
/// Threads: one at a time. Memory: an entry for each investigation that waits.
class CaseTeller {
public:
  /// Is told a node whose state was changed by telling.
  using Changed = std::function<void(CaseNode&)>;

  /// `rules` and `graph` must stay.
  CaseTeller(const CaseRules& rules, CaseGraph& graph, Changed changed);

  /// Looks at all cases of an investigation. `now` and all times: ticks since the year 1.
  void tell(InvestigationNode& node, std::int64_t now);
  /// The rows that were put out since the last call.
  [[nodiscard]] auto told() -> std::vector<ToldCase> { return std::exchange(told_, {}); }

  /// Looks again, as soon as the shorter wait may be over, at what waited before a restart.
  void watch(const std::string& key, std::int64_t since);
  /// The keys of investigations whose wait may be over. Each is returned once.
  [[nodiscard]] auto due(std::int64_t now) -> std::vector<std::string>;

private:
  void tell_case(InvestigationNode& node, const std::string& alert, bool by_message);
  void tell_case(InvestigationNode& node, const CaseView& view);
  void withdraw(InvestigationNode& node, const std::string& alert);
  /// Tells a row, if it is another one than the last.
  void put_out(InvestigationNode& node,
               const std::string& alert,
               const std::string& id,
               std::string_view row);
  /// Whether records that are missing may still come in time.
  [[nodiscard]] auto must_wait(InvestigationNode& node, const CaseView& view) -> bool;
  void stop_waiting(InvestigationNode& node, const std::string& alert);

  const CaseRules& rules_;
  CaseGraph& graph_;
  Changed changed_;
  std::int64_t now_ = 0;
  std::string row_; ///< The last one that was made: rows are made by the million.
  std::vector<ToldCase> told_;
  std::set<std::pair<std::int64_t, std::string>> waiting_; ///< Until when, and the key.
};

} // namespace sluice::relevance

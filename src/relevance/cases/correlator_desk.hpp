// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "relevance/cases/case_text.hpp"
#include "relevance/cases/correlator.hpp"

/// For tests of the correlator: facts with as little in them as the test needs, and somebody who
/// keeps what is told.
namespace sluice::relevance {

inline const DateTime noon = *parse_iso8601("2026-07-01T12:00:00Z");
inline constexpr auto policy = "b26a5770-0c38-434a-9380-3a3c2c27bbb3";
inline constexpr auto urn = "urn:SubmissionInvestigation:ab";

inline auto stamp(std::string record, Ticks after_noon) -> Stamp {
  return {.created = (noon + after_noon).since_year_one.count(), .record = std::move(record)};
}

/// An alert's record about the policy for user reports.
inline auto alert(std::string record, Ticks after_noon, std::string status = "Active")
    -> AlertFacts {
  AlertFacts facts;
  facts.organization = "o";
  facts.alert = "a1";
  facts.stamp = stamp(std::move(record), after_noon);
  facts.operation =
      status == "Active" ? AlertFacts::Operation::triggered : AlertFacts::Operation::updated;
  facts.text.status = std::move(status);
  facts.text.policy = policy;
  return facts;
}

/// An investigation's record with nothing but a status.
inline auto investigation(std::string record, Ticks after_noon, std::string status)
    -> InvestigationFacts {
  InvestigationFacts facts;
  facts.organization = "o";
  facts.investigation = normal_investigation_id(urn);
  facts.stamp = stamp(std::move(record), after_noon);
  facts.head = {.id = urn, .type = "SubmissionInvestigation", .status = std::move(status)};
  return facts;
}

inline auto linked(InvestigationFacts facts) -> InvestigationFacts {
  facts.has_data = true;
  facts.data.alert = "a1";
  facts.data.policy = policy;
  return facts;
}

/// A correlator without room for states that nobody uses, and everything that it has told.
class Desk {
public:
  explicit Desk(CaseOptions options = {})
      : correlator_{CaseRules::create(std::move(options)).value(), no_room()} {}
  Desk(const Desk&) = delete;
  auto operator=(const Desk&) -> Desk& = delete;
  ~Desk() = default;

  void take(FactReader::Facts facts) {
    correlator_.take(std::move(facts), now_);
    keep(correlator_.settle(now_).value());
  }
  void wait(Ticks time) {
    now_ = now_ + time;
    keep(correlator_.advance(now_).value());
  }
  /// Another correlator goes on with what this one kept.
  void restart() {
    correlator_ = Correlator{CaseRules{}, no_room()};
    for (const auto& [key, value] : state) {
      ASSERT_TRUE(correlator_.restore(key, value));
    }
  }
  [[nodiscard]] auto last() const -> std::string { return rows.empty() ? "" : rows.back(); }

  std::vector<std::string> rows;
  std::vector<std::string> findings;
  std::map<std::string, std::string> state;

private:
  auto no_room() -> StateRoom {
    return {.read = [this](std::string_view key) -> Result<std::string> {
              const auto at = state.find(std::string{key});
              return at == state.end() ? std::string{} : at->second;
            },
            .most_bytes = 0};
  }
  void keep(CorrelationChanges changes) {
    for (auto& told : changes.cases) {
      rows.push_back(std::move(told.row));
    }
    for (auto& finding : changes.findings) {
      findings.push_back(finding.kind + ": " + finding.text);
    }
    for (auto& change : changes.state) {
      state.erase(change.key);
      if (!change.value.empty()) {
        state.emplace(change.key, std::move(change.value));
      }
    }
    correlator_.make_room();
  }

  Correlator correlator_;
  DateTime now_ = noon + Ticks{std::chrono::hours{6}};
};

} // namespace sluice::relevance

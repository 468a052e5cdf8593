// SPDX-License-Identifier: Apache-2.0
#include "story_judge.hpp"

#include <set>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "arrivals.hpp"
#include "base/check.hpp"
#include "relevance/cases/case_row.hpp"
#include "relevance/cases/case_text.hpp"

namespace sluice::cases {

CaseTable::CaseTable(relevance::CaseRules rules)
    : rules_{std::move(rules)},
      correlator_{rules_, little_room()} {}

auto CaseTable::little_room() -> relevance::StateRoom {
  constexpr std::size_t most_bytes = std::size_t{64} * 1024;
  return {.read = [this](std::string_view key) -> Result<std::string> {
            const auto at = state_.find(std::string{key});
            return at == state_.end() ? std::string{} : at->second;
          },
          .most_bytes = most_bytes};
}

void CaseTable::restart() {
  correlator_ = relevance::Correlator{rules_, little_room()};
  for (const auto& [key, value] : state_) {
    CHECK(correlator_.restore(key, value));
  }
}

void CaseTable::take(const std::string& record, DateTime available) {
  intake_.begin(correlator_, {std::string{tenant}, available});
  CHECK(intake_.feed(record));
  CHECK(intake_.finish());
  keep(correlator_.settle(available).value());
}

void CaseTable::advance(DateTime now) {
  keep(correlator_.advance(now).value());
}

void CaseTable::keep(relevance::CorrelationChanges changes) {
  for (auto& told : changes.cases) {
    ++told_;
    if (told.row.find(R"("Withdrawn":true)") != told.row.npos) {
      newest_.erase(told.case_id);
    } else {
      newest_[told.case_id] = std::move(told.row);
    }
  }
  for (auto& finding : changes.findings) {
    ++findings_[finding.kind];
  }
  for (auto& change : changes.state) {
    if (change.value.empty()) {
      state_.erase(change.key);
    } else {
      state_[change.key] = std::move(change.value);
    }
  }
  correlator_.make_room();
}

auto judge_story(CaseTable& table, const simulator::StoryPlan& plan) -> std::vector<std::string> {
  std::vector<std::string> faults;
  simdjson::dom::parser parser;
  for (const auto& expected : plan.cases()) {
    const auto id =
        relevance::case_id(tenant,
                           relevance::normal_id(expected.alert_id).view(),
                           relevance::normal_investigation_id(expected.investigation_id));
    const auto found = table.newest().find(id);
    const auto fault = [&](const std::string& what) {
      faults.push_back(fmt::format("{} of alert {}: {}", id, expected.alert_id, what));
    };
    if (found == table.newest().end() || expected.outcome.empty()) {
      if ((found == table.newest().end()) != expected.outcome.empty()) {
        fault(expected.outcome.empty() ? "should be none" : "is missing");
      }
      table.forget(id);
      continue;
    }
    const simdjson::dom::object row = parser.parse(found->second).get_object();
    const auto compare = [&](const char* name, std::string_view wanted) {
      std::string_view value;
      const bool there = row[name].get_string().get(value) == simdjson::SUCCESS;
      if ((there ? value : std::string_view{}) != wanted) {
        fault(fmt::format("{} is `{}`, not `{}`", name, value, wanted));
      }
    };
    compare("Outcome", expected.outcome);
    compare("InvestigationStatus", expected.status);
    compare("InvestigationId", expected.investigation_id);
    if (!row["AlertMissing"].get_bool().value()) {
      compare("AlertStatus", expected.alert_status);
    }
    if (row["Processed"].get_bool().value() != expected.processed) {
      fault("Processed is wrong");
    }
    std::set<std::string_view> links;
    simdjson::dom::array array;
    if (row["Links"].get_array().get(array) == simdjson::SUCCESS) {
      for (const auto link : array) {
        links.insert(std::string_view{link});
      }
    }
    if (links != std::set<std::string_view>{expected.links.begin(), expected.links.end()}) {
      fault(fmt::format("Links are {}", simdjson::to_string(row["Links"])));
    }
    table.forget(id);
  }
  return faults;
}

} // namespace sluice::cases

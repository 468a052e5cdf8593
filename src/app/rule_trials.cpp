// SPDX-License-Identifier: Apache-2.0
#include "app/rule_trials.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json_text.hpp"
#include "config/document.hpp"
#include "kql/dynamic.hpp"
#include "record/json_check.hpp"
#include "record/json_text.hpp"
#include "record/record_scanner.hpp"
#include "relevance/cases/case_intake.hpp"
#include "relevance/filter.hpp"

namespace sluice::app {
namespace {

using config::Node;

/// When the records of a test become available: after any that a test would have.
const DateTime available = *parse_iso8601("2100-01-01T00:00:00Z");

auto to_json(const Node& node) -> std::string {
  switch (node.kind) {
  case Node::Kind::null:
    return "null";
  case Node::Kind::scalar:
    return json_quoted(node.text);
  case Node::Kind::sequence:
  case Node::Kind::mapping:
    break;
  }
  const bool is_mapping = node.kind == Node::Kind::mapping;
  std::string out{is_mapping ? '{' : '['};
  for (const auto& child : node.children) {
    out += out.size() > 1 ? "," : "";
    out += is_mapping ? json_quoted(child.key) + ":" : "";
    out += to_json(child);
  }
  return out + (is_mapping ? '}' : ']');
}

/// JSON within a string, as Data and Actions are on the wire.
auto as_text(const Node& node) -> std::string {
  return node.kind == Node::Kind::mapping ? json_quoted(to_json(node)) : to_json(node);
}

auto record_json(const Node& node) -> std::string {
  if (node.kind == Node::Kind::scalar) {
    return node.text;
  }
  std::string out = "{";
  for (const auto& child : node.children) {
    out += (out.size() > 1 ? "," : "") + json_quoted(child.key) + ":";
    if (child.key == "Data") {
      out += as_text(child);
    } else if (child.key == "Actions" && child.kind == Node::Kind::sequence) {
      std::vector<std::string> actions;
      std::ranges::transform(child.children, std::back_inserter(actions), as_text);
      out += fmt::format("[{}]", fmt::join(actions, ","));
    } else {
      out += to_json(child);
    }
  }
  return out + '}';
}

auto id_in(std::string_view record) -> std::string {
  const auto canonical = kql::canonical_json(record);
  return canonical ? kql::json_to_text(kql::json_member(*canonical, "Id")) : std::string{};
}

auto texts_of(const Node& node) -> std::set<std::string> {
  std::set<std::string> texts;
  for (const auto& child : node.children) {
    texts.insert(child.text);
  }
  return texts;
}

/// Whether the row's column says what the test expects of it.
auto fits(std::string_view row, const Node& expected) -> bool {
  const auto value = kql::json_member(row, expected.key);
  if (expected.kind != Node::Kind::sequence) {
    return (value.empty() ? std::string{} : kql::json_to_text(value)) == expected.text;
  }
  std::set<std::string> texts;
  for (kql::JsonItems item{value}; item.next();) {
    texts.insert(kql::json_to_text(item.value()));
  }
  return texts == texts_of(expected);
}

class RuleTrial {
public:
  RuleTrial(const relevance::RuleSet& rules, const relevance::CaseRules& case_rules)
      : rules_{rules},
        correlator_{case_rules} {}

  auto run(const Node& test) -> Result<RuleTrialOutcome> {
    if (const auto* name = test.find("name")) {
      outcome_.name = name->text;
    }
    if (const auto* records = test.find("records")) {
      for (const auto& record : records->children) {
        TRY_DO(take(record_json(record), record));
      }
    }
    keep(correlator_.settle(available).value()); // It reads no states.
    // Whatever waits for records that never come has waited long enough.
    keep(correlator_.advance(available + Ticks{std::chrono::hours{24 * 8}}).value());
    if (const auto* kept = test.find("kept")) {
      compare_kept(texts_of(*kept));
    }
    if (const auto* cases = test.find("cases")) {
      compare_cases(*cases);
    }
    return std::move(outcome_);
  }

private:
  auto take(const std::string& record, const Node& at) -> Result<> {
    if (const auto fault = record::json_fault(record::trimmed(record)); !fault.empty()) {
      return Error{ErrorKind::invalid_input,
                   fmt::format("line {}: the record is not JSON: {}", at.place.line, fault)};
    }
    std::string kept;
    relevance::Filter filter{rules_,
                             [&](std::string_view lines) -> Result<> {
                               kept += lines;
                               return {};
                             },
                             [](const record::BadRecord&) {}};
    TRY_DO(filter.feed(record));
    TRY_DO(filter.finish());
    if (kept.empty()) {
      return {};
    }
    kept_.insert(id_in(kept));
    intake_.begin(correlator_, {{}, available});
    TRY_DO(intake_.feed(kept));
    TRY_DO(intake_.finish());
    keep(correlator_.settle(available).value()); // It reads no states.
    return {};
  }

  void keep(relevance::CorrelationChanges changes) {
    for (const auto& told : changes.cases) {
      const auto row = kql::canonical_json(told.row).value_or("{}");
      if (kql::json_member(row, "Withdrawn") == "true") {
        cases_.erase(told.case_id);
      } else {
        cases_[told.case_id] = row;
      }
    }
  }

  void compare_kept(const std::set<std::string>& expected) {
    for (const auto& id : expected) {
      if (!kept_.contains(id)) {
        outcome_.faults.push_back(fmt::format("record {} is not kept", id));
      }
    }
    for (const auto& id : kept_) {
      if (!expected.contains(id)) {
        outcome_.faults.push_back(fmt::format("record {} is kept", id));
      }
    }
  }

  void compare_cases(const Node& expected) {
    if (expected.children.size() != cases_.size()) {
      outcome_.faults.push_back(
          fmt::format("{} cases, not {}", cases_.size(), expected.children.size()));
    }
    for (const auto& wanted : expected.children) {
      compare_case(wanted);
    }
  }

  /// The case that fits best is the one that was meant.
  void compare_case(const Node& wanted) {
    const std::string* best = nullptr;
    std::vector<std::string> fewest;
    for (const auto& [id, row] : cases_) {
      std::vector<std::string> faults;
      for (const auto& column : wanted.children) {
        if (!fits(row, column)) {
          faults.push_back(fmt::format("line {}: {} of {} is {}",
                                       column.key_place.line,
                                       column.key,
                                       id,
                                       shown(kql::json_member(row, column.key))));
        }
      }
      if (best == nullptr || faults.size() < fewest.size()) {
        best = &row;
        fewest = std::move(faults);
      }
    }
    std::ranges::move(fewest, std::back_inserter(outcome_.faults));
  }

  static auto shown(std::string_view value) -> std::string {
    return value.empty() ? std::string{"not there"} : std::string{value};
  }

  const relevance::RuleSet& rules_;
  relevance::Correlator correlator_;
  relevance::CaseIntake intake_;
  std::set<std::string> kept_;
  std::map<std::string, std::string> cases_;
  RuleTrialOutcome outcome_;
};

/// What cannot be a test, before any is run.
void check_form(const Node& document, config::Diagnostics& diagnostics) {
  const auto* tests = document.find("tests");
  if (tests == nullptr || tests->kind != Node::Kind::sequence) {
    diagnostics.push_back(
        {document.place, "a file of rules tests has a list `tests`", "tests: [{name: ...}]"});
    return;
  }
  static const std::set<std::string> known{"name", "records", "kept", "cases"};
  for (const auto& test : tests->children) {
    if (test.kind != Node::Kind::mapping || test.find("name") == nullptr ||
        test.find("records") == nullptr) {
      diagnostics.push_back({test.place, "a test has a `name` and `records`", ""});
    }
    for (const auto& part : test.children) {
      if (!known.contains(part.key)) {
        diagnostics.push_back({part.key_place,
                               fmt::format("a test has no `{}`", part.key),
                               "it has name, records, kept and cases"});
      } else if (part.key != "name" && part.kind != Node::Kind::sequence) {
        diagnostics.push_back({part.key_place, fmt::format("`{}` is a list", part.key), ""});
      }
    }
  }
}

} // namespace

auto run_rule_trials(std::string_view text,
                     std::string_view file,
                     const relevance::RuleSet& rules,
                     const relevance::CaseRules& case_rules)
    -> Result<std::vector<RuleTrialOutcome>> {
  config::Diagnostics diagnostics;
  const auto document = config::read_document(text, diagnostics);
  if (document) {
    check_form(*document, diagnostics);
  }
  if (!diagnostics.empty()) {
    return Error{ErrorKind::invalid_input, config::render(diagnostics, text, file)};
  }
  std::vector<RuleTrialOutcome> outcomes;
  for (const auto& test : document->find("tests")->children) {
    TRY(auto outcome, RuleTrial(rules, case_rules).run(test).while_doing(file));
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

} // namespace sluice::app

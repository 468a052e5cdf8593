// SPDX-License-Identifier: Apache-2.0
#include "relevance/rule_set.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/check.hpp"
#include "kql/compile.hpp"
#include "record/columns.hpp"
#include "relevance/record_row.hpp"

namespace sluice::relevance {

struct RuleSet::Compiled {
  std::vector<Rule> rules = {};
  std::vector<kql::Predicate> predicates = {};
  std::vector<std::size_t> columns = {}; ///< Of the schema; one for each field.
  std::vector<std::string> fields = {};
  std::vector<std::string> content_types = {};
};

namespace {

template <class T>
void add_once(std::vector<T>& to, const T& value) {
  if (std::ranges::find(to, value) == to.end()) {
    to.push_back(value);
  }
}

} // namespace

class RuleSet::Matcher::Row {
public:
  explicit Row(std::span<const std::size_t> columns) : row{columns} {}
  RecordRow row;
};

RuleSet::RuleSet() : compiled_{std::make_unique<const Compiled>(Compiled{.fields = {"Id"}})} {}
RuleSet::RuleSet(RuleSet&&) noexcept = default;
auto RuleSet::operator=(RuleSet&&) noexcept -> RuleSet& = default;
RuleSet::~RuleSet() = default;

auto RuleSet::compile(std::vector<Rule> rules, DateTime now) -> Result<RuleSet> {
  Compiled compiled;
  compiled.columns.push_back(*record::column_index("Id"));
  std::string mistakes;
  for (const auto& rule : rules) {
    auto predicate =
        kql::compile_predicate(rule.where, rule_schema(), {.now = now, .missing_is_unknown = true});
    if (!predicate) {
      mistakes += kql::render(predicate.error(), rule.where, rule.name);
      continue;
    }
    for (const auto column : predicate->columns_used()) {
      if (column < additional_fields_index()) {
        add_once(compiled.columns, column);
      }
    }
    for (const auto& type : rule.content_types) {
      add_once(compiled.content_types, type);
    }
    if (rule.content_types.empty()) {
      add_once(compiled.content_types, std::string{"Audit.General"});
    }
    compiled.predicates.push_back(std::move(*predicate));
  }
  if (!mistakes.empty()) {
    return Error{ErrorKind::invalid_input, std::move(mistakes)};
  }
  if (compiled.columns.size() > record::RecordScanner::max_wanted) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("the rules read {} different fields, more than {}",
                             compiled.columns.size(),
                             record::RecordScanner::max_wanted)};
  }
  for (const auto column : compiled.columns) {
    compiled.fields.push_back(rule_schema().columns[column].name);
  }
  compiled.rules = std::move(rules);
  RuleSet set;
  set.compiled_ = std::make_unique<const Compiled>(std::move(compiled));
  return set;
}

auto RuleSet::rules() const noexcept -> std::span<const Rule> {
  return compiled_->rules;
}

auto RuleSet::fields() const noexcept -> const std::vector<std::string>& {
  return compiled_->fields;
}

auto RuleSet::content_types() const noexcept -> const std::vector<std::string>& {
  return compiled_->content_types;
}

RuleSet::Matcher::Matcher(const RuleSet& rules)
    : rules_{&rules},
      row_{std::make_unique<Row>(rules.compiled_->columns)},
      counts_(rules.rules().size(), 0) {}
RuleSet::Matcher::Matcher(Matcher&&) noexcept = default;
auto RuleSet::Matcher::operator=(Matcher&&) noexcept -> Matcher& = default;
RuleSet::Matcher::~Matcher() = default;

auto RuleSet::Matcher::keeps(const record::ScannedRecord& record) -> bool {
  kept_by_.clear();
  row_->row.show(record);
  const auto& predicates = rules_->compiled_->predicates;
  for (std::size_t rule = 0; rule < predicates.size(); ++rule) {
    if (predicates[rule].matches(row_->row)) {
      kept_by_.push_back(rule);
      ++counts_[rule];
    }
  }
  return !kept_by_.empty();
}

auto RuleSet::Matcher::kept_by() const noexcept -> std::span<const std::size_t> {
  return kept_by_;
}

auto RuleSet::Matcher::counts() const noexcept -> std::span<const std::uint64_t> {
  return counts_;
}

} // namespace sluice::relevance

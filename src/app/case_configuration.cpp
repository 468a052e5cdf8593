// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/components.hpp"
#include "relevance/cases/case_text.hpp"

namespace sluice::app {
namespace {

/// Takes the statuses out of all lists and puts them in theirs.
void move_statuses(std::vector<std::string> statuses,
                   std::vector<std::string>& to,
                   const std::array<std::vector<std::string>*, 4>& lists) {
  for (auto& status : statuses) {
    const auto normal = relevance::normal_status(status);
    for (auto* list : lists) {
      std::erase_if(*list, [&](const std::string& known) {
        return relevance::normal_status(known) == normal;
      });
    }
    to.push_back(std::move(status));
  }
}

auto statuses_of(const config::CaseStatuses& given) -> relevance::StatusLists {
  auto lists = relevance::known_statuses();
  const std::array all{&lists.in_progress, &lists.awaiting_action, &lists.finished, &lists.aborted};
  move_statuses(given.in_progress, lists.in_progress, all);
  move_statuses(given.awaiting_action, lists.awaiting_action, all);
  move_statuses(given.finished, lists.finished, all);
  move_statuses(given.aborted, lists.aborted, all);
  return lists;
}

auto kind_of(const config::CaseKind& kind) -> Result<relevance::CaseKind> {
  if (kind.ready.empty()) {
    return relevance::CaseKind{.name = kind.name,
                               .policies = kind.policies,
                               .investigation_types = kind.investigation_types,
                               .names = kind.names,
                               .excluded_names = kind.excluded_names};
  }
  if (const auto* ready = relevance::find_ready_case_kind(kind.ready)) {
    return *ready;
  }
  std::vector<std::string> names;
  for (const auto& ready : relevance::ready_case_kinds()) {
    names.push_back(ready.name);
  }
  return Error{
      ErrorKind::invalid_input,
      fmt::format("line {}: there is no ready kind of case `{}`", kind.place.line, kind.ready)}
      .with_hint(fmt::format("the ready ones are {}", fmt::join(names, ", ")));
}

} // namespace

auto case_rules(const config::Config& config) -> Result<relevance::CaseRules> {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  const auto& given = config.cases;
  relevance::CaseOptions options{.kinds = {},
                                 .statuses = statuses_of(given.statuses),
                                 .aborted = given.tell_aborted,
                                 .horizon = duration_cast<std::chrono::hours>(given.horizon),
                                 .alert_grace = duration_cast<seconds>(given.alert_grace),
                                 .investigation_grace =
                                     duration_cast<seconds>(given.investigation_grace),
                                 .most_open = static_cast<std::size_t>(given.max_open)};
  for (const auto& kind : given.kinds) {
    TRY(auto made, kind_of(kind));
    options.kinds.push_back(std::move(made));
  }
  return relevance::CaseRules::create(std::move(options));
}

} // namespace sluice::app

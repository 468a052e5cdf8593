// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/case_rules.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/check.hpp"
#include "relevance/cases/case_text.hpp"

namespace sluice::relevance {
namespace {

constexpr std::chrono::hours least_horizon{24 * 9};

/// Types without blanks and case, whole and as the service cuts them in ids.
auto normal_types(const std::vector<std::string>& types) -> std::set<std::string> {
  constexpr std::size_t in_ids = 24;
  std::set<std::string> all;
  for (const auto& type : types) {
    all.insert(normal_status(type));
    all.insert(normal_status(std::string_view{type}.substr(0, in_ids)));
  }
  all.erase("");
  return all;
}

auto normalised(const std::vector<std::string>& texts, auto normal) -> std::set<std::string> {
  std::set<std::string> all;
  for (const auto& text : texts) {
    if (std::string made{normal(text)}; !made.empty()) {
      all.insert(std::move(made));
    }
  }
  return all;
}

/// The least of those found that is wanted; empty when none is.
auto first_common(const CaseTraits::Sets& found, const std::set<std::string>& wanted)
    -> std::string_view {
  std::string_view least;
  for (const auto* some : found) {
    if (some == nullptr) {
      continue;
    }
    const auto at =
        std::ranges::find_if(*some, [&](const auto& each) { return wanted.contains(each); });
    if (at != some->end() && (least.empty() || *at < least)) {
      least = *at;
    }
  }
  return least;
}

} // namespace

auto known_statuses() -> const StatusLists& {
  static const StatusLists lists{
      .in_progress = {"Investigation Started", "Starting", "Queued by Throttling", "Running"},
      .awaiting_action = {"Pending Action"},
      .finished = {"No threats found",
                   "Threats Found",
                   "Partially Investigated",
                   "Remediated",
                   "Fully Remediated",
                   "Partially Remediated"},
      .aborted = {
          "Failed", "Terminated by System", "Terminated By User", "Terminated by throttling"}};
  return lists;
}

auto ready_case_kinds() -> std::span<const CaseKind> {
  static const std::vector<CaseKind> kinds{
      {.name = "user_reported_phishing",
       .description = "Messages that users reported as phishing or malware",
       .policies = {"b26a5770-0c38-434a-9380-3a3c2c27bbb3"},
       .investigation_types = {"SubmissionInvestigation", "User-Reported Messages"},
       .names = {"Email reported by user as malware or phish"},
       .excluded_names = {"Email reported by user as junk", "Email reported by user as not junk"}},
      {.name = "malicious_url_click",
       .description = "Clicks on addresses that turned out to be malicious",
       .policies = {"a74bb32a-541b-47fb-adfd-f8c62ce3d59b", "5453b67e-6c81-4a46-b96c-08d97b58d4ac"},
       .investigation_types = {"UrlInvestigation",
                               "UrlVerdictChangeInvestigation",
                               "Url Verdict Change"},
       .names = {"A potentially malicious URL click was detected",
                 "A user clicked through to a potentially malicious URL"}},
      {.name = "zap_removals",
       .description = "Messages that were removed after they had been delivered",
       .policies = {"8e6ba277-ef39-404e-aaf1-294f6d9a2b88",
                    "4b1820ec-39dc-45f3-abf6-5ee80df51fd2",
                    "c8522cbb-9368-4e25-4ee9-08d8d899dfab",
                    "b8f6b088-5487-4c70-037c-08d8d71a43fe"},
       .investigation_types = {"ZappedUrlInvestigation",
                               "ZappedFileInvestigation",
                               "ZappedEmailInvestigation",
                               "Zapped Malware",
                               "Zapped Phish"},
       .names = {"Email messages containing malicious URL removed after delivery",
                 "Email messages containing malicious file removed after delivery",
                 "Email messages from a campaign removed after delivery",
                 "Email messages removed after delivery"}},
      {.name = "admin_submission",
       .description = "Messages that administrators submitted for analysis",
       .policies = {"ae9b83dd-6039-4ea9-b675-6b0ac3bf4a41"},
       .names = {"Admin submission result completed"}}};
  return kinds;
}

auto find_ready_case_kind(std::string_view name) -> const CaseKind* {
  const auto at = std::ranges::find(ready_case_kinds(), name, &CaseKind::name);
  return at == ready_case_kinds().end() ? nullptr : &*at;
}

CaseRules::CaseRules() {
  auto made = create({});
  CHECK(made.has_value());
  *this = *std::move(made);
}

auto CaseRules::create(CaseOptions options) -> Result<CaseRules> {
  CaseRules rules{std::move(options)};
  for (const auto& kind : rules.options_.kinds) {
    const bool repeated =
        std::ranges::find(rules.kinds_, kind.name, &NormalKind::name) != rules.kinds_.end();
    if (kind.name.empty() || repeated) {
      return Error{ErrorKind::invalid_input,
                   kind.name.empty() ? std::string{"a kind of case needs a name"}
                                     : fmt::format("two kinds of case are called {}", kind.name)};
    }
    rules.kinds_.push_back(
        {.name = kind.name,
         .policies =
             normalised(kind.policies, [](std::string_view id) { return normal_id(id).text(); }),
         .types = normal_types(kind.investigation_types),
         .names = normalised(kind.names, normal_name),
         .excluded = normalised(kind.excluded_names, normal_name)});
    const auto& made = rules.kinds_.back();
    if (made.policies.empty() && made.types.empty() && made.names.empty()) {
      return Error{ErrorKind::invalid_input,
                   fmt::format("nothing says what cases of kind {} are known by", kind.name)}
          .with_hint("give it policies, investigation_types or names");
    }
  }
  const auto& lists = rules.options_.statuses;
  for (const auto& [list, status_class] :
       {std::pair{&lists.in_progress, StatusClass::in_progress},
        std::pair{&lists.awaiting_action, StatusClass::awaiting_action},
        std::pair{&lists.finished, StatusClass::finished},
        std::pair{&lists.aborted, StatusClass::aborted}}) {
    for (const auto& status : *list) {
      const auto [at, added] = rules.statuses_.try_emplace(normal_status(status), status_class);
      if (!added && at->second != status_class) {
        return Error{ErrorKind::invalid_input,
                     fmt::format("the status `{}` is in two lists", status)};
      }
    }
  }
  if (rules.options_.horizon < least_horizon) {
    return Error{ErrorKind::invalid_input, "cases must be kept for at least nine days"};
  }
  return rules;
}

auto CaseRules::class_of(std::string_view status) const -> StatusClass {
  const auto at = statuses_.find(status);
  return at == statuses_.end() ? StatusClass::unknown : at->second;
}

auto CaseRules::identify(const CaseTraits& traits) const -> std::optional<CaseIdentity> {
  for (const auto& kind : kinds_) {
    if (const auto policy = first_common(traits.policies, kind.policies); !policy.empty()) {
      return CaseIdentity{kind.name, "policy", std::string{policy}};
    }
  }
  const auto fits = [&](const NormalKind& kind) {
    return first_common(traits.names, kind.excluded).empty();
  };
  for (const auto& kind : kinds_) {
    if (const auto type = first_common(traits.types, kind.types); !type.empty() && fits(kind)) {
      return CaseIdentity{kind.name, "investigation_type", std::string{type}};
    }
  }
  for (const auto& kind : kinds_) {
    if (const auto name = first_common(traits.names, kind.names); !name.empty() && fits(kind)) {
      return CaseIdentity{kind.name, "name", std::string{name}};
    }
  }
  return std::nullopt;
}

auto name_of(StatusClass status) noexcept -> std::string_view {
  switch (status) {
  case StatusClass::in_progress:
    return "in_progress";
  case StatusClass::awaiting_action:
    return "awaiting_action";
  case StatusClass::finished:
    return "finished";
  case StatusClass::aborted:
    return "aborted";
  case StatusClass::unknown:
    break;
  }
  return "unknown";
}

} // namespace sluice::relevance

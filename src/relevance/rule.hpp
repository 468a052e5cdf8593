// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::relevance {

/// One reason to keep a record.
struct Rule {
  std::string name; ///< Stable: counts and logs go by it.
  std::string description = {};
  /// A KQL condition over the columns of the wide table: `RecordType == 40 and Severity == "High"`.
  std::string where;
  /// Where the records it is about come from, by their names on the wire. Empty: Audit.General.
  std::vector<std::string> content_types = {};
};

/// Rules that come with the program and are chosen by one name.
struct ReadyRules {
  std::string name;
  std::string description;
  std::vector<Rule> rules;
};

/// All of them; the first is the default.
[[nodiscard]] auto ready_rules() -> std::span<const ReadyRules>;

/// Null when there is none of that name.
[[nodiscard]] auto find_ready_rules(std::string_view name) -> const ReadyRules*;

/// Their names with commas between them, for messages.
[[nodiscard]] auto ready_rule_names() -> std::string;

} // namespace sluice::relevance

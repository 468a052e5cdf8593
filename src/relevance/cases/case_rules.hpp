// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "relevance/cases/reused.hpp"

namespace sluice::relevance {

/// What a kind of case is known by. The first that fits decides, in the order of the members.
struct CaseKind {
  std::string name;
  std::string description = {};
  /// GUIDs of alert policies. Those of built-in policies are the same all over the world.
  std::vector<std::string> policies = {};
  /// InvestigationType on the wire or as documented; also what follows `urn:` in InvestigationId.
  std::vector<std::string> investigation_types = {};
  /// Names of alert policies, without regard to letter case and unseen characters.
  std::vector<std::string> names = {};
  /// Alerts of these names are of another kind, unless the policy says otherwise.
  std::vector<std::string> excluded_names = {};
};

/// How far an investigation is, by what its status says.
enum class StatusClass : std::uint8_t {
  in_progress,
  awaiting_action, ///< Analysed; a person has to approve. Processed.
  finished,        ///< A verdict was reached. Processed.
  aborted,         ///< Given up. Not processed.
  unknown,         ///< A status that nobody told us about: kept and reported, never guessed.
};

/// Statuses in words; case, blanks and punctuation do not matter.
struct StatusLists {
  std::vector<std::string> in_progress;
  std::vector<std::string> awaiting_action;
  std::vector<std::string> finished;
  std::vector<std::string> aborted;
};

/// Those that are documented or were observed.
[[nodiscard]] auto known_statuses() -> const StatusLists&;

/// Kinds that come with the program and are chosen by name.
[[nodiscard]] auto ready_case_kinds() -> std::span<const CaseKind>;
/// Null when there is none of that name.
[[nodiscard]] auto find_ready_case_kind(std::string_view name) -> const CaseKind*;

struct CaseOptions {
  std::vector<CaseKind> kinds = {ready_case_kinds().front()};
  StatusLists statuses = known_statuses();
  /// Whether an investigation that was given up makes a case (Outcome Aborted, not processed).
  bool aborted = true;
  /// How long state is kept after the last record about it. A pending action waits for a week, and
  /// the service keeps contents for a week (both documented): at least nine days.
  std::chrono::hours horizon{24 * 9};
  /// How long a case waits for the records of its alert before it is told without them.
  std::chrono::seconds alert_grace{std::chrono::hours{1}};
  /// How long an alert that is resolved with a link to an investigation waits for the
  /// investigation's own records.
  std::chrono::seconds investigation_grace{std::chrono::hours{24}};
  /// Alerts and investigations held at once; beyond it the oldest are given up early, and reported.
  std::size_t most_open = 1'000'000;
};

/// What identified a case.
struct CaseIdentity {
  std::string kind;
  std::string by;    ///< `policy`, `investigation_type` or `name`.
  std::string value; ///< The GUID, type or name that fitted.
};

/// The traits of an alert and its investigation that can identify a case. Normalised; null for
/// none.
struct CaseTraits {
  using Sets = std::array<const ReusedSet<std::string>*, 2>;
  Sets policies = {};
  Sets types = {};
  Sets names = {};
};

/// `CaseOptions`, checked and ready to be asked.
///
/// Threads: any, once made.
class CaseRules {
public:
  /// The defaults.
  CaseRules();
  /// Errors: invalid_input when a kind has no name or nothing to be known by, two have one name, a
  /// status is in two lists, or a horizon is shorter than nine days.
  [[nodiscard]] static auto create(CaseOptions options) -> Result<CaseRules>;

  [[nodiscard]] auto options() const noexcept -> const CaseOptions& { return options_; }
  /// `status` as `normal_status` makes it.
  [[nodiscard]] auto class_of(std::string_view status) const -> StatusClass;
  /// The first kind that fits by policy, else by type, else by name.
  [[nodiscard]] auto identify(const CaseTraits& traits) const -> std::optional<CaseIdentity>;

private:
  explicit CaseRules(CaseOptions options) : options_{std::move(options)} {}

  struct NormalKind {
    std::string name;
    std::set<std::string> policies;
    std::set<std::string> types;
    std::set<std::string> names;
    std::set<std::string> excluded;
  };

  CaseOptions options_;
  std::vector<NormalKind> kinds_;
  std::map<std::string, StatusClass, std::less<>> statuses_;
};

/// `"finished"` for `StatusClass::finished`.
[[nodiscard]] auto name_of(StatusClass status) noexcept -> std::string_view;

} // namespace sluice::relevance

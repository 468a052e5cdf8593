// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "relevance/cases/case_facts.hpp"
#include "relevance/cases/case_rules.hpp"

/// What is known about alerts and investigations while cases may still come of them.
///
/// Everything that records put here is merged so that neither their order nor repetition matters:
/// the newest word of each kind, the earliest of others, and sets that only grow. Sets are bounded
/// by keeping the smallest members, which does not depend on the order either. So whatever is
/// computed from the state is the same for every order in which the same records came.
namespace sluice::relevance {

/// A value and who said it.
template <class T>
struct Said {
  Stamp stamp{};
  T value{};

  friend auto operator<=>(const Said&, const Said&) = default;
  [[nodiscard]] auto there() const -> bool { return !stamp.record.empty(); }
  static void each(auto& self, auto&& visit) { visit(self.stamp, self.value); }
};

/// Keeps the newer of the two; of two with one stamp the greater value. True when that changed it;
/// what was kept before is in `value` then, so that the next record is read into its memory.
template <class T>
auto keep_latest(Said<T>& kept, const Stamp& stamp, std::type_identity_t<T>&& value) -> bool {
  if (kept.there() && std::tie(stamp, value) <= std::tie(kept.stamp, kept.value)) {
    return false;
  }
  kept.stamp = stamp;
  std::swap(kept.value, value);
  return true;
}

template <class T>
auto keep_earliest(Said<T>& kept, const Stamp& stamp, std::type_identity_t<T> value) -> bool {
  if (kept.there() && std::tie(stamp, value) >= std::tie(kept.stamp, kept.value)) {
    return false;
  }
  kept.stamp = stamp;
  kept.value = std::move(value);
  return true;
}

/// Which records tie an alert and an investigation together.
enum class LinkKind : std::uint8_t {
  provider_alert_id, ///< Data.ProviderAlertId of the investigation.
  related_alert_ids, ///< RelatedAlertIds of an action.
  ail,               ///< The link in Data of an updated alert.
  extended_link,     ///< ExtendedLinks in Data of the investigation.
  message,           ///< The same message and person; only when nothing else ties either of them.
};
inline constexpr std::size_t link_kinds = 5;
/// `"provider_alert_id"` and so on.
[[nodiscard]] auto name_of(LinkKind kind) noexcept -> std::string_view;

/// When a record said something.
struct Witness {
  std::int64_t created = 0;
  std::string record;

  friend auto operator<=>(const Witness&, const Witness&) = default;
  [[nodiscard]] auto there() const -> bool { return !record.empty(); }
  static void each(auto& self, auto&& visit) { visit(self.created, self.record); }
};
auto keep_earliest(Witness& kept, const Stamp& said) -> bool;

/// What ties an investigation to one alert: the earliest record of each kind (none for `message`,
/// which is found, not said), and the earliest that proves that the investigation has ended the
/// alert: resolved or dismissed with the link.
struct Link {
  std::array<Witness, link_kinds - 1> witnesses;
  Witness proof;

  [[nodiscard]] auto has(LinkKind kind) const -> bool {
    return witnesses.at(static_cast<std::size_t>(kind)).there();
  }
  static void each(auto& self, auto&& visit) {
    visit(self.witnesses[0], self.witnesses[1], self.witnesses[2], self.witnesses[3], self.proof);
  }
};

/// All that is known about one alert.
struct AlertState {
  std::string organization;
  std::string id;
  Said<AlertText> updated;      ///< The newest AlertUpdated.
  Said<AlertText> told;         ///< The newest other record.
  Said<std::int64_t> triggered; ///< The first AlertTriggered; the start of its window.
  Witness first;                ///< The first record of any kind.
  ReusedSet<std::string> users;
  ReusedMap<Said<ReportedEntity>> entities; ///< By entity id.
  ReusedSet<std::string> policies;
  ReusedSet<std::string> names; ///< `normal_name`.
  std::int64_t touched = 0;     ///< When the last record that changed it became available.

  static void each(auto& self, auto&& visit) {
    visit(self.organization,
          self.id,
          self.updated,
          self.told,
          self.triggered,
          self.first,
          self.users,
          self.entities,
          self.policies,
          self.names,
          self.touched);
  }
};

/// All that is known about one investigation. One without a `head` is only named by alerts.
struct InvestigationState {
  std::string organization;
  std::string id;     ///< `normal_investigation_id`.
  std::string linked; ///< As links of alerts write it; for when no record tells.
  Said<InvestigationHead> head;
  Said<InvestigationData> data;          ///< The newest record that had Data.
  Said<ReusedList<CaseAction>> actions;  ///< The newest record that had actions.
  ReusedMap<Said<std::string>> statuses; ///< By `normal_status`: the first of each.
  ReusedMap<Link> links;                 ///< By alert id.
  ReusedSet<std::string> types;          ///< `normal_status` of types.
  ReusedSet<std::string> policies;
  ReusedSet<std::string> names;
  std::int64_t touched = 0;
  /// What was last told of each alert's case: the fingerprint of its row.
  ReusedMap<std::uint64_t> told;
  /// Since when a case that could be told waits for missing records.
  ReusedMap<std::int64_t> waiting;

  static void each(auto& self, auto&& visit) {
    visit(self.organization,
          self.id,
          self.linked,
          self.head,
          self.data,
          self.actions,
          self.statuses,
          self.links,
          self.types,
          self.policies,
          self.names,
          self.touched,
          self.told,
          self.waiting);
  }
};

/// What a record changed of what is known about an alert.
struct AlertChange {
  bool any = false;
  bool reports = false; ///< Its `entities`, too.
};
/// Merge what a record says into the state: whether the state knows more than before.
auto merge(AlertState& state, AlertFacts&& facts) -> AlertChange;
auto merge(InvestigationState& state, InvestigationFacts&& facts) -> bool;
/// An alert's link to an investigation.
auto merge_link(InvestigationState& state, const AlertFacts& facts) -> bool;

/// Whether the alert's report and the investigation are about one message and one person within a
/// quarter of an hour.
[[nodiscard]] auto about_one_message(const AlertState& alert,
                                     const InvestigationState& investigation) -> bool;
/// The ids of the reported messages, `normal_id`, in order.
[[nodiscard]] auto message_ids(const AlertState& alert) -> std::vector<std::string>;

} // namespace sluice::relevance

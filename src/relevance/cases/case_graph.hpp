// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "relevance/cases/case_state.hpp"

/// Private to this library: the states of alerts and investigations with the ways between them.
namespace sluice::relevance {

/// An alert or an investigation: one letter, the organization and the id. Also the key of its
/// state where it is kept.
[[nodiscard]] auto alert_key(std::string_view organization, std::string_view id) -> std::string;
[[nodiscard]] auto investigation_key(std::string_view organization, std::string_view id)
    -> std::string;
[[nodiscard]] auto is_alert_key(std::string_view key) -> bool;

/// Holds the states and finds, for each, what it is tied to: by id, and by message.
///
/// Use:     change a state only between `detach` and `attach` of its key.
/// Threads: one at a time.
class CaseGraph {
public:
  using Alerts = std::unordered_map<std::string, AlertState>;
  using Investigations = std::unordered_map<std::string, InvestigationState>;

  /// The state of that key, made when there is none.
  [[nodiscard]] auto alert(const std::string& organization, const std::string& id) -> AlertState&;
  [[nodiscard]] auto investigation(const std::string& organization, const std::string& id)
      -> InvestigationState&;
  /// Null when there is none.
  [[nodiscard]] auto find_alert(const std::string& key) const -> const AlertState*;
  [[nodiscard]] auto find_investigation(const std::string& key) const -> const InvestigationState*;
  [[nodiscard]] auto find_investigation(const std::string& key) -> InvestigationState*;

  /// Takes the state out of the indexes, and puts it in as it is now.
  void detach(const std::string& key);
  void attach(const std::string& key);
  /// Forgets the state. It must be detached.
  void erase(const std::string& key);

  [[nodiscard]] auto size() const noexcept -> std::size_t {
    return alerts_.size() + investigations_.size();
  }
  /// The key that was touched least lately; empty when there is nothing.
  [[nodiscard]] auto oldest() const -> std::string;
  [[nodiscard]] auto touched(const std::string& key) const -> std::int64_t;
  void set_touched(const std::string& key, std::int64_t touched);
  /// Whether a record ties the alert to any investigation.
  [[nodiscard]] auto has_investigation(const std::string& alert) const -> bool;

  /// Ids of the alerts that nothing but the message ties to an investigation: none unless the
  /// investigation names no alert; no alert that has an investigation by its id. At most 64, the
  /// smallest ids.
  [[nodiscard]] auto alerts_by_message(const InvestigationState& state) const
      -> std::vector<std::string>;

  /// The investigations whose cases may look different when the state of `key` changes.
  void add_affected(const std::string& key, std::set<std::string>& investigations) const;
  /// Everything that is tied to `key`, directly or not, itself included.
  [[nodiscard]] auto component(const std::string& key) const -> std::vector<std::string>;

private:
  using Index = std::unordered_map<std::string, std::set<std::string>>;

  void index_messages(const std::string& key, bool in);
  void index_links(const InvestigationState& state, const std::string& key, bool in);
  [[nodiscard]] auto message_keys(const std::string& key) const -> std::vector<std::string>;

  Alerts alerts_;
  Investigations investigations_;
  Index investigations_of_alert_; ///< By alert key: those that a record ties to it.
  Index alerts_of_message_;
  Index investigations_of_message_;
  std::set<std::pair<std::int64_t, std::string>> by_age_;
};

} // namespace sluice::relevance

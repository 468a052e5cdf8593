// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relevance/cases/case_state.hpp"
#include "relevance/cases/node_index.hpp"
#include "relevance/cases/packed_states.hpp"
#include "relevance/cases/state_shelf.hpp"

/// Private to this library: the states of alerts and investigations with the ways between them.
namespace sluice::relevance {

/// An alert or an investigation: one letter, the organization and the id. Also the key of its
/// state where it is kept.
[[nodiscard]] auto alert_key(std::string_view organization, std::string_view id) -> std::string;
[[nodiscard]] auto investigation_key(std::string_view organization, std::string_view id)
    -> std::string;
[[nodiscard]] auto is_alert_key(std::string_view key) -> bool;

/// What an alert and an investigation have in common in the graph.
struct CaseNode {
  std::string own_key;
  std::size_t organization_bytes = 0; ///< Of the organization within the key.
  PackedState packed;
  std::int64_t touched = 0; ///< As in the state.
  std::int64_t age = 0;     ///< By which the graph has it in order: at most `touched`.
  std::vector<std::string>
      messages;            ///< Ids of the messages under which the graph finds it, in order.
  bool is_changed = false; ///< For the holder of the graph.
  bool is_found = false;   ///< While `component` looks for what is tied together.

  [[nodiscard]] auto key() const -> const std::string& { return own_key; }
  [[nodiscard]] auto organization() const -> std::string_view;
  [[nodiscard]] auto id() const -> std::string_view;
};

struct AlertNode : CaseNode {
  std::unique_ptr<AlertState> state; ///< While it is open.
};

struct InvestigationNode : CaseNode {
  std::unique_ptr<InvestigationState> state; ///< While it is open.
  std::vector<std::string> alerts; ///< Ids of the alerts under which the graph finds it, in order.
  bool is_affected = false;        ///< For the holder of the graph.
  bool is_told = false;            ///< Some case of it was told.
};

/// Holds the states and finds, for each, what it is tied to: by id, and by message. Most states lie
/// packed, here or where the `StateRoom` has them; those that records change are open.
///
/// Use:     `open` a state and change it, then `update` its node; in the end `pack` those that
///          changed, `close`, and ask for the `failure`: a state that cannot be read is empty.
/// Threads: one at a time. Nodes stay where they are until they are erased.
class CaseGraph {
public:
  /// Is told an investigation whose cases may look different now.
  using Affected = std::function<void(InvestigationNode&)>;

  explicit CaseGraph(StateRoom room) : packed_{std::move(room)} {}

  /// The node of that alert or investigation, made when there is none.
  [[nodiscard]] auto alert(std::string_view organization, std::string_view id) -> AlertNode&;
  [[nodiscard]] auto investigation(std::string_view organization, std::string_view id)
      -> InvestigationNode&;
  /// Null when there is none.
  [[nodiscard]] auto find_alert(std::string_view organization, std::string_view id) const
      -> AlertNode*;
  [[nodiscard]] auto find_investigation(std::string_view key) -> InvestigationNode*;

  /// The state, to be changed until `close`. That of a new node knows whose it is, no more.
  auto open(AlertNode& node) -> AlertState&;
  auto open(InvestigationNode& node) -> InvestigationState&;
  /// The state, only to be looked at.
  [[nodiscard]] auto read(AlertNode& node) -> StateReading<AlertState>;
  [[nodiscard]] auto read(InvestigationNode& node) -> StateReading<InvestigationState>;
  /// Gives a new node its state.
  void restore(CaseNode& node, std::string_view packed);
  /// Packs a state that is open.
  void pack(CaseNode& node);
  /// Closes all that is open. Changes that were not packed are lost.
  void close();
  /// All states are durable as they are, and closed: some may leave the memory.
  void make_room() { packed_.make_room(); }
  /// Why a state was empty that should not be; asking forgets it.
  [[nodiscard]] auto failure() -> std::optional<Error> { return packed_.failure(); }

  /// Brings the indexes up to the state of the node, which is open. `reports`: whether those of the
  /// alert are others than before. A message counts only while no record ties the alert.
  void update(AlertNode& node, bool reports, const Affected& affected);
  void update(InvestigationNode& node, const Affected& affected);
  /// Sets when the state was touched, and packs it.
  void touch(CaseNode& node, std::int64_t time);
  /// Forgets the state; the node is gone.
  void erase(CaseNode& node);

  [[nodiscard]] auto size() const noexcept -> std::size_t {
    return alerts_.size() + investigations_.size();
  }
  /// What was touched least lately; null when there is nothing.
  [[nodiscard]] auto oldest() -> CaseNode*;
  /// Whether a record ties the alert to any investigation.
  [[nodiscard]] auto has_investigation(const AlertNode& alert) const -> bool;

  /// Ids of the alerts that nothing but the message ties to an investigation: none unless the
  /// investigation names no alert; no alert that has an investigation by its id. At most 64, the
  /// smallest ids.
  [[nodiscard]] auto alerts_by_message(InvestigationNode& node) -> std::vector<std::string>;

  /// Everything that is tied to the node, directly or not, itself included.
  [[nodiscard]] auto component(CaseNode& node) -> std::vector<CaseNode*>;

private:
  template <class Node>
  using Owned = NodeIndex<std::unique_ptr<Node>>;
  template <class Node>
  using Index = NodeIndex<Node*>;
  struct ByAge {
    auto operator()(const CaseNode* a, const CaseNode* b) const -> bool {
      return a->age != b->age ? a->age < b->age : a->key() < b->key();
    }
  };

  /// A key in storage that the next call overwrites: records come by the million.
  [[nodiscard]] auto key_of(char kind, std::string_view organization, std::string_view id) const
      -> const std::string&;
  /// The node of a key, made when there is none.
  template <class Node>
  auto node_of(Owned<Node>& nodes, const std::string& key, std::size_t organization_bytes) -> Node&;

  /// Give `visit` the nodes that are known by an id, each once.
  template <class Visit>
  void each_tied(const AlertNode& alert, const Visit& visit) const;
  template <class Node, class Visit>
  void each_about(const Index<Node>& index,
                  const CaseNode& about,
                  std::string_view message,
                  const Visit& visit) const;

  template <class Node, class Ids>
  auto keep_messages(Node& node, Index<Node>& index, const Ids& ids) -> bool;
  void keep_links(InvestigationNode& node, const Affected& affected);
  void drop_links(InvestigationNode& node);
  /// Tells of the investigations that may be tied to the alert by a message.
  void affect_by_message(const AlertNode& alert, const Affected& affected) const;

  /// The state of a node, unpacked.
  template <class State>
  auto unpacked(CaseNode& node, StateShelf<State>& shelf) -> std::unique_ptr<State>;

  Owned<AlertNode> alerts_;
  Owned<InvestigationNode> investigations_;
  Index<InvestigationNode> investigations_of_alert_; ///< By alert key: those that records tie.
  Index<AlertNode> alerts_of_message_;
  Index<InvestigationNode> investigations_of_message_;
  std::set<CaseNode*, ByAge> by_age_;
  std::vector<AlertNode*> open_alerts_;
  std::vector<InvestigationNode*> open_investigations_;
  PackedStates packed_;
  StateShelf<AlertState> spare_alerts_;
  StateShelf<InvestigationState> spare_investigations_;
  mutable std::string key_;
};

} // namespace sluice::relevance

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ledger/table_large_values.hpp"
#include "ledger/table_space.hpp"
#include "ledger/table_workers.hpp"

namespace sluice::ledger::tables {

/// The row `head` of an epoch's partition, which stands for the right to write there: every write
/// replaces it as the writer last left it, so a leader who was succeeded, and does not know yet, is
/// refused.
///
/// A step that fits is one transaction (`write`). One that does not is written down first
/// (`journal|`), decided by the head, and then carried out, by whoever leads when its writer died
/// (`decide`).
///
/// Threads: one at a time.
class CaseHead {
public:
  /// Only one worker at a time writes: the one that leads this.
  static constexpr std::string_view role = "correlate";

  enum class Standing : std::uint8_t {
    none,       ///< Another worker leads.
    kept,       ///< The head is as this worker left it.
    taken_over, ///< The head was another's, or is new; what was decided there has been done.
  };

  CaseHead(Space& space, Leads& leads) : space_{space}, leads_{leads} {}

  /// Makes this worker the one who may write, if it leads.
  [[nodiscard]] auto open() -> Result<Standing>;
  /// The next `open` reads how it stands.
  void let_go() { head_.reset(); }

  /// The head as it is to be with the next `write` or `decide`. Only while it is open.
  [[nodiscard]] auto row() -> azure::TableEntity& { return *head_; }
  [[nodiscard]] auto partition() const -> const std::string& { return head_->partition_key; }

  /// Makes the changes together with the head as it is to be now.
  /// Errors: unavailable when another has written since, and the head is let go.
  [[nodiscard]] auto write(ChangeGroup changes) -> Result<>;
  /// Makes any number of changes, together with the head as it is to be now, all or none of them.
  /// Errors: as `write`.
  [[nodiscard]] auto decide(const RowChanges& changes) -> Result<>;

private:
  [[nodiscard]] auto read(std::int64_t number, std::string partition) -> Result<bool>;
  [[nodiscard]] auto carry_out() -> Result<>;

  Space& space_;
  Leads& leads_;
  std::int64_t number_ = 0;
  /// As this worker last left it; nothing when it does not lead.
  std::optional<azure::TableEntity> head_;
};

/// Another worker leads.
[[nodiscard]] auto not_leading() -> Error;

/// Changes of one transaction, beside the head.
inline constexpr std::size_t most_changes_beside_head = azure::Table::most_changes - 1;

/// Without removals of what is not there (any more).
[[nodiscard]] auto still_to_do(const Space& space, ChangeGroup changes) -> Result<ChangeGroup>;

} // namespace sluice::ledger::tables

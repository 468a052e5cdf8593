// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "relevance/cases/case_rules.hpp"
#include "relevance/cases/fact_reader.hpp"

namespace sluice::relevance {

/// A new version of a case. Versions are numbered by whoever keeps them.
struct ToldCase {
  std::string organization;
  std::string case_id;
  std::string row; ///< As `case_row` makes it.
};

/// A piece of the state to be kept: `value` under `key`; an empty value means to forget it.
struct StateChange {
  std::string key;
  std::string value;
};

/// Something that a person may want to look into. The same `kind` and `text` are counted together.
struct CaseFinding {
  /// `unknown_status`, `unreadable_data`, `cut_short`, `too_late`, `unresolved` or
  /// `given_up_early`.
  std::string kind;
  std::string text;
};

/// What came of some records: all of it is to be made durable with the position of the input.
struct CorrelationChanges {
  std::vector<StateChange> state;
  std::vector<ToldCase> cases;
  std::vector<CaseFinding> findings;
};

/// Where states may lie that nobody uses at the moment.
struct StateRoom {
  /// Reads what was made durable last under a key. Without it all states stay in memory.
  std::function<auto(std::string_view key)->Result<std::string>> read;
  /// Of states that stay in memory when room is made.
  std::size_t most_bytes = std::size_t{4} * 1024 * 1024;
};

/// Joins alerts with investigations into cases.
///
/// A state machine without input or output of its own: it takes records and times, and gives back
/// what changed; what it gave it may read again, from where that was made durable. The same records
/// in whatever order, whatever often, end in the same state and the same newest row for each case
/// (see `case_state.hpp`). A case is told when it first becomes one and again when its row changes;
/// one that later records show to be none is taken back by a row with `Withdrawn`.
///
/// Use:     `restore` what was kept; then for each content `take` its records, `settle`, and make
///          the changes durable and `make_room`; `advance` now and then. After an error, begin
///          again with another one.
/// Threads: one at a time.
/// Memory:  about four kilobytes for each alert and investigation within the horizon, at most
///          `CaseOptions::most_open` of them; with a `StateRoom` that can be read, its bytes and
///          what finds each. What the records of one content touch takes some more until
///          `settle`.
class Correlator {
public:
  explicit Correlator(CaseRules rules, StateRoom room = {});
  Correlator(Correlator&&) noexcept;
  auto operator=(Correlator&&) noexcept -> Correlator&;
  ~Correlator();

  /// Takes back a piece of state as a `StateChange` had it.
  /// Errors: corrupt when it is none.
  [[nodiscard]] auto restore(std::string_view key, std::string_view value) -> Result<>;

  /// Takes what a record says. `available` is when its content was created by the service. A record
  /// older than the horizon before the time of the last `advance` is a finding and nothing else.
  void take(FactReader::Facts&& facts, DateTime available);

  /// Tells the cases that came of the records since the last call, and those that have waited long
  /// enough at `now`, which must be a time of the input (never that of the machine, which is far
  /// ahead while an archive is read again).
  /// Errors: those of `StateRoom::read`; corrupt when a state is not there or cannot be read.
  [[nodiscard]] auto settle(DateTime now) -> Result<CorrelationChanges>;

  /// Everything that became available before `now` has been taken: tells what has waited long
  /// enough and forgets what is past the horizon.
  /// Errors: as `settle`.
  [[nodiscard]] auto advance(DateTime now) -> Result<CorrelationChanges>;

  /// All changes that were given out are durable: states that nobody used lately leave the memory,
  /// if those that are there take more than their room.
  void make_room();

  /// Alerts and investigations held.
  [[nodiscard]] auto open() const noexcept -> std::size_t;

private:
  class Graph;
  std::unique_ptr<Graph> graph_;
};

} // namespace sluice::relevance

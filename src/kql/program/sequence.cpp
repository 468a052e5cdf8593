// SPDX-License-Identifier: Apache-2.0
#include "kql/program/sequence.hpp"

#include <cstdint>
#include <optional>

#include <fmt/format.h>

namespace sluice::kql {

using Record = std::vector<Value>;

/// One pass over the rows.
class SequenceProgram::Run {
public:
  explicit Run(const Options& options) : options_{options}, states_(options.steps.size()) {
    for (const auto type : options_.row) {
      nothing_.push_back(Value::null(type));
    }
    nothing_.insert(nothing_.end(), options_.declared.begin(), options_.declared.end());
  }

  void take(Record row) {
    row.insert(row.end(), options_.declared.begin(), options_.declared.end());
    for (auto step = states_.size(); step-- > 0;) {
      if (step == 0 || !enter(step, row)) {
        stay(step, row);
      }
    }
  }

  /// All rows were taken.
  void end() {
    if (states_.front() && options_.steps.front().shown == Shown::last) {
      show(states_.front()->kept.front(), states_.front()->number);
    }
  }

  Rows out;

private:
  /// What a sequence that has come to a step has kept of this step and those before it.
  struct State {
    std::vector<Record> kept;
    std::int64_t number = 0;
  };

  /// The columns of the steps' expressions.
  class View final : public Row {
  public:
    View(const Record& row, const State* state, const Record& nothing)
        : row_{row},
          state_{state},
          nothing_{nothing} {}
    auto column(std::size_t index) -> Value override {
      const auto width = nothing_.size();
      if (index < width) {
        return row_[index];
      }
      const auto step = index / width - 1;
      const bool is_kept = state_ != nullptr && step < state_->kept.size();
      return (is_kept ? state_->kept[step] : nothing_)[index % width];
    }

  private:
    const Record& row_;
    const State* state_;
    const Record& nothing_;
  };

  /// The sequence in the step before goes on here.
  auto enter(std::size_t step, const Record& row) -> bool {
    auto& before = states_[step - 1];
    if (!before || !fits(step, row, &*before)) {
      return false;
    }
    states_[step] = std::exchange(before, std::nullopt);
    extend(step, row);
    return true;
  }

  /// The sequence in this step goes on; the first step may begin one.
  void stay(std::size_t step, const Record& row) {
    auto& state = states_[step];
    if ((!state && step > 0) || !fits(step, row, state ? &*state : nullptr)) {
      return;
    }
    if (!state) {
      state = State{{}, next_number_++};
    }
    extend(step, row);
  }

  [[nodiscard]] auto fits(std::size_t step, const Record& row, const State* state) const -> bool {
    View view{row, state, nothing_};
    const auto value = options_.steps[step].condition.evaluate(view);
    return !value.is_null() && value.as_boolean();
  }

  void extend(std::size_t step, const Record& row) {
    auto& state = *states_[step];
    auto extended = row;
    View view{row, &state, nothing_};
    for (const auto& [place, value] : options_.steps[step].assignments) {
      extended[options_.row.size() + place] = value.evaluate(view).owned_copy();
    }
    if (options_.steps[step].shown == Shown::all) {
      show(extended, state.number);
    }
    state.kept.resize(step);
    state.kept.push_back(std::move(extended));
  }

  void show(const Record& row, std::int64_t number) {
    out.push_back(row);
    if (options_.has_number) {
      out.back().push_back(Value::int64(number));
    }
  }

  const Options& options_;
  std::vector<std::optional<State>> states_; ///< At most one sequence in each step.
  Record nothing_;
  std::int64_t next_number_ = 0;
};

auto SequenceProgram::text() const -> std::string {
  std::string names;
  for (const auto& step : options_.steps) {
    names += (names.empty() ? "" : ", ") + step.name;
  }
  return fmt::format("sequence of {}", names);
}

auto SequenceProgram::run(Rows rows) const -> Rows {
  Run pass{options_};
  for (auto& row : rows) {
    pass.take(std::move(row));
  }
  pass.end();
  return std::move(pass.out);
}

} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kql/row_program.hpp"
#include "kql/type.hpp"

/// Private to the library.
namespace sluice::kql {

/// `make-series`: one row with an array for each value, an item for each step of the axis, and the
/// axis itself as the last array.
///
/// Rows that come in: the axis' begin, its end (both null when it was not said), its step, the
/// place on it (a long, counted in steps from the begin or from zero), the values.
class SeriesProgram final : public RowProgram {
public:
  struct Options {
    /// int64, real, datetime or timespan.
    Type axis = Type::datetime;
    /// Places count from zero instead of from the begin, and the end belongs to the axis.
    bool from_zero = false;
    /// What stands where there was no row, as JSON; one for each value.
    std::vector<std::string> fills;
    /// Begin, end and step for a series without any row; none: no row comes out then.
    std::optional<std::array<Value, 3>> empty;
  };
  explicit SeriesProgram(Options options) : options_{std::move(options)} {}

  [[nodiscard]] auto text() const -> std::string override;
  [[nodiscard]] auto run(Rows rows) const -> Rows override;

private:
  struct Axis {
    Value origin;
    Value step;
    std::int64_t first = 0;
    std::int64_t count = 0;
  };
  [[nodiscard]] auto axis_of(const Rows& rows) const -> std::optional<Axis>;
  [[nodiscard]] auto point(const Axis& axis, std::int64_t place) const -> Value;

  Options options_;
};

} // namespace sluice::kql

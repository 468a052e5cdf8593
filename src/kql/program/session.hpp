// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kql/row_program.hpp"

/// Private to the library.
namespace sluice::kql {

/// `row_window_session`: when the session of each row began, as documented. A session ends where
/// its length or the distance to the row before would be too great, and where a restart is asked
/// for.
///
/// Rows that come in: any columns, then the time, the greatest length, the greatest distance and,
/// with `has_restart`, a bool. Rows that go out: those columns, then the time.
class SessionProgram final : public RowProgram {
public:
  explicit SessionProgram(bool has_restart) : has_restart_{has_restart} {}

  [[nodiscard]] auto text() const -> std::string override { return "sessions"; }
  [[nodiscard]] auto run(Rows rows) const -> Rows override;

private:
  bool has_restart_;
};

} // namespace sluice::kql

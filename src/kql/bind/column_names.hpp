// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "kql/ast.hpp"

/// What columns are called that a query does not name; as the official binder names them.
namespace sluice::kql {

/// `tostring(d.x)` is `d_x`, `count()` is `count_`, `sum(a)` is `sum_a`; nothing for what gets a
/// number (`Column1`).
[[nodiscard]] auto automatic_name(const ast::Expression& expression) -> std::optional<std::string>;

/// Gives each column of an output its name.
class ColumnNames {
public:
  /// False when the name is taken: a query must not name two columns alike.
  [[nodiscard]] auto declare(const std::string& name) -> bool { return taken_.insert(name).second; }
  /// The name, or with the first free number behind it.
  [[nodiscard]] auto make_unique(const std::string& name) -> std::string;
  /// Columns of the input, whose numbers are not given again.
  void pass_over(const std::string& name) {
    if (name.starts_with(numbered_prefix)) {
      passed_over_.insert(name);
    }
  }
  /// `Column1`, `Column2`, ...
  [[nodiscard]] auto next_numbered() -> std::string;

private:
  static constexpr std::string_view numbered_prefix = "Column";

  std::set<std::string> taken_;
  std::set<std::string> passed_over_;
  int numbered_ = 0;
};

} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kql/type.hpp"

namespace sluice::kql {

struct Column {
  std::string name; ///< Upper and lower case differ.
  Type type = Type::string;
  /// A table's ingestion time: reached by `ingestion_time()` alone, carried through where, extend,
  /// sort and take, never part of a query's result.
  bool hidden = false;

  friend auto operator==(const Column&, const Column&) -> bool = default;
};

/// The columns of a table, a record or a query's result, in order.
struct Schema {
  std::vector<Column> columns;

  /// The visible column of that name.
  [[nodiscard]] auto find(std::string_view name) const noexcept -> std::optional<std::size_t>;
  /// The ingestion time, if it still is there.
  [[nodiscard]] auto hidden() const noexcept -> std::optional<std::size_t>;

  friend auto operator==(const Schema&, const Schema&) -> bool = default;
};

/// `(Name:string, Count:long)`
[[nodiscard]] auto to_text(const Schema& schema) -> std::string;

/// What tables there are. The binder asks; nothing is kept beyond the call.
/// Threads: `table` may be called by all at once.
class Catalog {
public:
  Catalog() = default;
  Catalog(const Catalog&) = delete;
  auto operator=(const Catalog&) -> Catalog& = delete;
  virtual ~Catalog() = default;

  /// Null when there is no such table. A view is called as a function: its name ends in `()`. The
  /// schema must stay valid while the query is compiled.
  [[nodiscard]] virtual auto table(std::string_view name) const -> const Schema* = 0;
  /// For suggestions in diagnostics.
  [[nodiscard]] virtual auto table_names() const -> std::vector<std::string> = 0;
};

/// A catalog without tables: `print` and `datatable` still work.
class EmptyCatalog final : public Catalog {
public:
  [[nodiscard]] auto table(std::string_view name) const -> const Schema* override;
  [[nodiscard]] auto table_names() const -> std::vector<std::string> override;
};

} // namespace sluice::kql

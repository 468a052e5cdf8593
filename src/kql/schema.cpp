// SPDX-License-Identifier: Apache-2.0
#include "kql/schema.hpp"

#include "kql/open_type.hpp"

namespace sluice::kql {

auto Schema::find(std::string_view name) const noexcept -> std::optional<std::size_t> {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i].hidden && columns[i].name == name) {
      return i;
    }
  }
  return std::nullopt;
}

auto Schema::hidden() const noexcept -> std::optional<std::size_t> {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].hidden && columns[i].type != unknown_type) {
      return i;
    }
  }
  return std::nullopt;
}

auto to_text(const Schema& schema) -> std::string {
  std::string text = "(";
  for (const auto& column : schema.columns) {
    text += text.size() > 1 ? ", " : "";
    text += column.name;
    text += ':';
    text += to_text(column.type);
  }
  return text + ")";
}

auto EmptyCatalog::table(std::string_view) const -> const Schema* {
  return nullptr;
}

auto EmptyCatalog::table_names() const -> std::vector<std::string> {
  return {};
}

} // namespace sluice::kql

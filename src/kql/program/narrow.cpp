// SPDX-License-Identifier: Apache-2.0
#include "kql/program/narrow.hpp"

#include <stdexcept>

#include "kql/conversion.hpp"

namespace sluice::kql {

auto NarrowProgram::run(Rows rows) const -> Rows {
  constexpr std::size_t most_cells = 10'000'000;
  if (rows.size() * columns_.size() > most_cells) {
    throw std::length_error{"narrow would give too many rows"};
  }
  Rows cells;
  cells.reserve(rows.size() * columns_.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      cells.push_back({Value::int64(static_cast<std::int64_t>(i)),
                       Value::string(columns_[column]),
                       Value::string(to_text(rows[i][column]))});
    }
  }
  return cells;
}

} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "app/result_printer.hpp"

namespace sluice::app {

/// A table for a terminal: the first rows decide how wide each column is, then all rows flow
/// through. Control characters in cells are written as escapes, so that a record cannot drive the
/// terminal.
class TablePrinter final : public ResultPrinter {
public:
  TablePrinter(std::FILE* out, TableLayout layout) : out_{out}, layout_{layout} {}

  void begin(const kql::Schema& schema) override;
  void row(std::span<const kql::Value> values) override;
  void end() override;

private:
  using Line = std::vector<std::string>;

  void settle_widths();
  void print_line(const Line& cells) const;

  std::FILE* out_;
  const TableLayout layout_;
  Line header_;
  std::vector<bool> right_aligned_;
  std::vector<Line> waiting_;
  std::vector<std::size_t> widths_; ///< Empty until they are settled.
  std::size_t rows_ = 0;
};

} // namespace sluice::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "app/result_printer.hpp"

namespace sluice::app {

/// A chart for a terminal: a bar for each row and each column of numbers, labelled by the other
/// columns, in order of time where there is one; a line of small bars for an array of numbers, as
/// `make-series` gives it. Control characters of labels are written as escapes.
class ChartPrinter final : public ResultPrinter {
public:
  /// Rows that are drawn; how many more there were is said below.
  static constexpr std::size_t max_bars = 500;

  ChartPrinter(std::FILE* out, TableLayout layout) : out_{out}, layout_{layout} {}

  void begin(const kql::Schema& schema) override;
  void row(std::span<const kql::Value> values) override;
  void end() override;

private:
  struct Bar {
    std::string time; ///< Sorts the bars; empty where there is no column of time.
    std::string label;
    std::vector<double> numbers;
    std::vector<std::string> lines; ///< Of arrays.
  };

  void shorten_times();
  void draw_bars(std::size_t number);
  void draw_lines();
  [[nodiscard]] auto label_width() const -> std::size_t;

  std::FILE* out_;
  const TableLayout layout_;
  kql::Schema schema_;
  std::vector<std::string> number_names_;
  std::vector<std::string> array_names_;
  std::vector<Bar> bars_;
  std::size_t rows_ = 0;
};

} // namespace sluice::app

// SPDX-License-Identifier: Apache-2.0
#include "app/table_printer.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "endpoint/cell_text.hpp"

namespace sluice::app {
namespace {

/// Rows that are looked at before the first is printed.
constexpr std::size_t sampled_rows = 500;
constexpr std::size_t narrowest_column = 6;
constexpr std::string_view gap = "  ";
constexpr std::string_view ellipsis = "…";

auto starts_code_point(char c) -> bool {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

auto code_points(std::string_view text) -> std::size_t {
  return static_cast<std::size_t>(std::ranges::count_if(text, starts_code_point));
}

/// The text if it is at most `width` code points, else its front and an ellipsis.
auto shortened(std::string_view text, std::size_t width) -> std::string {
  if (code_points(text) <= width) {
    return std::string{text};
  }
  std::size_t kept = 0;
  std::size_t end = 0;
  while (end < text.size() && (!starts_code_point(text[end]) || kept + 1 < width)) {
    kept += starts_code_point(text[end]) ? 1 : 0;
    ++end;
  }
  return std::string{text.substr(0, end)}.append(ellipsis);
}

auto is_right_aligned(kql::Type type) -> bool {
  return type == kql::Type::int32 || type == kql::Type::int64 || type == kql::Type::real ||
         type == kql::Type::decimal;
}

} // namespace

void TablePrinter::begin(const kql::Schema& schema) {
  for (const auto& column : schema.columns) {
    header_.push_back(escape_control(column.name));
    right_aligned_.push_back(is_right_aligned(column.type));
  }
}

void TablePrinter::row(std::span<const kql::Value> values) {
  Line line;
  line.reserve(values.size());
  for (const auto& value : values) {
    auto text = escape_control(endpoint::to_plain_text(value));
    line.push_back(layout_.widest_cell == 0 ? std::move(text)
                                            : shortened(text, layout_.widest_cell));
  }
  ++rows_;
  if (!widths_.empty()) {
    print_line(line);
    return;
  }
  waiting_.push_back(std::move(line));
  if (waiting_.size() == sampled_rows) {
    settle_widths();
  }
}

void TablePrinter::end() {
  if (widths_.empty()) {
    settle_widths();
  }
  fmt::print(out_, "({} row{})\n", rows_, rows_ == 1 ? "" : "s");
}

/// Gives each column what it needs, then takes from the widest until the table fits, and prints
/// what waited.
void TablePrinter::settle_widths() {
  for (std::size_t i = 0; i < header_.size(); ++i) {
    auto width = std::max<std::size_t>(code_points(header_[i]), 1);
    for (const auto& line : waiting_) {
      width = std::max(width, code_points(line[i]));
    }
    widths_.push_back(width);
  }
  const auto total = [&] {
    return std::reduce(widths_.begin(), widths_.end()) + gap.size() * (widths_.size() - 1);
  };
  while (layout_.widest_cell > 0 && !widths_.empty() && total() > layout_.width) {
    auto widest = std::ranges::max_element(widths_);
    if (*widest <= narrowest_column) {
      break;
    }
    --*widest;
  }
  print_line(header_);
  Line rule;
  std::ranges::transform(
      widths_, std::back_inserter(rule), [](std::size_t width) { return std::string(width, '-'); });
  print_line(rule);
  for (const auto& line : waiting_) {
    print_line(line);
  }
  waiting_.clear();
}

void TablePrinter::print_line(const Line& cells) const {
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    auto cell = layout_.widest_cell == 0 ? cells[i] : shortened(cells[i], widths_[i]);
    const auto used = code_points(cell);
    const std::string padding(widths_[i] > used ? widths_[i] - used : 0, ' ');
    text += i == 0 ? "" : gap;
    text += right_aligned_[i] ? padding + cell : cell + padding;
  }
  text.erase(text.find_last_not_of(' ') + 1);
  fmt::print(out_, "{}\n", text);
}

} // namespace sluice::app

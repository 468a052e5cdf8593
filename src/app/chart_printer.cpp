// SPDX-License-Identifier: Apache-2.0
#include "app/chart_printer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "endpoint/cell_text.hpp"
#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"

namespace sluice::app {
namespace {

constexpr std::size_t narrowest_chart = 20;
constexpr std::size_t widest_label = 40;
constexpr std::string_view full_block = "█";
/// Eighths of a block, from the left.
constexpr std::array<std::string_view, 8> part_blocks{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
/// Eighths of a block, from below.
constexpr std::array<std::string_view, 8> levels{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

auto code_points(std::string_view text) -> std::size_t {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// At most so many code points.
auto cut(std::string_view text, std::size_t width) -> std::string {
  std::size_t end = 0;
  for (std::size_t kept = 0; end < text.size(); ++end) {
    if ((static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U && kept++ == width) {
      break;
    }
  }
  return std::string{text.substr(0, end)};
}

auto padded(const std::string& text, std::size_t width) -> std::string {
  const auto used = code_points(text);
  return text + std::string(width > used ? width - used : 0, ' ');
}

auto bar_of(double share, std::size_t width) -> std::string {
  constexpr double eighths = 8;
  const auto length = static_cast<std::size_t>(
      std::round(std::clamp(share, 0.0, 1.0) * static_cast<double>(width) * eighths));
  std::string bar;
  for (std::size_t i = 0; i < length / levels.size(); ++i) {
    bar += full_block;
  }
  return bar.append(part_blocks[length % levels.size()]);
}

auto number_text(double number) -> std::string {
  return std::isnan(number) ? "" : fmt::format("{:.6g}", number);
}

/// The numbers of an array, null where an item is none; nothing when it is no array of numbers.
auto numbers_of(const kql::Value& value) -> std::optional<std::vector<double>> {
  if (value.type() != kql::Type::dynamic || kql::json_kind(value.text()) != kql::JsonKind::array) {
    return std::nullopt;
  }
  std::vector<double> numbers;
  bool any = false;
  for (kql::JsonItems item{value.text()}; item.next();) {
    const auto kind = kql::json_kind(item.value());
    const bool is_number = kind == kql::JsonKind::integer || kind == kql::JsonKind::real;
    if (!is_number && kind != kql::JsonKind::null) {
      return std::nullopt;
    }
    any = any || is_number;
    numbers.push_back(is_number ? kql::parse_real(item.value()).value_or(std::nan(""))
                                : std::nan(""));
  }
  return any ? std::optional{std::move(numbers)} : std::nullopt;
}

/// `▁▃█ 1..9`, the greatest of neighbours where there are more numbers than places.
auto line_of(const std::vector<double>& numbers, std::size_t width) -> std::string {
  auto least = std::numeric_limits<double>::infinity();
  auto greatest = -least;
  for (const auto number : numbers) {
    least = std::isnan(number) ? least : std::min(least, number);
    greatest = std::isnan(number) ? greatest : std::max(greatest, number);
  }
  std::string line;
  const auto places = std::min(width, numbers.size());
  for (std::size_t i = 0; i < places; ++i) {
    auto number = std::nan("");
    for (auto j = i * numbers.size() / places; j < (i + 1) * numbers.size() / places; ++j) {
      number = std::isnan(number) ? numbers[j] : std::fmax(number, numbers[j]);
    }
    const auto share = greatest > least ? (number - least) / (greatest - least) : 0;
    line += std::isnan(number)
                ? " "
                : levels[std::min(levels.size() - 1, static_cast<std::size_t>(share * 8.0))];
  }
  return fmt::format("{} {}..{}", line, number_text(least), number_text(greatest));
}

} // namespace

void ChartPrinter::begin(const kql::Schema& schema) {
  schema_ = schema;
  for (const auto& column : schema.columns) {
    if (kql::is_number(column.type)) {
      number_names_.push_back(escape_control(column.name));
    }
  }
}

void ChartPrinter::row(std::span<const kql::Value> values) {
  if (++rows_ > max_bars) {
    return;
  }
  Bar bar;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& value = values[i];
    const auto type = schema_.columns[i].type;
    if (kql::is_number(type)) {
      bar.numbers.push_back(value.is_null() ? std::nan("") : value.as_real());
    } else if (const auto numbers = numbers_of(value)) {
      if (array_names_.size() == bar.lines.size()) {
        array_names_.push_back(escape_control(schema_.columns[i].name));
      }
      bar.lines.push_back(line_of(*numbers, std::max(layout_.width / 2, narrowest_chart)));
    } else if (type == kql::Type::datetime && bar.time.empty()) {
      bar.time = endpoint::to_plain_text(value);
    } else if (type != kql::Type::dynamic) {
      bar.label += bar.label.empty() ? "" : " ";
      bar.label += cut(escape_control(endpoint::to_plain_text(value)), widest_label);
    }
  }
  bars_.push_back(std::move(bar));
}

void ChartPrinter::end() {
  std::ranges::stable_sort(bars_, {}, &Bar::time);
  shorten_times();
  for (std::size_t i = 0; i < number_names_.size(); ++i) {
    draw_bars(i);
  }
  draw_lines();
  if (number_names_.empty() && array_names_.empty()) {
    fmt::print(out_, "nothing to draw: no column of numbers\n");
  }
  if (rows_ > max_bars) {
    fmt::print(out_, "({} more rows)\n", rows_ - max_bars);
  }
}

/// `2026-01-01T00:00:00.0000000Z` as far as the bars differ: whole days have no time.
void ChartPrinter::shorten_times() {
  constexpr std::size_t date = 10;
  constexpr std::size_t seconds = 19;
  const bool are_days = std::ranges::all_of(bars_, [](const Bar& bar) {
    return bar.time.empty() || bar.time.find("T00:00:00.0000000") == date;
  });
  for (auto& bar : bars_) {
    bar.time = bar.time.substr(0, are_days ? date : seconds);
    std::ranges::replace(bar.time, 'T', ' ');
    bar.label = bar.time.empty()    ? bar.label
                : bar.label.empty() ? bar.time
                                    : bar.time + " " + bar.label;
  }
}

auto ChartPrinter::label_width() const -> std::size_t {
  std::size_t width = 0;
  for (const auto& bar : bars_) {
    width = std::max(width, code_points(bar.label));
  }
  return width;
}

void ChartPrinter::draw_bars(std::size_t number) {
  constexpr std::size_t room_for_numbers = 12;
  const auto label = label_width();
  const auto used = label + room_for_numbers;
  const auto width = std::max(layout_.width > used ? layout_.width - used : 0, narrowest_chart);
  double greatest = 0;
  for (const auto& bar : bars_) {
    const auto value = bar.numbers[number];
    greatest = std::isfinite(value) ? std::max(greatest, std::abs(value)) : greatest;
  }
  fmt::print(out_, "{}\n", number_names_[number]);
  for (const auto& bar : bars_) {
    const auto value = bar.numbers[number];
    const auto share = greatest > 0 && std::isfinite(value) ? std::abs(value) / greatest : 0;
    fmt::print(
        out_, "{} {} {}\n", padded(bar.label, label), bar_of(share, width), number_text(value));
  }
}

void ChartPrinter::draw_lines() {
  const auto label = label_width();
  for (std::size_t i = 0; i < array_names_.size(); ++i) {
    fmt::print(out_, "{}\n", array_names_[i]);
    for (const auto& bar : bars_) {
      if (i < bar.lines.size()) {
        fmt::print(out_, "{} {}\n", padded(bar.label, label), bar.lines[i]);
      }
    }
  }
}

} // namespace sluice::app

// SPDX-License-Identifier: Apache-2.0
#include "kql/diagnostic.hpp"

#include <algorithm>
#include <cstddef>
#include <ranges>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "kql/case_fold.hpp"

namespace sluice::kql {
namespace {

constexpr std::size_t widest = 100;
/// A text that is no query at all has a mistake in each byte; nobody reads on after these.
constexpr std::size_t most_shown = 20;

struct Place {
  std::size_t line = 1;
  std::string_view before; ///< The line up to the place.
  std::string_view after;  ///< The line from the place on.
};

auto find_place(std::string_view text, std::size_t offset) -> Place {
  offset = std::min(offset, text.size());
  const auto head = text.substr(0, offset);
  const auto start = head.rfind('\n');
  const auto begin = start == std::string_view::npos ? 0 : start + 1;
  const auto end = std::min(text.find('\n', offset), text.size());
  return {1 + static_cast<std::size_t>(std::count(head.begin(), head.end(), '\n')),
          text.substr(begin, offset - begin),
          text.substr(offset, end - offset)};
}

/// The last `widest / 2` code points.
auto shortened_front(std::string_view text) -> std::string_view {
  for (auto count = code_point_count(text); count > widest / 2; --count) {
    text.remove_prefix(decode(text).bytes);
  }
  return text;
}

auto first_code_points(std::string_view text, std::size_t count) -> std::string_view {
  std::size_t bytes = 0;
  for (; count > 0 && bytes < text.size(); --count) {
    bytes += decode(text.substr(bytes)).bytes;
  }
  return text.substr(0, bytes);
}

auto blanked(std::string_view text) -> std::string {
  std::string out{text};
  std::replace(out.begin(), out.end(), '\t', ' ');
  return escape_control(out);
}

} // namespace

auto render(const Diagnostic& diagnostic, std::string_view text, std::string_view file)
    -> std::string {
  const auto place = find_place(text, diagnostic.span.begin);
  const auto before = shortened_front(place.before.size() > 4 * widest
                                          ? place.before.substr(place.before.size() - 4 * widest)
                                          : place.before);
  const auto after = first_code_points(place.after, widest / 2);
  const auto marked =
      place.after.substr(0, std::min(diagnostic.span.end - diagnostic.span.begin, after.size()));
  const auto shown_before = blanked(before);
  auto out = fmt::format("{}{}{}:{}: {}: {}\n",
                         file,
                         file.empty() ? "" : ":",
                         place.line,
                         code_point_count(place.before) + 1,
                         to_text(diagnostic.code),
                         diagnostic.message);
  out += fmt::format("  {}{}\n", shown_before, blanked(after));
  const auto width = code_point_count(blanked(marked));
  out += fmt::format("  {}^{}\n",
                     std::string(code_point_count(shown_before), ' '),
                     std::string(width > 1 ? width - 1 : 0, '~'));
  if (!diagnostic.hint.empty()) {
    out += fmt::format("  {}\n", diagnostic.hint);
  }
  return out;
}

auto render(const Diagnostics& diagnostics, std::string_view text, std::string_view file)
    -> std::string {
  std::string out;
  for (const auto& diagnostic : diagnostics | std::views::take(most_shown)) {
    out += render(diagnostic, text, file);
  }
  if (diagnostics.size() > most_shown) {
    const auto more = diagnostics.size() - most_shown;
    out += fmt::format("  and {} more mistake{}\n", more, more == 1 ? "" : "s");
  }
  return out;
}

} // namespace sluice::kql

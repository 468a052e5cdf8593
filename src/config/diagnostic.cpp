// SPDX-License-Identifier: Apache-2.0
#include "config/diagnostic.hpp"

#include <algorithm>
#include <regex>

#include <fmt/format.h>

#include "base/json_text.hpp"

namespace sluice::config {
namespace {

/// Longer lines are cut: YAML allows a whole document in one.
constexpr std::size_t most_shown = 160;

auto line_of(std::string_view text, std::size_t line) -> std::string_view {
  std::size_t begin = 0;
  for (std::size_t n = 1; n < line; ++n) {
    const auto end = text.find('\n', begin);
    if (end == text.npos) {
      return {};
    }
    begin = end + 1;
  }
  auto found = text.substr(begin, text.find('\n', begin) - begin);
  return found.substr(0, found.find('\r'));
}

/// The line as it may be shown; empty when it may not be.
auto shown(std::string_view line) -> std::string {
  static const std::regex any_key{R"(^\s*(-\s+)*["'{\[]*\s*\w[\w.\-]*["']?\s*(:|$)|^\s*-\s)"};
  static const std::regex secret_key{
      R"(((?:secret|password|passphrase|token|private|apikey|api_key)[\w\-]*["']?\s*:\s*)(?!["']?file:)(\S.*))",
      std::regex::icase};
  std::string kept{line.substr(0, most_shown)};
  if (!std::regex_search(kept, any_key)) {
    return {};
  }
  return escape_control(std::regex_replace(kept, secret_key, "$1***"));
}

} // namespace

auto render(const Diagnostic& diagnostic, std::string_view text, std::string_view file)
    -> std::string {
  const auto& [line, column, length] = diagnostic.place;
  auto out = fmt::format("{}:{}:{}: {}\n", file, line, column, diagnostic.message);
  const auto source = shown(line_of(text, line));
  if (!source.empty() && column <= source.size()) {
    const auto marked = std::min(length, source.size() - column + 1);
    out += fmt::format("    {}\n    {:{}}^{:~>{}}\n", source, "", column - 1, "", marked - 1);
  }
  if (!diagnostic.hint.empty()) {
    out += fmt::format("  {}\n", diagnostic.hint);
  }
  return out;
}

auto render(const Diagnostics& diagnostics, std::string_view text, std::string_view file)
    -> std::string {
  std::string out;
  for (const auto& diagnostic : diagnostics) {
    out += render(diagnostic, text, file);
  }
  return out;
}

} // namespace sluice::config

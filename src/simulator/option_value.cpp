// SPDX-License-Identifier: Apache-2.0
#include "simulator/option_value.hpp"

#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "simulator/guid.hpp"

namespace sluice::simulator {

auto wrong(std::string_view value, std::string_view what) -> Error {
  return Error{ErrorKind::invalid_input, fmt::format("\"{}\" is not {}", value, what)};
}

auto read_duration(std::string_view text) -> std::optional<std::chrono::milliseconds> {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{
      {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
  constexpr std::int64_t longest_days = 3650;
  std::int64_t count = 0;
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  for (const auto& [unit, milliseconds] : units) {
    if (error == std::errc{} && std::string_view{rest, end} == unit && count >= 0 &&
        count <= longest_days * 86'400'000 / milliseconds) {
      return std::chrono::milliseconds{count * milliseconds};
    }
  }
  return std::nullopt;
}

auto assign_share(double& target, std::string_view value) -> Result<> {
  double number = -1;
  TRY_DO(assign(number, value));
  if (!(number >= 0 && number <= 1)) {
    return wrong(value, "a share from 0 to 1");
  }
  target = number;
  return {};
}

auto assign_guid(std::string& target, std::string_view value) -> Result<> {
  if (!is_guid(value)) {
    return wrong(value, "a GUID");
  }
  target = value;
  return {};
}

auto read_text(std::string_view path) -> Result<std::string> {
  constexpr std::size_t longest = 1U << 20U;
  std::ifstream file{std::string{path}, std::ios::binary};
  auto text = std::string{std::istreambuf_iterator<char>{file}, {}};
  if (!file || text.empty() || text.size() > longest) {
    return wrong(path, "a file that can be read");
  }
  return text;
}

} // namespace sluice::simulator

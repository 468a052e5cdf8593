// SPDX-License-Identifier: Apache-2.0
#include "kql/punycode.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include <utf8proc.h>

namespace sluice::kql {
namespace {

constexpr std::uint32_t base = 36;
constexpr std::uint32_t first_code = 128;
constexpr std::uint32_t first_bias = 72;
constexpr std::size_t longest = 4096; ///< The work grows with the square of the length.

using Codes = std::vector<std::uint32_t>;

auto code_points(std::string_view text) -> std::optional<Codes> {
  Codes codes;
  while (!text.empty()) {
    utf8proc_int32_t code = 0;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()),
                                       &code);
    if (size <= 0) {
      return std::nullopt;
    }
    codes.push_back(static_cast<std::uint32_t>(code));
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return codes;
}

auto to_utf8(const Codes& codes) -> std::string {
  constexpr std::size_t most_bytes = 4;
  std::string text;
  for (const auto code : codes) {
    std::array<utf8proc_uint8_t, most_bytes> bytes{};
    const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes.data());
    text.append(bytes.begin(), bytes.begin() + size);
  }
  return text;
}

auto adapted(std::uint32_t delta, std::uint32_t count, bool is_first) -> std::uint32_t {
  constexpr std::uint32_t damp = 700;
  constexpr std::uint32_t skew = 38;
  constexpr std::uint32_t least = 1;
  constexpr std::uint32_t most = 26;
  delta = is_first ? delta / damp : delta / 2;
  delta += delta / count;
  std::uint32_t steps = 0;
  for (; delta > (base - least) * most / 2; steps += base) {
    delta /= base - least;
  }
  return steps + (base - least + 1) * delta / (delta + skew);
}

auto threshold(std::uint32_t place, std::uint32_t bias) -> std::uint32_t {
  return place <= bias ? 1 : std::min(place - bias, std::uint32_t{26});
}

auto digit(std::uint32_t value) -> char {
  constexpr std::string_view digits = "abcdefghijklmnopqrstuvwxyz0123456789";
  return digits[value];
}

auto value_of(char digit) -> std::optional<std::uint32_t> {
  if (digit >= '0' && digit <= '9') {
    return static_cast<std::uint32_t>(digit - '0') + 26;
  }
  const auto lower = static_cast<char>(digit | 0x20);
  return lower >= 'a' && lower <= 'z' ? std::optional{static_cast<std::uint32_t>(lower - 'a')}
                                      : std::nullopt;
}

void append_number(std::string& code, std::uint32_t number, std::uint32_t bias) {
  for (auto place = base;; place += base) {
    const auto limit = threshold(place, bias);
    if (number < limit) {
      break;
    }
    code += digit(limit + (number - limit) % (base - limit));
    number = (number - limit) / (base - limit);
  }
  code += digit(number);
}

/// Takes one number off the code; nothing when it is cut off or too great.
auto take_number(std::string_view& code, std::uint32_t bias) -> std::optional<std::uint32_t> {
  std::uint64_t number = 0;
  std::uint64_t weight = 1;
  for (auto place = base; !code.empty(); place += base) {
    const auto value = value_of(code.front());
    code.remove_prefix(1);
    if (!value) {
      return std::nullopt;
    }
    number += *value * weight;
    const auto limit = threshold(place, bias);
    if (*value < limit) {
      return number <= std::numeric_limits<std::uint32_t>::max()
                 ? std::optional{static_cast<std::uint32_t>(number)}
                 : std::nullopt;
    }
    weight *= base - limit;
    if (number > std::numeric_limits<std::uint32_t>::max() ||
        weight > std::numeric_limits<std::uint32_t>::max()) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

} // namespace

auto to_punycode(std::string_view text) -> std::optional<std::string> {
  const auto codes = text.size() <= longest ? code_points(text) : std::nullopt;
  if (!codes) {
    return std::nullopt;
  }
  std::string result;
  std::ranges::copy_if(text, std::back_inserter(result), [](char c) { return (c & 0x80) == 0; });
  const auto plain = static_cast<std::uint32_t>(result.size());
  auto done = plain;
  result += plain > 0 ? "-" : "";
  std::uint32_t delta = 0;
  auto bias = first_bias;
  for (auto least = first_code; done < codes->size(); ++least, ++delta) {
    auto next = std::numeric_limits<std::uint32_t>::max();
    for (const auto code : *codes) {
      next = code >= least ? std::min(next, code) : next;
    }
    delta += (next - least) * (done + 1);
    least = next;
    for (const auto code : *codes) {
      delta += code < least ? 1 : 0;
      if (code == least) {
        append_number(result, delta, bias);
        bias = adapted(delta, done + 1, done == plain);
        delta = 0;
        ++done;
      }
    }
  }
  return result;
}

auto from_punycode(std::string_view code) -> std::optional<std::string> {
  constexpr std::uint32_t last_code = 0x10FFFF;
  if (code.size() > longest || std::ranges::any_of(code, [](char c) { return (c & 0x80) != 0; })) {
    return std::nullopt;
  }
  const auto end = code.rfind('-');
  Codes codes;
  if (end != std::string_view::npos) {
    codes.assign(code.begin(), code.begin() + static_cast<std::ptrdiff_t>(end));
    code.remove_prefix(end + 1);
  }
  std::uint64_t position = 0;
  std::uint64_t least = first_code;
  auto bias = first_bias;
  for (bool is_first = true; !code.empty(); is_first = false) {
    const auto number = take_number(code, bias);
    if (!number) {
      return std::nullopt;
    }
    const auto count = static_cast<std::uint32_t>(codes.size()) + 1;
    bias = adapted(*number, count, is_first);
    position += *number;
    least += position / count;
    position %= count;
    if (least > last_code) {
      return std::nullopt;
    }
    codes.insert(codes.begin() + static_cast<std::ptrdiff_t>(position),
                 static_cast<std::uint32_t>(least));
    ++position;
  }
  return to_utf8(codes);
}

} // namespace sluice::kql

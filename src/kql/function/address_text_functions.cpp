// SPDX-License-Identifier: Apache-2.0
#include <cstddef>

#include "kql/conversion.hpp"
#include "kql/function/address.hpp"
#include "kql/function/families.hpp"

/// Addresses that stand in texts.
namespace sluice::kql {
namespace {

/// Whether an address that satisfies `wanted` stands in the text by itself: no digit, letter or
/// point touches it.
template <class Wanted>
auto has_address(std::string_view text, Wanted wanted) -> bool {
  const auto is_part = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.';
  };
  for (std::size_t begin = 0; begin < text.size();) {
    if (!is_part(text[begin])) {
      ++begin;
      continue;
    }
    auto end = begin;
    while (end < text.size() && is_part(text[end])) {
      ++end;
    }
    const auto word = text.substr(begin, end - begin);
    if (word.find('/') == std::string_view::npos && read_v4(word) && wanted(word)) {
      return true;
    }
    begin = end;
  }
  return false;
}

auto has_ipv4(Arguments a, EvaluationContext&) -> Value {
  const auto text = to_text(a[0]);
  return Value::boolean(std::ranges::any_of(texts_of(a.subspan(1)), [&](const std::string& wanted) {
    return read_v4(wanted) &&
           has_address(text, [&](std::string_view found) { return found == wanted; });
  }));
}

/// A prefix ends with a point, or is a whole address.
auto has_ipv4_prefix(Arguments a, EvaluationContext&) -> Value {
  const auto text = to_text(a[0]);
  return Value::boolean(std::ranges::any_of(texts_of(a.subspan(1)), [&](const std::string& wanted) {
    return (wanted.ends_with('.') || read_v4(wanted)) &&
           has_address(text, [&](std::string_view found) { return found.starts_with(wanted); });
  }));
}

} // namespace

auto address_text_functions() -> std::vector<Function> {
  constexpr auto network = Family::network;
  constexpr std::string_view ranges = "string, any... -> bool; dynamic, any... -> bool";
  return {
      {"has_ipv4",
       {},
       network,
       "string, string -> bool; dynamic, string -> bool",
       "The address stands in the text.",
       "has_ipv4(\"from 192.0.2.1\", \"192.0.2.1\") => true",
       has_ipv4},
      {"has_any_ipv4",
       {},
       network,
       ranges,
       "One of the addresses stands in the text.",
       "has_any_ipv4(\"from 192.0.2.1\", \"192.0.2.1\") => true",
       has_ipv4},
      {"has_ipv4_prefix",
       {},
       network,
       "string, string -> bool; dynamic, string -> bool",
       "An address that begins so stands in the text.",
       "has_ipv4_prefix(\"from 192.0.2.1\", \"192.0.\") => true",
       has_ipv4_prefix},
      {"has_any_ipv4_prefix",
       {},
       network,
       ranges,
       "An address that begins in one of these ways stands in the text.",
       "has_any_ipv4_prefix(\"from 192.0.2.1\", \"192.0.\") => true",
       has_ipv4_prefix},
  };
}

} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0
#include "kql/function/arguments.hpp"
#include "kql/function/families.hpp"
#include "kql/punycode.hpp"

/// Host names in any script, and as they go over the wire.
namespace sluice::kql {
namespace {

constexpr std::string_view prefix = "xn--";

auto encode(Arguments a, EvaluationContext&) -> Value {
  return Value::string(to_punycode(a[0].text()).value_or(""));
}

auto decode(Arguments a, EvaluationContext&) -> Value {
  return Value::string(from_punycode(a[0].text()).value_or(""));
}

auto is_ascii(std::string_view text) -> bool {
  return std::ranges::none_of(text, [](char c) { return (c & 0x80) != 0; });
}

auto encoded_label(std::string_view label) -> std::string {
  const auto code = is_ascii(label) ? std::nullopt : to_punycode(label);
  return code ? std::string{prefix} + *code : std::string{label};
}

auto decoded_label(std::string_view label) -> std::string {
  return label.starts_with(prefix)
             ? from_punycode(label.substr(prefix.size())).value_or(std::string{label})
             : std::string{label};
}

/// The labels between points; other scripts have points of their own (RFC 3490), which become ours.
template <std::string (*convert)(std::string_view)>
auto domain(Arguments a, EvaluationContext&) -> Value {
  std::string result;
  auto rest = a[0].text();
  for (;;) {
    auto end = rest.size();
    std::size_t width = 0;
    for (const std::string_view point : {".", "\u3002", "\uFF0E", "\uFF61"}) {
      if (const auto at = rest.find(point); at < end) {
        end = at;
        width = point.size();
      }
    }
    result += convert(rest.substr(0, end));
    if (width == 0) {
      return Value::string(std::move(result));
    }
    result += '.';
    rest.remove_prefix(end + width);
  }
}

} // namespace

auto punycode_functions() -> std::vector<Function> {
  constexpr auto text = Family::text;
  constexpr auto signature = "string -> string";
  return {
      {"punycode_from_string",
       {},
       text,
       signature,
       "The text in punycode, without `xn--`.",
       "punycode_from_string(\"bücher\") => bcher-kva",
       encode},
      {"punycode_to_string",
       {},
       text,
       signature,
       "The text that the punycode says.",
       "punycode_to_string(\"bcher-kva\") => bücher",
       decode},
      {"punycode_domain_to_string",
       {},
       text,
       signature,
       "The host name as it goes over the wire, its labels in punycode.",
       "punycode_domain_to_string(\"bücher.example\") => xn--bcher-kva.example",
       domain<encoded_label>},
      {"punycode_domain_from_string",
       {},
       text,
       signature,
       "The host name with its labels out of punycode.",
       "punycode_domain_from_string(\"xn--bcher-kva.example\") => bücher.example",
       domain<decoded_label>},
  };
}

} // namespace sluice::kql

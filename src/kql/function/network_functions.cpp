// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "kql/conversion.hpp"
#include "kql/function/address.hpp"
#include "kql/function/families.hpp"

namespace sluice::kql {
namespace {

auto compare(const Address& a, const Address& b, int bits) -> int {
  for (int bit = 0; bit < bits; bit += 8) {
    const auto mask = bits - bit >= 8 ? 0xFF : 0xFF & (0xFF << (8 - (bits - bit)));
    const auto at = static_cast<std::size_t>(bit / 8);
    const int x = a.bytes[at] & mask;
    const int y = b.bytes[at] & mask;
    if (x != y) {
      return x < y ? -1 : 1;
    }
  }
  return 0;
}

using Reader = std::optional<Address> (*)(std::string_view);

/// How two addresses compare in the bits that all three prefixes leave; nothing when one is none.
auto compare_arguments(Arguments a, Reader read, int first_bit) -> std::optional<int> {
  const auto x = read(a[0].text());
  const auto y = read(a[1].text());
  if (!x || !y) {
    return std::nullopt;
  }
  auto bits = std::min(x->prefix, y->prefix);
  if (a.size() > 2 && !a[2].is_null()) {
    bits = std::min(
        bits, first_bit + static_cast<int>(std::clamp<std::int64_t>(a[2].as_integer(), 0, 128)));
  }
  return compare(*x, *y, bits);
}

template <Reader read, int first_bit>
auto address_compare(Arguments a, EvaluationContext&) -> Value {
  const auto order = compare_arguments(a, read, first_bit);
  return order ? Value::int64(*order) : Value::null(Type::int64);
}

template <Reader read, int first_bit>
auto is_match(Arguments a, EvaluationContext&) -> Value {
  const auto order = compare_arguments(a, read, first_bit);
  return order ? Value::boolean(*order == 0) : Value::null(Type::boolean);
}

auto is_inside(const Address& address, const Address& range) -> bool {
  return address.prefix >= range.prefix && compare(address, range, range.prefix) == 0;
}

template <Reader read>
auto is_in_range(Arguments a, EvaluationContext&) -> Value {
  const auto address = read(a[0].text());
  const auto range = read(a[1].text());
  return address && range ? Value::boolean(is_inside(*address, *range))
                          : Value::null(Type::boolean);
}

template <Reader read>
auto is_in_any_range(Arguments a, EvaluationContext&) -> Value {
  const auto address = read(to_text(a[0]));
  if (!address) {
    return Value::null(Type::boolean);
  }
  return Value::boolean(std::ranges::any_of(texts_of(a.subspan(1)), [&](const std::string& text) {
    const auto range = read(text);
    return range && is_inside(*address, *range);
  }));
}

auto is_private(Arguments a, EvaluationContext&) -> Value {
  const auto address = read_v4(a[0].text());
  if (!address) {
    return Value::null(Type::boolean);
  }
  constexpr std::array ranges{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"};
  return Value::boolean(std::ranges::any_of(
      ranges, [&](const char* range) { return is_inside(*address, *read_v4(range)); }));
}

auto number_of(const Address& address) -> std::int64_t {
  std::int64_t number = 0;
  for (std::size_t i = 12; i < 16; ++i) {
    number = number << 8 | address.bytes[i];
  }
  return number;
}

auto masked(std::int64_t number, int bits) -> std::int64_t {
  return bits == 0 ? 0 : number & (0xFFFFFFFFLL << (32 - bits) & 0xFFFFFFFFLL);
}

auto parse_ipv4(Arguments a, EvaluationContext&) -> Value {
  const auto address = read_v4(a[0].text());
  return address ? Value::int64(masked(number_of(*address), address->prefix - 96))
                 : Value::null(Type::int64);
}

auto parse_ipv4_mask(Arguments a, EvaluationContext&) -> Value {
  const auto address = read_v4(a[0].text());
  const bool good = address && !a[1].is_null() && a[1].as_integer() >= 0 && a[1].as_integer() <= 32;
  return good ? Value::int64(masked(number_of(*address), static_cast<int>(a[1].as_integer())))
              : Value::null(Type::int64);
}

auto dotted(std::int64_t number) -> std::string {
  return fmt::format(
      "{}.{}.{}.{}", number >> 24 & 255, number >> 16 & 255, number >> 8 & 255, number & 255);
}

template <bool with_mask>
auto format_ipv4(Arguments a, EvaluationContext&) -> Value {
  const auto text = to_text(a[0]);
  const auto address = read_v4(text);
  const auto plain = parse_long(text);
  const auto number = address ? std::optional{number_of(*address)}
                      : plain && *plain >= 0 && *plain <= 0xFFFFFFFFLL ? plain
                                                                       : std::nullopt;
  auto bits = address ? std::int64_t{address->prefix} - 96 : std::int64_t{32};
  if (a.size() > 1 && !a[1].is_null()) {
    bits = std::min(bits, a[1].as_integer());
  }
  if (!number || bits < 0 || bits > 32) {
    return Value::string("");
  }
  const auto shown = dotted(masked(*number, static_cast<int>(bits)));
  return Value::string(with_mask ? fmt::format("{}/{}", shown, bits) : shown);
}

auto parse_ipv6(Arguments a, EvaluationContext&) -> Value {
  auto address = read_v6(a[0].text());
  const bool has_mask = a.size() > 1;
  const auto host = a[0].text().substr(0, a[0].text().find('/'));
  if (address && has_mask && host.find('.') != std::string_view::npos && address->prefix <= 32) {
    address->prefix += 96; // After `::192.0.2.1` the prefix counts as that of IPv4 (observed).
  }
  const auto mask = has_mask && !a[1].is_null() ? a[1].as_integer() : -1;
  if (!address || (has_mask && (mask < 0 || mask > 128))) {
    return Value::string("");
  }
  address->prefix = has_mask ? std::min(address->prefix, static_cast<int>(mask)) : address->prefix;
  std::string text;
  for (int i = 0; i < 16; ++i) {
    const auto kept = std::clamp(address->prefix - 8 * i, 0, 8);
    const auto byte = address->bytes[static_cast<std::size_t>(i)] & (0xFF00 >> kept & 0xFF);
    text += fmt::format("{}{:02x}", i > 0 && i % 2 == 0 ? ":" : "", byte);
  }
  return Value::string(std::move(text));
}

/// The fewest ranges that have just the addresses from one to the other.
auto to_ranges(Arguments a, EvaluationContext&) -> Value {
  const auto first = read_v4(a[0].text());
  const auto last = read_v4(a[1].text());
  std::vector<std::string> ranges;
  if (!first || !last) {
    return Value{};
  }
  const auto end = number_of(*last) + 1;
  for (auto at = number_of(*first); at < end;) {
    int bits = 32;
    std::int64_t size = 1;
    while (bits > 0 && at % (size * 2) == 0 && at + size * 2 <= end) {
      size *= 2;
      --bits;
    }
    ranges.push_back(fmt::format("\"{}/{}\"", dotted(at), bits));
    at += size;
  }
  return array_of(ranges);
}

auto netmask_suffix(Arguments a, EvaluationContext&) -> Value {
  const auto address = read_v4(a[0].text());
  return address ? Value::int64(address->prefix - 96) : Value::null(Type::int64);
}

} // namespace

auto network_functions() -> std::vector<Function> {
  constexpr auto network = Family::network;
  constexpr std::string_view pair = "string, string, [long] -> bool";
  constexpr std::string_view ranges = "string, any... -> bool; dynamic, any... -> bool";
  return {
      {"parse_ipv4",
       {},
       network,
       "string -> long",
       "The address as a number; null when it is none.",
       "parse_ipv4(\"192.0.2.1\") => 3221225985",
       parse_ipv4},
      {"parse_ipv4_mask",
       {},
       network,
       "string, long -> long",
       "The first bits of the address as a number.",
       "parse_ipv4_mask(\"192.0.2.1\", 24) => 3221225984",
       parse_ipv4_mask},
      {"format_ipv4",
       {},
       network,
       "any, [long] -> string",
       "The first bits of an address as four numbers.",
       "format_ipv4(\"192.0.2.1\", 24) => 192.0.2.0",
       format_ipv4<false>},
      {"format_ipv4_mask",
       {},
       network,
       "any, [long] -> string",
       "The first bits of an address with how many they are.",
       "format_ipv4_mask(\"192.0.2.1\", 24) => 192.0.2.0/24",
       format_ipv4<true>},
      {"ipv4_range_to_cidr_list",
       {},
       network,
       "string, string -> dynamic",
       "The fewest ranges that have all addresses from one to the other.",
       "ipv4_range_to_cidr_list(\"192.0.2.0\", \"192.0.2.2\") => "
       "[\"192.0.2.0/31\",\"192.0.2.2/32\"]",
       to_ranges},
      {"ipv4_netmask_suffix",
       {},
       network,
       "string -> long",
       "How many bits the prefix has, 32 without one.",
       "ipv4_netmask_suffix(\"192.0.2.0/24\") => 24",
       netmask_suffix},
      {"parse_ipv6_mask",
       {},
       network,
       "string, long -> string",
       "The first bits of the address, written out.",
       "parse_ipv6_mask(\"2001:db8::1\", 16) => 2001:0000:0000:0000:0000:0000:0000:0000",
       parse_ipv6},
      {"ipv4_compare",
       {},
       network,
       "string, string, [long] -> long",
       "-1, 0 or 1, by the bits that the prefixes leave.",
       "ipv4_compare(\"192.0.2.1\", \"192.0.2.2\") => -1",
       address_compare<read_v4, 96>},
      {"ipv4_is_match",
       {},
       network,
       pair,
       "Equal in the bits that the prefixes leave.",
       "ipv4_is_match(\"192.0.2.1\", \"192.0.2.9/24\") => true",
       is_match<read_v4, 96>},
      {"ipv4_is_in_range",
       {},
       network,
       "string, string -> bool",
       "The address is in the range.",
       "ipv4_is_in_range(\"192.0.2.1\", \"192.0.2.0/24\") => true",
       is_in_range<read_v4>},
      {"ipv4_is_in_any_range",
       {},
       network,
       ranges,
       "The address is in one of the ranges.",
       "ipv4_is_in_any_range(\"192.0.2.1\", \"192.0.2.0/24\") => true",
       is_in_any_range<read_v4>},
      {"ipv4_is_private",
       {},
       network,
       "string -> bool",
       "The address is of a private network.",
       "ipv4_is_private(\"10.1.2.3\") => true",
       is_private},
      {"parse_ipv6",
       {},
       network,
       "string -> string",
       "The address with all its digits; \"\" when it is none.",
       "parse_ipv6(\"2001:db8::1\") => 2001:0db8:0000:0000:0000:0000:0000:0001",
       parse_ipv6},
      {"ipv6_compare",
       {},
       network,
       "string, string, [long] -> long",
       "-1, 0 or 1, by the bits that the prefixes leave.",
       "ipv6_compare(\"2001:db8::1\", \"2001:db8::2\") => -1",
       address_compare<read_v6, 0>},
      {"ipv6_is_match",
       {},
       network,
       pair,
       "Equal in the bits that the prefixes leave.",
       "ipv6_is_match(\"2001:db8::1\", \"2001:db8::2/64\") => true",
       is_match<read_v6, 0>},
      {"ipv6_is_in_range",
       {},
       network,
       "string, string -> bool",
       "The address is in the range.",
       "ipv6_is_in_range(\"2001:db8::1\", \"2001:db8::/32\") => true",
       is_in_range<read_v6>},
      {"ipv6_is_in_any_range",
       {},
       network,
       ranges,
       "The address is in one of the ranges.",
       "ipv6_is_in_any_range(\"2001:db8::1\", \"2001:db8::/32\") => true",
       is_in_any_range<read_v6>},
  };
}

} // namespace sluice::kql

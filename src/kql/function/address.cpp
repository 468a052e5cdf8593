// SPDX-License-Identifier: Apache-2.0
#include "kql/function/address.hpp"

#include <arpa/inet.h>

#include "kql/conversion.hpp"

namespace sluice::kql {
namespace {

auto prefix_of(std::string_view text, int most) -> std::optional<int> {
  const auto number = parse_long(text);
  return number && *number >= 0 && *number <= most ? std::optional{static_cast<int>(*number)}
                                                   : std::nullopt;
}

} // namespace

auto read_v4(std::string_view text) -> std::optional<Address> {
  const auto slash = text.find('/');
  const auto prefix =
      slash == std::string_view::npos ? std::optional{32} : prefix_of(text.substr(slash + 1), 32);
  Address address;
  const std::string host{text.substr(0, slash)};
  if (!prefix || inet_pton(AF_INET, host.c_str(), address.bytes.data() + 12) != 1) {
    return std::nullopt;
  }
  address.bytes[10] = address.bytes[11] = 0xFF;
  address.prefix = 96 + *prefix;
  return address;
}

auto read_v6(std::string_view text) -> std::optional<Address> {
  if (const auto v4 = read_v4(text)) {
    return v4;
  }
  const auto slash = text.find('/');
  const auto prefix =
      slash == std::string_view::npos ? std::optional{128} : prefix_of(text.substr(slash + 1), 128);
  Address address;
  const std::string host{text.substr(0, slash)};
  if (!prefix || inet_pton(AF_INET6, host.c_str(), address.bytes.data()) != 1) {
    return std::nullopt;
  }
  address.prefix = *prefix;
  return address;
}

auto texts_of(Arguments a) -> std::vector<std::string> {
  std::vector<std::string> texts;
  for (const auto& value : a) {
    if (!is_array(value)) {
      texts.push_back(to_text(value));
      continue;
    }
    for (const auto item : items_of(value)) {
      texts.push_back(json_to_text(item));
    }
  }
  return texts;
}

} // namespace sluice::kql

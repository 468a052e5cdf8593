// SPDX-License-Identifier: Apache-2.0
#include "record/wanted_fields.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "record/json_text.hpp"

namespace sluice::record {
namespace {

/// Letters, digits and the like can be escaped only as `\u0041`: five bytes more each time.
auto has_only_long_escapes(std::string_view name) -> bool {
  return std::ranges::all_of(name, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\' && c != '/';
  });
}

} // namespace

WantedFields::WantedFields(std::vector<std::string> names) {
  CHECK(names.size() <= max_names);
  slots_.fill(none);
  std::size_t longest = 0;
  for (auto& name : names) {
    longest = std::max(longest, name.size());
    const bool has_backslash = name.find('\\') != std::string::npos;
    names_.push_back({std::move(name), has_backslash});
  }
  by_length_.resize(6 * longest + 1);
  // The last one first, so that of those that are the same the first one is found.
  for (auto at = static_cast<std::uint8_t>(names_.size()); at-- > 0;) {
    const auto& name = names_[at].text;
    names_[at].next = std::exchange(slots_[slot_of(name)], at);
    const auto first = bit_of(first_of(name));
    auto& length = by_length_[name.size()];
    length.first |= first;
    length.plain |= first;
    const std::size_t step = has_only_long_escapes(name) ? 5 : 1;
    for (auto bytes = name.size() + step; bytes <= 6 * name.size(); bytes += step) {
      by_length_[bytes].first |= first | bit_of('\\');
      by_length_[bytes].escaped = true;
    }
  }
}

auto WantedFields::find(std::string_view key) const -> std::optional<std::size_t> {
  const auto plain = find_plain(key);
  if (plain && !names_[*plain].has_backslash) {
    return plain;
  }
  if (!by_length_[key.size()].escaped || key.find('\\') == std::string_view::npos) {
    return plain;
  }
  std::string storage;
  const auto text = unescaped(key, storage);
  return text ? find_plain(*text) : std::nullopt;
}

auto WantedFields::find_in_slot(std::string_view key) const -> std::optional<std::size_t> {
  for (auto at = slots_[slot_of(key)]; at != none; at = names_.data()[at].next) {
    if (names_.data()[at].text == key) {
      return at;
    }
  }
  return std::nullopt;
}

} // namespace sluice::record

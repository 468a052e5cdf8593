// SPDX-License-Identifier: Apache-2.0
#include "record/wanted_fields.hpp"

#include <algorithm>
#include <span>
#include <utility>

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
  std::size_t longest = 0;
  for (auto& name : names) {
    longest = std::max(longest, name.size());
    names_.push_back({std::move(name), names_.size()});
  }
  std::ranges::stable_sort(names_, {}, [](const Name& name) { return name.text.size(); });
  by_length_.resize(6 * longest + 1);
  for (std::uint32_t at = 0; at < names_.size(); ++at) {
    const auto& name = names_[at].text;
    const auto first = bit_of(name.empty() ? '"' : name.front());
    auto& length = by_length_[name.size()];
    length.first |= first;
    length.plain |= first;
    length.begin = length.count == 0 ? at : length.begin;
    ++length.count;
    const std::size_t step = has_only_long_escapes(name) ? 5 : 1;
    for (auto bytes = name.size() + step; bytes <= 6 * name.size(); bytes += step) {
      by_length_[bytes].first |= first | bit_of('\\');
      by_length_[bytes].escaped = true;
    }
  }
}

auto WantedFields::find(std::string_view key) const -> std::optional<std::size_t> {
  if (by_length_[key.size()].escaped && key.find('\\') != std::string_view::npos) {
    std::string storage;
    const auto text = unescaped(key, storage);
    return text ? find_plain(*text) : std::nullopt;
  }
  return find_plain(key);
}

auto WantedFields::find_of_length(std::string_view key) const -> std::optional<std::size_t> {
  const auto& length = by_length_[key.size()];
  for (const auto& name : std::span{names_}.subspan(length.begin, length.count)) {
    // Names of one length seldom end alike.
    if (key.empty() || (name.text.back() == key.back() && name.text == key)) {
      return name.place;
    }
  }
  return std::nullopt;
}

} // namespace sluice::record

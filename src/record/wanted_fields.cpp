// SPDX-License-Identifier: Apache-2.0
#include "record/wanted_fields.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

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

WantedFields::WantedFields(std::vector<std::string> names) : names_{std::move(names)} {
  std::size_t longest = 0;
  for (const auto& name : names_) {
    longest = std::max(longest, name.size());
  }
  by_length_.resize(6 * longest + 1);
  for (const auto& name : names_) {
    const auto first = name.empty() ? bit_of('"') : bit_of(name.front());
    by_length_[name.size()].first |= first;
    by_length_[name.size()].plain |= first;
    const std::size_t step = has_only_long_escapes(name) ? 5 : 1;
    for (auto bytes = name.size() + step; bytes <= 6 * name.size(); bytes += step) {
      by_length_[bytes].first |= first | bit_of('\\');
      by_length_[bytes].escaped = true;
    }
  }
  in_order_.resize(names_.size());
  std::iota(in_order_.begin(), in_order_.end(), 0U);
  std::ranges::stable_sort(in_order_, {}, [&](auto place) { return names_[place].size(); });
  for (std::uint32_t at = 0; at < in_order_.size(); ++at) {
    auto& length = by_length_[names_[in_order_[at]].size()];
    length.begin = length.count == 0 ? at : length.begin;
    ++length.count;
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
  for (auto at = length.begin; at < length.begin + length.count; ++at) {
    const auto& name = names_[in_order_[at]];
    if (std::memcmp(name.data(), key.data(), key.size()) == 0) {
      return in_order_[at];
    }
  }
  return std::nullopt;
}

} // namespace sluice::record

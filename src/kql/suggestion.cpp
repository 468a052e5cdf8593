// SPDX-License-Identifier: Apache-2.0
#include "kql/suggestion.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include "kql/case_fold.hpp"

namespace sluice::kql {
namespace {

/// Levenshtein's distance, letters' case set aside.
auto edits_between(std::string_view a, std::string_view b) -> std::size_t {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substituted});
    }
  }
  return row.back();
}

} // namespace

auto closest_name(std::string_view name, std::span<const std::string_view> candidates)
    -> std::string {
  constexpr std::size_t longest = 128;
  if (name.size() > longest) {
    return {};
  }
  const auto wanted = to_lower(name);
  auto fewest = std::max<std::size_t>(1, name.size() / 3) + 1;
  std::string_view best;
  for (const auto candidate : candidates) {
    if (candidate.size() > longest) {
      continue;
    }
    const auto name_there = to_lower(candidate);
    const auto [shorter, longer] = std::minmax({wanted.size(), name_there.size()});
    if (longer - shorter >= fewest) {
      continue; // So many letters would have to come or go.
    }
    if (const auto edits = edits_between(wanted, name_there); edits < fewest) {
      fewest = edits;
      best = candidate;
    }
  }
  return std::string{best};
}

} // namespace sluice::kql

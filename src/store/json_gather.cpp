// SPDX-License-Identifier: Apache-2.0
#include "store/json_gather.hpp"

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"

namespace sluice::store {
namespace {

/// Joins texts by commas until there are enough.
class Joiner {
public:
  explicit Joiner(std::int64_t limit) : left_{limit} {}

  [[nodiscard]] auto full() const -> bool { return left_ <= 0; }
  void add(std::string_view key, std::string_view value) {
    if (full()) {
      return;
    }
    --left_;
    text_ += text_.empty() ? "" : ",";
    text_.append(key).append(key.empty() ? "" : ":").append(value);
  }
  [[nodiscard]] auto text() const -> const std::string& { return text_; }

private:
  std::int64_t left_;
  std::string text_;
};

/// Arrays among the items stand for their own items.
template <class Visit>
void for_each_item(std::string_view items, Visit visit) {
  for (kql::JsonItems item{items}; item.next();) {
    if (kql::json_kind(item.value()) != kql::JsonKind::array) {
      visit(item.value());
      continue;
    }
    for (kql::JsonItems inner{item.value()}; inner.next();) {
      visit(inner.value());
    }
  }
}

struct Weighted {
  std::string_view text;
  double value = 0;
  double weight = 0;
};

auto weighted_values(std::string_view pairs) -> std::vector<Weighted> {
  std::vector<Weighted> values;
  while (!pairs.empty()) {
    const auto end = std::min(pairs.find(','), pairs.size());
    const auto pair = pairs.substr(0, end);
    const auto colon = std::min(pair.find(':'), pair.size());
    const auto value = kql::parse_real(pair.substr(0, colon));
    const auto weight = kql::parse_real(pair.substr(std::min(colon + 1, pair.size())));
    if (value && weight && *weight > 0) {
      values.push_back({pair.substr(0, colon), *value, *weight});
    }
    pairs.remove_prefix(std::min(end + 1, pairs.size()));
  }
  return values;
}

} // namespace

auto gather_list(std::string_view items, std::int64_t limit) -> std::string {
  Joiner joined{limit};
  for_each_item(items, [&](std::string_view value) { joined.add({}, value); });
  return "[" + joined.text() + "]";
}

auto gather_set(std::string_view items, std::int64_t limit) -> std::string {
  Joiner joined{limit};
  std::unordered_set<std::string_view> seen;
  for_each_item(items, [&](std::string_view value) {
    if (value != "null" && seen.insert(value).second) {
      joined.add({}, value);
    }
  });
  return "[" + joined.text() + "]";
}

auto gather_bag(std::string_view items, std::int64_t limit) -> std::string {
  Joiner joined{limit};
  std::unordered_set<std::string_view> seen;
  for (kql::JsonItems item{items}; !joined.full() && item.next();) {
    if (kql::json_kind(item.value()) != kql::JsonKind::object) {
      continue;
    }
    for (kql::JsonItems member{item.value()}; member.next();) {
      if (seen.insert(member.key()).second) {
        joined.add(member.key(), member.value());
      }
    }
  }
  return "{" + joined.text() + "}";
}

auto weighted_percentile(std::string_view pairs, double percent) -> std::string {
  auto values = weighted_values(pairs);
  std::ranges::sort(values, {}, &Weighted::value);
  double total = 0;
  for (const auto& value : values) {
    total += value.weight;
  }
  const auto wanted = total * std::clamp(percent, 0.0, 100.0) / 100;
  double sum = 0;
  for (const auto& value : values) {
    sum += value.weight;
    if (sum >= wanted) {
      return std::string{value.text};
    }
  }
  return values.empty() ? "" : std::string{values.back().text};
}

} // namespace sluice::store

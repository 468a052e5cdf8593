// SPDX-License-Identifier: Apache-2.0
#include "pipeline/delivery_group.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/failpoint.hpp"
#include "base/sha256.hpp"

namespace sluice::pipeline {
namespace {

/// Versions of cases that are made durable at a destination together.
constexpr std::size_t case_group = 128;

/// Names a content as it is delivered, in few characters: a note holds a thousand of them within
/// the 32 Ki that the narrowest ledger allows.
auto line_of(const ledger::Delivery& delivery) -> std::string {
  constexpr std::size_t digits = 16;
  return to_hex(sha256(fmt::format("{} {} {} {}",
                                   delivery.key.feed.tenant,
                                   delivery.key.feed.content_type,
                                   delivery.key.content_id,
                                   delivery.generation)))
      .substr(0, digits);
}

auto lines_of(std::string_view text) -> std::vector<std::string> {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

auto name_of(std::string_view what) -> std::string {
  constexpr std::size_t digits = 32;
  return to_hex(sha256(what)).substr(0, digits);
}

} // namespace

auto DeliveryGroups::next() -> Result<DeliveryGroup> {
  const auto note = fmt::format("delivery_group/{}", slot_.name);
  if (slot_.named_groups) {
    TRY(const auto kept, ledger_.recall(note));
    TRY(auto again, found_again(lines_of(kept.value_or(""))));
    if (!again.empty()) {
      return DeliveryGroup{name_of(*kept), std::move(again)};
    }
  }
  TRY(auto deliveries, cut());
  std::string text;
  for (const auto& delivery : deliveries) {
    text += line_of(delivery) + "\n";
  }
  if (slot_.named_groups && !deliveries.empty()) {
    TRY_DO(ledger_.remember(note, text));
    FAILPOINT("deliver.after_group");
  }
  return DeliveryGroup{name_of(text), std::move(deliveries)};
}

auto DeliveryGroups::finished() -> Result<> {
  return slot_.named_groups ? ledger_.remember(fmt::format("delivery_group/{}", slot_.name), "")
                            : Result<>{};
}

auto DeliveryGroups::cut() -> Result<std::vector<ledger::Delivery>> {
  TRY(auto all, ledger_.undelivered(slot_.name, slot_.group));
  std::uint64_t bytes = 0;
  std::size_t taken = 0;
  for (; taken < all.size(); ++taken) {
    bytes += all[taken].staged ? all[taken].staged->bytes : 0;
    if (taken > 0 && bytes > slot_.group_bytes) {
      break;
    }
  }
  all.resize(taken);
  return all;
}

/// Contents that were replayed or set aside meanwhile are left out.
auto DeliveryGroups::found_again(const std::vector<std::string>& lines)
    -> Result<std::vector<ledger::Delivery>> {
  const std::unordered_set<std::string> wanted{lines.begin(), lines.end()};
  std::vector<ledger::Delivery> found;
  auto limit = lines.size();
  while (!lines.empty()) {
    limit *= 4;
    found.clear();
    TRY(auto all, ledger_.undelivered(slot_.name, limit));
    const auto count = all.size();
    for (auto& delivery : all) {
      if (wanted.contains(line_of(delivery))) {
        found.push_back(std::move(delivery));
      }
    }
    if (found.size() == lines.size() || count < limit) {
      break;
    }
  }
  return found;
}

auto DeliveryGroups::next_cases() -> Result<CaseGroup> {
  TRY(auto epoch, ledger_.case_epoch());
  TRY(auto cases, ledger_.undelivered_cases(slot_.name, case_group));
  if (cases.empty()) {
    return CaseGroup{{}, std::move(epoch), {}};
  }
  if (slot_.named_groups) {
    const auto note = fmt::format("delivery_cases/{}", slot_.name);
    TRY(const auto kept, ledger_.recall(note));
    const auto same = std::ranges::find_if(cases, [&](const ledger::CaseVersion& told) {
      return kept == fmt::format("{} {}", epoch, told.sequence);
    });
    if (same != cases.end()) {
      cases.erase(same + 1, cases.end());
    } else {
      TRY_DO(ledger_.remember(note, fmt::format("{} {}", epoch, cases.back().sequence)));
    }
  }
  auto name =
      name_of(fmt::format("cases {} {} {}", epoch, cases.front().sequence, cases.back().sequence));
  return CaseGroup{std::move(name), std::move(epoch), std::move(cases)};
}

} // namespace sluice::pipeline

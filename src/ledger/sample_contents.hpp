// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/content.hpp"

/// For tests: feeds, times and contents to fill a ledger with.
namespace sluice::ledger {

inline auto at(std::string_view iso) -> DateTime {
  return parse_iso8601(iso).value();
}

inline const Feed general{"11111111-2222-3333-4444-555555555555", "Audit.General"};
inline const Feed exchange{general.tenant, "Audit.Exchange"};
inline const Feed elsewhere{"22222222-2222-3333-4444-555555555555", "Audit.General"};
inline const DateTime noon = at("2026-07-13T12:00:00Z");

inline auto hours(std::int64_t n) -> Ticks {
  return std::chrono::duration_cast<Ticks>(std::chrono::hours{n});
}

inline auto guid(int n) -> std::string {
  auto digits = std::to_string(n);
  return "aaaaaaaa-0000-0000-0000-" + std::string(12 - digits.size(), '0') + digits;
}

/// A content with `kept` relevant records of the ids `first`, `first` + 1, ...
inline auto collected(std::string id, int first, std::size_t kept, const Feed& feed = general)
    -> CollectedContent {
  CollectedContent content;
  content.key = {feed, id};
  content.raw = {"raw/" + id, 10, {}};
  for (std::size_t i = 0; i < kept; ++i) {
    content.claims.push_back(guid(first + static_cast<int>(i)));
  }
  if (kept != 0) {
    content.staged = StoredObject{"staged/" + id, 100, {std::byte{7}}};
    content.rules = {{"phishing", kept}};
  }
  content.dropped = 5;
  content.quarantined = 1;
  content.records = kept + content.dropped + content.quarantined;
  return content;
}

} // namespace sluice::ledger

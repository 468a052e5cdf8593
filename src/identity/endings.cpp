// SPDX-License-Identifier: Apache-2.0
#include "identity/endings.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"

namespace sluice::identity {
namespace {

using std::chrono::days;

/// Days before the end at which it is told.
constexpr std::array warnings{days{30}, days{7}, days{1}, days{0}};

auto warnings_due(DateTime end, DateTime now) -> std::size_t {
  return static_cast<std::size_t>(
      std::ranges::count_if(warnings, [&](days before) { return now + before >= end; }));
}

void tell(const Endings::Ending& ending, DateTime now) {
  const bool is_urgent = now + days{1} >= ending.end;
  log(is_urgent ? LogLevel::error : LogLevel::warning,
      "credential_ends",
      fmt::format("{} {}", ending.what, ending.end <= now ? "has ended" : "ends soon"),
      {{"end", to_iso8601(ending.end, 0)},
       {"days_left",
        static_cast<std::int64_t>(std::chrono::floor<days>(ending.end - now).count())}});
}

} // namespace

void Endings::note(std::string what, DateTime end) {
  const std::lock_guard lock{mutex_};
  const auto same =
      std::ranges::find_if(noted_, [&](const Noted& noted) { return noted.ending.what == what; });
  if (same == noted_.end()) {
    noted_.push_back({.ending = {std::move(what), end}});
  } else if (same->ending.end != end) {
    *same = {.ending = {std::move(what), end}};
  }
}

void Endings::look(DateTime now) {
  const std::lock_guard lock{mutex_};
  for (auto& [ending, told] : noted_) {
    const auto due = warnings_due(ending.end, now);
    if (due > told) {
      tell(ending, now);
      told = due;
    }
  }
}

auto Endings::all() const -> std::vector<Ending> {
  const std::lock_guard lock{mutex_};
  std::vector<Ending> endings;
  for (const auto& noted : noted_) {
    endings.push_back(noted.ending);
  }
  return endings;
}

auto time_until(DateTime end, DateTime now) -> std::string {
  const bool is_past = end <= now;
  const auto whole = std::chrono::floor<days>(is_past ? now - end : end - now).count();
  const auto text = fmt::format("{} day{}", whole, whole == 1 ? "" : "s");
  return is_past ? text + " ago" : "in " + text;
}

} // namespace sluice::identity

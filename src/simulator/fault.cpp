// SPDX-License-Identifier: Apache-2.0
#include "simulator/fault.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/random.hpp"

namespace sluice::simulator {
namespace {

constexpr int most_spoilt_in_a_row = 3;
constexpr std::uint64_t wave_requests = 40;
// The histories of a very long run are forgotten rather than kept without end.
constexpr std::size_t most_histories = 1'000'000;

struct FaultRow {
  std::string_view name;
  bool spoils;     ///< The request must be made again.
  double fallback; ///< The rate in the mix `default`.
  double hostile;  ///< The rate in the mix `hostile`.
};

constexpr std::array<FaultRow, fault_count> rows{{
    {"throttle_403", true, 0.01, 0.03},
    {"throttle_429", true, 0.002, 0.03},
    {"server_error", true, 0.01, 0.08},
    {"http_408", true, 0.002, 0.01},
    {"http_502", true, 0.002, 0.01},
    {"http_503", true, 0.003, 0.01},
    {"http_504", true, 0.002, 0.01},
    {"sign_in_unavailable", true, 0.05, 0.2},
    {"start_throttled", true, 0.1, 0.3},
    {"html_body", true, 0.002, 0.01},
    {"empty_body", true, 0.002, 0.02},
    {"object_200", true, 0.001, 0.02},
    {"truncated_body", true, 0.005, 0.03},
    {"reset_mid_body", true, 0.005, 0.03},
    {"slow_drip", false, 0.002, 0.01},
    {"lower_case_header", false, 0.2, 0.5},
    {"single_quoted_errors", false, 0.05, 0.3},
    {"wrong_date", false, 0, 0},
    {"token_expired", true, 0.0005, 0.003},
    {"subscription_missing", true, 0, 0.002},
    {"subscription_disabled", true, 0.0005, 0.002},
    {"dlp_forbidden", false, 0, 0},
    {"window_24h", false, 1, 1},
    {"late_blob", false, 0, 0},
    {"expired_blob", false, 0, 0},
    {"foreign_next_page", true, 0, 0.05},
    {"foreign_content_uri", false, 0, 0.003},
    {"next_page_loop", true, 0, 0.03},
}};

auto row_of(Fault fault) noexcept -> const FaultRow& {
  return rows[static_cast<std::size_t>(fault)];
}

/// FNV-1a, so that every machine rolls the same.
auto hash_of(std::string_view text) noexcept -> std::uint64_t {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  }
  return hash;
}

} // namespace

auto name_of(Fault fault) noexcept -> std::string_view {
  return row_of(fault).name;
}

auto parse_fault(std::string_view name) noexcept -> std::optional<Fault> {
  const auto* const row = std::ranges::find(rows, name, &FaultRow::name);
  if (row == rows.end()) {
    return std::nullopt;
  }
  return static_cast<Fault>(row - rows.begin());
}

auto FaultPlan::use_mix(std::string_view name) -> Result<> {
  if (name != "none" && name != "default" && name != "hostile") {
    return Error{ErrorKind::invalid_input,
                 fmt::format("no fault mix \"{}\"; there are none, default and hostile", name)};
  }
  for (std::size_t i = 0; i < fault_count; ++i) {
    rates[i] = name == "none" ? 0.0 : name == "default" ? rows[i].fallback : rows[i].hostile;
  }
  return {};
}

auto FaultPlan::set(std::string_view assignment) -> Result<> {
  const auto equals = std::min(assignment.find('='), assignment.size());
  const auto fault = parse_fault(assignment.substr(0, equals));
  if (!fault) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("no fault \"{}\"", assignment.substr(0, equals))};
  }
  const auto text = assignment.substr(std::min(equals + 1, assignment.size()));
  double value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= 1)) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("the rate in \"{}\" is not a number from 0 to 1", assignment)};
  }
  rates[static_cast<std::size_t>(*fault)] = value;
  return {};
}

auto FaultInjector::begin(std::string key) -> FaultDraw {
  const std::lock_guard lock{mutex_};
  if (histories_.size() > most_histories) {
    histories_.clear();
  }
  ++requests_;
  auto& history = histories_[key];
  if (!std::exchange(history.last_spoilt, false)) {
    history.spoilt_in_a_row = 0;
  }
  return {*this, std::move(key), history.attempts++};
}

auto FaultInjector::always_hits(Fault fault, std::string_view thing) const -> bool {
  return roll(fault, thing, 0);
}

auto FaultInjector::roll(Fault fault, std::string_view key, std::uint64_t attempt) const -> bool {
  const double rate = plan_.rate(fault);
  if (rate <= 0) {
    return false;
  }
  const auto kind = (static_cast<std::uint64_t>(fault) + 1) * 0x9E3779B97F4A7C15U;
  auto mixed = Random{plan_.seed ^ kind};
  return Random{mixed.next() ^ hash_of(key) ^ (attempt * 0xD1342543DE82EF95U)}.chance(rate);
}

auto FaultInjector::may_spoil(const std::string& key) -> bool {
  const std::lock_guard lock{mutex_};
  return histories_[key].spoilt_in_a_row < most_spoilt_in_a_row;
}

void FaultInjector::note_spoilt(const std::string& key) {
  const std::lock_guard lock{mutex_};
  auto& history = histories_[key];
  history.last_spoilt = true;
  ++history.spoilt_in_a_row;
}

auto FaultDraw::fires(Fault fault) -> bool {
  const bool spoils = row_of(fault).spoils;
  if (injector_.plan_.rate(fault) <= 0 || (spoils && spoilt_)) {
    return false;
  }
  bool hit = false;
  if (fault == Fault::server_error) {
    std::uint64_t wave = 0;
    {
      const std::lock_guard lock{injector_.mutex_};
      wave = injector_.requests_ / wave_requests;
    }
    hit = injector_.roll(fault, "wave", wave);
  } else {
    hit = injector_.roll(fault, key_, attempt_);
  }
  if (!hit || (spoils && !injector_.may_spoil(key_))) {
    return false;
  }
  if (spoils) {
    spoilt_ = true;
    injector_.note_spoilt(key_);
  }
  injector_.journal_.count_fault(name_of(fault));
  return true;
}

auto FaultDraw::fires_for(Fault fault, std::string_view part) -> bool {
  // The first tries may be hit, later ones never: a listing that is repeated comes clean.
  if (attempt_ >= most_spoilt_in_a_row || !injector_.roll(fault, part, attempt_)) {
    return false;
  }
  injector_.journal_.count_fault(name_of(fault));
  return true;
}

} // namespace sluice::simulator

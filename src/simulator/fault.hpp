// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "simulator/journal.hpp"

namespace sluice::simulator {

/// What can go wrong on purpose. All but the last group were seen in the field (observed).
enum class Fault : std::uint8_t {
  // Replies that ask for patience.
  throttle_403,        ///< AF429 as HTTP 403, the usual form.
  throttle_429,        ///< AF429 as HTTP 429 with Retry-After.
  server_error,        ///< AF50000, in waves of 40 requests.
  http_408,            ///< Without a code, as the next three.
  http_502,            ///< With an HTML body.
  http_503,            ///
  http_504,            ///
  sign_in_unavailable, ///< AADSTS90033 from the token endpoint.
  start_throttled,     ///< A start refused with the code "429" and a wait in the text.
  // Replies that are no good.
  html_body,      ///< 200 with a page of HTML.
  empty_body,     ///< 200 with nothing.
  object_200,     ///< 200 with an error object where an array belongs.
  truncated_body, ///< The body ends early although its length is announced so.
  reset_mid_body, ///< The connection is reset in the middle of the body.
  // Slowness and odd spelling; nothing is lost.
  slow_drip,            ///< The body comes in twenty pieces with pauses.
  lower_case_header,    ///< `nextpageuri`.
  single_quoted_errors, ///< `{'error':{'code':'AF429',...}}`.
  wrong_date,           ///< `Date` is a day ahead.
  // The tenant's state changes.
  token_expired,         ///< 401 from now on for this token.
  subscription_missing,  ///< AF20022 until started again.
  subscription_disabled, ///< AF20023 until started again.
  dlp_forbidden,         ///< AF10001 for DLP.All; does not pass.
  window_24h,            ///< A window of exactly 24 hours gets AF20055; does not pass.
  late_blob,             ///< A blob is missing from the first listing of its window.
  expired_blob,          ///< A listed blob has expired (AF20051); its records are lost.
  // An attacker writes the replies.
  foreign_next_page,   ///< NextPageUri leads to the trap.
  foreign_content_uri, ///< contentUri leads to the trap.
  next_page_loop,      ///< NextPageUri is the request itself.
};
inline constexpr std::size_t fault_count = static_cast<std::size_t>(Fault::next_page_loop) + 1;

[[nodiscard]] auto name_of(Fault fault) noexcept -> std::string_view;
[[nodiscard]] auto parse_fault(std::string_view name) noexcept -> std::optional<Fault>;

/// How often each fault happens: a chance from 0 to 1 for each request that it can hit.
struct FaultPlan {
  std::array<double, fault_count> rates{};
  std::uint64_t seed = 1;

  [[nodiscard]] auto rate(Fault fault) const noexcept -> double {
    return rates[static_cast<std::size_t>(fault)];
  }
  /// Sets all rates: `none`; `default`, what a collector meets in any week; `hostile`, far more of
  /// it, and an attacker. No mix loses a record for good or needs a second run.
  /// Errors: invalid_input for another name.
  [[nodiscard]] auto use_mix(std::string_view name) -> Result<>;
  /// Reads `truncated_body=0.01`.
  /// Errors: invalid_input when there is no such fault or the rate is not in 0..1.
  [[nodiscard]] auto set(std::string_view assignment) -> Result<>;
};

class FaultInjector;

/// The faults of one request.
class FaultDraw {
public:
  /// Whether the fault happens now. At most one that spoils the reply does per request, and no
  /// more than three requests in a row with the same key are spoilt, so that every run ends.
  [[nodiscard]] auto fires(Fault fault) -> bool;
  /// The same for a part of the request, such as one row of a listing. Draws apart from the rest.
  [[nodiscard]] auto fires_for(Fault fault, std::string_view part) -> bool;

private:
  friend class FaultInjector;
  FaultDraw(FaultInjector& injector, std::string key, std::uint64_t attempt)
      : injector_{injector},
        key_{std::move(key)},
        attempt_{attempt} {}

  FaultInjector& injector_;
  std::string key_;
  std::uint64_t attempt_;
  bool spoilt_ = false;
};

/// Decides, from the seed, the request's key and how often that was asked, so the same requests
/// meet the same faults whatever order they come in. (Waves go by the count of all requests.)
///
/// Threads: any.
class FaultInjector {
public:
  /// `journal` must outlive the injector; it counts what fired.
  FaultInjector(const FaultPlan& plan, Journal& journal) : plan_{plan}, journal_{journal} {}

  /// A request begins. `key` is what a client repeats when it tries again.
  [[nodiscard]] auto begin(std::string key) -> FaultDraw;
  /// For faults that hang on something else than a request, such as a stretch of the feed. Always
  /// the same answer for the same thing.
  [[nodiscard]] auto always_hits(Fault fault, std::string_view thing) const -> bool;
  [[nodiscard]] auto plan() const noexcept -> const FaultPlan& { return plan_; }

private:
  friend class FaultDraw;
  struct History {
    std::uint64_t attempts = 0;
    int spoilt_in_a_row = 0;
    bool last_spoilt = false;
  };

  [[nodiscard]] auto roll(Fault fault, std::string_view key, std::uint64_t attempt) const -> bool;
  [[nodiscard]] auto may_spoil(const std::string& key) -> bool;
  void note_spoilt(const std::string& key);

  const FaultPlan plan_;
  Journal& journal_;
  std::mutex mutex_;
  std::unordered_map<std::string, History> histories_;
  std::uint64_t requests_ = 0;
};

} // namespace sluice::simulator

// SPDX-License-Identifier: Apache-2.0
#include "pipeline/deliver.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "base/log.hpp"
#include "pipeline/destination_delivery.hpp"

namespace sluice::pipeline {
namespace {

/// How long to wait for a destination that somebody else is using.
constexpr auto busy_wait = std::chrono::milliseconds{250};

} // namespace

Deliver::Deliver(std::span<const DestinationSlot> destinations,
                 ledger::Ledger& ledger,
                 archive::Archive& archive,
                 Options options,
                 Clock& clock,
                 Progress& progress)
    : destinations_{destinations},
      ledger_{ledger},
      archive_{archive},
      options_{options},
      clock_{clock},
      progress_{progress} {}

auto Deliver::run(Doorbell& upstream, Doorbell& downstream, const std::stop_token& stop)
    -> Result<> {
  std::vector<std::string> names;
  std::ranges::transform(destinations_, std::back_inserter(names), &DestinationSlot::name);
  TRY_DO(ledger_.configure_destinations(names));
  std::stop_source source;
  const std::stop_callback forward{stop, [&] { source.request_stop(); }};
  std::deque<Doorbell> bells(destinations_.size()); // One each, since a ring wakes but one.
  std::mutex mutex;
  Result<> outcome;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < destinations_.size(); ++i) {
      threads.emplace_back([&, i] {
        auto result = serve(destinations_[i], bells[i], source.get_token());
        if (result) {
          return;
        }
        const std::lock_guard lock{mutex};
        if (must_end_run(result.error())) {
          source.request_stop(); // The others finish the group that is under way.
        }
        if (outcome || (!must_end_run(outcome.error()) && must_end_run(result.error()))) {
          outcome = std::move(result);
        }
      });
    }
    while (!upstream.closed() && !source.stop_requested()) {
      upstream.wait(options_.interval, source.get_token());
      std::ranges::for_each(bells, &Doorbell::ring);
    }
    std::ranges::for_each(bells, &Doorbell::close);
  }
  downstream.close();
  return outcome;
}

/// Until nothing more comes, or a failure ends the run.
auto Deliver::serve(const DestinationSlot& slot, Doorbell& bell, const std::stop_token& stop)
    -> Result<> {
  DestinationDelivery delivery{
      slot, ledger_, archive_, options_.max_staged_bytes, clock_, progress_};
  auto busy_since = clock_.steady();
  while (!stop.stop_requested()) {
    const bool last = bell.closed(); // Asked first: what was collected until then is seen.
    auto delivered = delivery.run(stop);
    if (delivered && last) {
      break;
    }
    if (delivered) {
      busy_since = clock_.steady();
      clock_.wait(bell.closed() ? std::chrono::milliseconds{0} : options_.interval / 2, stop);
      bell.wait(options_.interval / 2, stop);
      continue;
    }
    const auto& error = delivered.error();
    const bool passes = error.kind() == ErrorKind::unavailable;
    const bool out_of_time = !passes || clock_.steady() - busy_since >= options_.patience;
    if ((last && out_of_time) || must_end_run(error) || error.kind() == ErrorKind::cancelled) {
      return std::move(delivered).while_doing(fmt::format("delivering to {}", slot.name));
    }
    if (passes) {
      clock_.wait(busy_wait, stop);
    } else {
      log(LogLevel::error, "delivery_failed", error.message(), {{"destination", slot.name}});
      wait_for_a_mend(bell, stop);
    }
  }
  return {};
}

/// Or until nothing more comes.
void Deliver::wait_for_a_mend(Doorbell& bell, const std::stop_token& stop) {
  const auto until = clock_.steady() + options_.mending_time;
  while (!stop.stop_requested() && !bell.closed() && clock_.steady() < until) {
    bell.wait(options_.interval, stop);
  }
}

} // namespace sluice::pipeline

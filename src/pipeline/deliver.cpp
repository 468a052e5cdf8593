// SPDX-License-Identifier: Apache-2.0
#include "pipeline/deliver.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/failpoint.hpp"
#include "base/log.hpp"

namespace sluice::pipeline {
namespace {

/// How long to wait for a destination that somebody else is using.
constexpr auto busy_wait = std::chrono::milliseconds{250};

/// The lines of `text` that are not in `left_out` (ascending positions).
auto lines_without(std::string_view text, std::span<const std::uint32_t> left_out)
    -> std::vector<std::string_view> {
  std::vector<std::string_view> lines;
  auto next_left_out = left_out.begin();
  for (std::uint32_t position = 0; !text.empty(); ++position) {
    const auto end = std::min(text.find('\n'), text.size());
    if (next_left_out != left_out.end() && *next_left_out == position) {
      ++next_left_out;
    } else {
      lines.push_back(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

auto identity_note(const DestinationSlot& slot) -> std::string {
  return fmt::format("destination_identity/{}", slot.name);
}

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
  auto busy_since = clock_.steady();
  while (!stop.stop_requested()) {
    const bool last = upstream.closed(); // Asked first: what was collected until then is seen.
    bool unreachable = false;
    for (const auto& slot : destinations_) {
      auto delivered = deliver_to(slot, stop);
      if (delivered) {
        continue;
      }
      const bool can_wait = delivered.error().kind() == ErrorKind::unavailable &&
                            clock_.steady() - busy_since < options_.patience;
      if (!can_wait && (last || delivered.error().kind() != ErrorKind::unavailable)) {
        return std::move(delivered).while_doing(fmt::format("delivering to {}", slot.name));
      }
      unreachable = true;
    }
    if (last && !unreachable) {
      break;
    }
    if (unreachable) {
      clock_.wait(busy_wait, stop);
    } else {
      busy_since = clock_.steady();
      clock_.wait(upstream.closed() ? std::chrono::milliseconds{0} : options_.interval / 2, stop);
      upstream.wait(options_.interval / 2, stop);
    }
  }
  downstream.close();
  return {};
}

auto Deliver::deliver_to(const DestinationSlot& slot, const std::stop_token& stop) -> Result<> {
  TRY(const bool something, has_something_for(slot));
  if (!something) {
    return {};
  }
  TRY(const bool leads, ledger_.lead(fmt::format("deliver/{}", slot.name)));
  if (!leads) {
    return Error{ErrorKind::unavailable, "another process delivers to it"};
  }
  TRY(const auto destination, slot.open(stop));
  TRY_DO(check_identity(slot, *destination));
  DeliveryGroups groups{ledger_, slot};
  while (!stop.stop_requested()) {
    TRY(const auto group, groups.next());
    if (group.deliveries.empty()) {
      break;
    }
    TRY_DO(deliver_group(*destination, slot.name, group));
    TRY_DO(groups.finished());
  }
  return deliver_cases(*destination, slot, stop);
}

/// A destination is also opened once in each run to see whether it still is the one it was.
auto Deliver::has_something_for(const DestinationSlot& slot) -> Result<bool> {
  if (std::ranges::find(checked_, slot.name) == checked_.end()) {
    return true;
  }
  TRY(const auto waiting, ledger_.undelivered(slot.name, 1));
  TRY(const auto cases, ledger_.undelivered_cases(slot.name, 1));
  return !waiting.empty() || !cases.empty();
}

auto Deliver::check_identity(const DestinationSlot& slot,
                             const destination::Destination& destination) -> Result<> {
  const auto identity = destination.identity();
  TRY(const auto known, ledger_.recall(identity_note(slot)));
  if (known != identity) {
    // The reset comes before the note: a crash between the two only repeats it.
    TRY(const auto contents, ledger_.reset_destination(slot.name));
    FAILPOINT("deliver.after_reset");
    TRY_DO(ledger_.remember(identity_note(slot), identity));
    if (known) {
      log(LogLevel::warning,
          "destination_rebuilt",
          "the destination is not the one it was: everything is delivered to it again",
          {{"destination", slot.name}, {"contents", static_cast<std::int64_t>(contents)}});
    }
  }
  if (std::ranges::find(checked_, slot.name) == checked_.end()) {
    checked_.push_back(slot.name);
  }
  return {};
}

auto Deliver::deliver_group(destination::Destination& destination,
                            std::string_view name,
                            const DeliveryGroup& group) -> Result<> {
  const auto now = clock_.now();
  std::vector<ledger::Delivery> taken;
  destination.begin(group.name);
  for (const auto& delivery : group.deliveries) {
    TRY(const bool is_taken, deliver_one(destination, delivery, now));
    if (is_taken) {
      taken.push_back(delivery);
    }
  }
  FAILPOINT("deliver.before_flush");
  TRY(const auto flushed, destination.flush());
  FAILPOINT("deliver.before_mark");
  TRY_DO(set_aside_refused(flushed, taken));
  TRY_DO(ledger_.mark_delivered(name, taken));
  FAILPOINT("deliver.after_mark");
  if (flushed.duplicates > 0) {
    log(LogLevel::info,
        "records_already_there",
        "the destination had some of the records from other contents and kept those",
        {{"destination", name}, {"records", static_cast<std::int64_t>(flushed.duplicates)}});
  }
  for (const auto& delivery : taken) {
    progress_.records_delivered += delivery.kept;
  }
  return {};
}

/// Takes them out of `taken`.
auto Deliver::set_aside_refused(const destination::Delivery& flushed,
                                std::vector<ledger::Delivery>& taken) -> Result<> {
  for (const auto& refused : flushed.refused) {
    TRY_DO(set_aside(taken.at(refused.batch), "content_refused", refused.error));
  }
  std::vector<ledger::Delivery> stored;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    if (std::ranges::find(flushed.refused, i, &destination::Refused::batch) ==
        flushed.refused.end()) {
      stored.push_back(std::move(taken[i]));
    }
  }
  taken = std::move(stored);
  return {};
}

/// False when the staged object is missing or damaged, and the content was set aside for that.
auto Deliver::deliver_one(destination::Destination& destination,
                          const ledger::Delivery& delivery,
                          DateTime now) -> Result<bool> {
  std::string text;
  if (delivery.staged) {
    const auto& staged = *delivery.staged;
    auto read = archive::read_whole(
        archive_, {staged.name, staged.bytes, staged.sha256}, options_.max_staged_bytes);
    if (!read &&
        (read.error().kind() == ErrorKind::corrupt || read.error().kind() == ErrorKind::gone)) {
      TRY_DO(set_aside(delivery, "staged_object_damaged", read.error()));
      return false;
    }
    TRY(text, std::move(read));
  }
  const auto lines = lines_without(text, delivery.duplicates);
  const auto content =
      fmt::format("{}/{}", delivery.key.feed.content_type, delivery.key.content_id);
  TRY_DO(destination.deliver(
      {.tenant = delivery.key.feed.tenant, .content = content, .records = lines, .ingested = now}));
  return true;
}

auto Deliver::deliver_cases(destination::Destination& destination,
                            const DestinationSlot& slot,
                            const std::stop_token& stop) -> Result<> {
  DeliveryGroups groups{ledger_, slot};
  while (!stop.stop_requested()) {
    TRY(const auto group, groups.next_cases());
    if (group.cases.empty()) {
      break;
    }
    std::vector<destination::CaseVersion> cases;
    for (const auto& each : group.cases) {
      cases.push_back({each.organization, each.case_id, each.version, each.told_at, each.row});
    }
    FAILPOINT("deliver.before_cases");
    destination.begin(group.name);
    TRY_DO(destination.deliver_cases({group.epoch, cases}));
    FAILPOINT("deliver.before_cases_mark");
    TRY_DO(ledger_.mark_cases_delivered(slot.name, group.cases.back().sequence));
    progress_.cases_delivered += group.cases.size();
  }
  return {};
}

auto Deliver::set_aside(const ledger::Delivery& delivery,
                        std::string_view event,
                        const Error& error) -> Result<> {
  log(LogLevel::error,
      event,
      error.message(),
      {{"tenant", delivery.key.feed.tenant},
       {"content_type", delivery.key.feed.content_type},
       {"content_id", delivery.key.content_id}});
  return ledger_.quarantine(delivery.key, error);
}

} // namespace sluice::pipeline

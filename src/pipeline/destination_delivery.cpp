// SPDX-License-Identifier: Apache-2.0
#include "pipeline/destination_delivery.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/failpoint.hpp"
#include "base/log.hpp"

namespace sluice::pipeline {
namespace {

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

DestinationDelivery::DestinationDelivery(const DestinationSlot& slot,
                                         ledger::Ledger& ledger,
                                         archive::Archive& archive,
                                         std::size_t max_staged_bytes,
                                         Clock& clock,
                                         Progress& progress)
    : slot_{slot},
      ledger_{ledger},
      archive_{archive},
      max_staged_bytes_{max_staged_bytes},
      clock_{clock},
      progress_{progress} {}

auto DestinationDelivery::run(const std::stop_token& stop) -> Result<> {
  TRY(const bool something, has_something());
  if (!something) {
    return {};
  }
  TRY(const bool leads, ledger_.lead(fmt::format("deliver/{}", slot_.name)));
  if (!leads) {
    return Error{ErrorKind::unavailable, "another process delivers to it"};
  }
  TRY(const auto destination, slot_.open(stop));
  TRY_DO(check_identity(*destination));
  DeliveryGroups groups{ledger_, slot_};
  while (!stop.stop_requested()) {
    TRY(const auto group, groups.next());
    if (group.deliveries.empty()) {
      break;
    }
    TRY_DO(deliver_group(*destination, group));
    TRY_DO(groups.finished());
  }
  return deliver_cases(*destination, stop);
}

/// A destination is also opened once in each run to see whether it still is the one it was.
auto DestinationDelivery::has_something() -> Result<bool> {
  if (!checked_) {
    return true;
  }
  TRY(const auto waiting, ledger_.undelivered(slot_.name, 1));
  TRY(const auto cases, ledger_.undelivered_cases(slot_.name, 1));
  return !waiting.empty() || !cases.empty();
}

auto DestinationDelivery::check_identity(const destination::Destination& destination) -> Result<> {
  const auto identity = destination.identity();
  TRY(const auto known, ledger_.recall(identity_note(slot_)));
  if (known != identity) {
    // The reset comes before the note: a crash between the two only repeats it.
    TRY(const auto contents, ledger_.reset_destination(slot_.name));
    FAILPOINT("deliver.after_reset");
    TRY_DO(ledger_.remember(identity_note(slot_), identity));
    if (known) {
      log(LogLevel::warning,
          "destination_rebuilt",
          "the destination is not the one it was: everything is delivered to it again",
          {{"destination", slot_.name}, {"contents", static_cast<std::int64_t>(contents)}});
    }
  }
  checked_ = true;
  return {};
}

auto DestinationDelivery::deliver_group(destination::Destination& destination,
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
  TRY_DO(ledger_.mark_delivered(slot_.name, taken));
  FAILPOINT("deliver.after_mark");
  if (flushed.duplicates > 0) {
    log(LogLevel::info,
        "records_already_there",
        "the destination had some of the records from other contents and kept those",
        {{"destination", slot_.name}, {"records", static_cast<std::int64_t>(flushed.duplicates)}});
  }
  for (const auto& delivery : taken) {
    progress_.records_delivered += delivery.kept;
  }
  return {};
}

/// Takes them out of `taken`.
auto DestinationDelivery::set_aside_refused(const destination::Delivery& flushed,
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
auto DestinationDelivery::deliver_one(destination::Destination& destination,
                                      const ledger::Delivery& delivery,
                                      DateTime now) -> Result<bool> {
  std::string text;
  if (delivery.staged) {
    const auto& staged = *delivery.staged;
    auto read = archive::read_whole(
        archive_, {staged.name, staged.bytes, staged.sha256}, max_staged_bytes_);
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

auto DestinationDelivery::deliver_cases(destination::Destination& destination,
                                        const std::stop_token& stop) -> Result<> {
  DeliveryGroups groups{ledger_, slot_};
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
    TRY_DO(ledger_.mark_cases_delivered(slot_.name, group.cases.back().sequence));
    progress_.cases_delivered += group.cases.size();
  }
  return {};
}

auto DestinationDelivery::set_aside(const ledger::Delivery& delivery,
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

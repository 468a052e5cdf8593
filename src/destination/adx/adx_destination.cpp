// SPDX-License-Identifier: Apache-2.0
#include "destination/adx/adx_destination.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/json_text.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "kusto/database_objects.hpp"
#include "kusto/remedy.hpp"

namespace sluice::destination {
namespace {

/// What the stage that delivers understands: what passes is `unavailable`, and it tries again.
auto for_the_stage(const Error& error) -> Error {
  const bool passes =
      kusto::remedy_for(error) == kusto::Remedy::retry && error.kind() != ErrorKind::cancelled;
  return Error{passes ? ErrorKind::unavailable : error.kind(), error.message()}
      .with_code(error.code())
      .with_hint(error.hint().empty() && !passes
                     ? "`sluice init` makes tables and mappings, or prints what an administrator "
                       "must run"
                     : error.hint());
}

/// The row with the members that say which version it is, and of what history.
auto row_of(const CaseVersion& told, std::string_view epoch) -> std::string {
  const auto members = told.row.substr(0, told.row.rfind('}'));
  return fmt::format(R"({},"Version":{},"EmittedTime":"{}","Epoch":{}}})",
                     members,
                     told.version,
                     to_iso8601(told.told_at, 7),
                     json_quoted(epoch));
}

} // namespace

AdxDestination::AdxDestination(kusto::Ingestor& ingestor, Options options)
    : ingestor_{ingestor},
      options_{std::move(options)} {}

void AdxDestination::begin(std::string_view group) {
  group_ = group;
}

auto AdxDestination::deliver(const Batch& batch) -> Result<> {
  for (const auto record : batch.records) {
    rows_.append(record).append("\n");
  }
  parts_.push_back({rows_.size(), batch.records.size()});
  return {};
}

auto AdxDestination::flush() -> Result<Delivery> {
  CHECK(!group_.empty()); // Without a name a repetition could not be known.
  const auto pieces = cut();
  std::vector<Delivery> deliveries(pieces.size());
  const auto sent = in_parallel(pieces.size(), options_.pieces_at_once, [&](std::size_t i) {
    return send(pieces[i], deliveries[i]);
  });
  Delivery all{.batches = parts_.size()};
  for (auto& delivery : deliveries) {
    all.stored += delivery.stored;
    all.refused.insert(all.refused.end(), delivery.refused.begin(), delivery.refused.end());
  }
  clear();
  TRY_DO(sent);
  return all;
}

auto AdxDestination::cut() const -> std::vector<Piece> {
  std::vector<Piece> pieces;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (pieces.empty() || parts_[i].end - begin > options_.piece_bytes) {
      begin = i == 0 ? 0 : parts_[i - 1].end;
      pieces.push_back({.first = i, .last = i, .tag = group_});
    }
    pieces.back().last = i + 1;
  }
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    pieces[i].tag += fmt::format("-p{}", i);
  }
  return pieces;
}

auto AdxDestination::send(const Piece& piece, Delivery& delivery) -> Result<> {
  const auto [first, last, tag] = piece;
  const auto begin = first == 0 ? 0 : parts_[first - 1].end;
  const auto end = parts_[last - 1].end;
  if (begin == end) {
    return {};
  }
  const auto rows = std::string_view{rows_}.substr(begin, end - begin);
  const auto ingested = ingestor_.ingest({.table = std::string{kusto::records_table},
                                          .mapping = std::string{kusto::records_mapping},
                                          .objects = rows,
                                          .tag = tag},
                                         options_.stop);
  if (ingested) {
    for (auto i = first; i < last; ++i) {
      delivery.stored += parts_[i].records;
    }
    return {};
  }
  const auto remedy = kusto::remedy_for(ingested.error());
  if (remedy != kusto::Remedy::split && remedy != kusto::Remedy::dead_letter) {
    return for_the_stage(ingested.error());
  }
  if (last - first == 1) {
    delivery.refused.push_back({first, ingested.error()});
    return {};
  }
  log(LogLevel::warning,
      "rows_refused",
      ingested.error().message(),
      {{"contents", static_cast<std::int64_t>(last - first)}});
  const auto middle = first + (last - first) / 2;
  TRY_DO(send({first, middle, tag + "-0"}, delivery));
  return send({middle, last, tag + "-1"}, delivery);
}

auto AdxDestination::deliver_cases(const CaseBatch& batch) -> Result<> {
  CHECK(!group_.empty());
  std::string rows;
  for (const auto& told : batch.cases) {
    rows.append(row_of(told, batch.epoch)).append("\n");
  }
  const auto ingested = ingestor_.ingest({.table = std::string{kusto::cases_table},
                                          .mapping = std::string{kusto::cases_mapping},
                                          .objects = rows,
                                          .tag = group_},
                                         options_.stop);
  clear();
  return ingested ? Result<>{} : for_the_stage(ingested.error());
}

void AdxDestination::clear() {
  group_.clear();
  rows_.clear();
  parts_.clear();
}

} // namespace sluice::destination

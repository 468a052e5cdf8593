// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "base/result.hpp"

namespace sluice::destination {

/// All relevant records of one content: what a staged object holds.
struct Batch {
  std::string_view tenant;
  std::string_view content;
  /// Each one JSON object, as it came.
  std::span<const std::string_view> records;
  /// When the delivery began: the time that queries see as ingestion time.
  DateTime ingested{};
};

/// A batch that the destination will never take.
struct Refused {
  std::size_t batch = 0; ///< Counted from 0 since the flush before.
  Error error;
};

/// What became of the batches since the flush before.
struct Delivery {
  std::uint64_t batches = 0;
  std::uint64_t stored = 0;     ///< Records.
  std::uint64_t duplicates = 0; ///< Records that were there already, from another content.
  /// Nothing of these is stored; all others are.
  std::vector<Refused> refused = {};
};

/// One version of a case, as it was told.
struct CaseVersion {
  std::string_view organization;
  std::string_view case_id;
  std::uint32_t version = 0; ///< From 1, within its epoch.
  DateTime told_at;
  std::string_view row; ///< A JSON object by the names of `record/case_columns.hpp`.
};

/// Versions of cases in the order in which they were told.
struct CaseBatch {
  /// Names the history that versions are counted in; under a new one, what came before is void.
  std::string_view epoch;
  std::span<const CaseVersion> cases;
};

/// A place where records and cases go.
///
/// Use:     `deliver` any number of batches, then `flush`; only what was flushed is delivered, and
///          only then may the ledger say so. A batch that is delivered again (after a crash, on a
///          replay) changes nothing.
/// Threads: one at a time.
class Destination {
public:
  Destination() = default;
  Destination(const Destination&) = delete;
  auto operator=(const Destination&) -> Destination& = delete;
  virtual ~Destination() = default;

  /// What the configuration, the ledger and messages call it.
  [[nodiscard]] virtual auto name() const -> std::string_view = 0;
  /// Another one than last time: what was delivered then is not there any more, and everything has
  /// to be delivered again. Empty where a destination cannot tell.
  [[nodiscard]] virtual auto identity() const -> std::string = 0;
  /// Names what is delivered until the next `flush`, or by the next `deliver_cases`: the same name
  /// whenever the same is delivered again. For destinations that know a repetition by its name.
  virtual void begin(std::string_view /*group*/) {}
  /// Takes the batch; it need not be valid afterwards.
  /// Errors: any kind. Afterwards nothing since the last flush counts as delivered.
  [[nodiscard]] virtual auto deliver(const Batch& batch) -> Result<> = 0;
  /// Takes versions of cases; they are durable when it returns. Versions that are there already
  /// change nothing.
  /// Errors: any kind. Afterwards none of the batch counts as delivered.
  [[nodiscard]] virtual auto deliver_cases(const CaseBatch& batch) -> Result<> = 0;
  /// Makes durable the records that were taken.
  /// Errors: as `deliver`.
  [[nodiscard]] virtual auto flush() -> Result<Delivery> = 0;
};

} // namespace sluice::destination

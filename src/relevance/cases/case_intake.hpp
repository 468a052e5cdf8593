// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "record/record_scanner.hpp"
#include "relevance/cases/correlator.hpp"
#include "relevance/cases/fact_reader.hpp"

namespace sluice::relevance {

/// Brings the records of one content to a correlator.
///
/// Use:     `begin` each content, `feed` its staged object, as often as bytes come, then `finish`.
/// Threads: one at a time, and that of the correlator.
class CaseIntake final : public record::RecordSink {
public:
  struct Content {
    std::string tenant;
    DateTime available; ///< When the service created the content.
    /// Lines to leave out, ascending from 0: other contents own their records.
    std::span<const std::uint32_t> left_out = {};
  };

  explicit CaseIntake(record::RecordScanner::Options options = {});

  /// `correlator` must stay until `finish`. What was left of an earlier content is dropped.
  void begin(Correlator& correlator, Content content);
  /// Errors: malformed, as `RecordScanner`.
  [[nodiscard]] auto feed(std::string_view bytes) -> Result<>;
  [[nodiscard]] auto finish() -> Result<>;

  auto on_record(const record::ScannedRecord& record) -> Result<> override;
  auto on_bad_record(const record::BadRecord& record) -> Result<> override;

private:
  /// Whether the next line is one that other contents own.
  [[nodiscard]] auto is_left_out() -> bool;

  Correlator* correlator_ = nullptr;
  Content content_;
  record::RecordScanner scanner_;
  FactReader reader_;
  std::uint32_t line_ = 0;
  std::size_t next_left_out_ = 0;
};

} // namespace sluice::relevance

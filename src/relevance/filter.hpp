// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/gzip.hpp"
#include "base/result.hpp"
#include "record/record_scanner.hpp"
#include "relevance/rule_set.hpp"

namespace sluice::relevance {

/// `records = kept + dropped + malformed`.
struct FilterCounts {
  std::uint64_t records = 0;
  std::uint64_t kept = 0;
  std::uint64_t dropped = 0;
  std::uint64_t malformed = 0;
};

/// A record as one line of NDJSON, without the line's end: byte for byte as it came, save that a
/// line end between its tokens (pretty-printed input) becomes a blank. A view of the record itself,
/// or of `storage`.
[[nodiscard]] auto in_one_line(std::string_view record, std::string& storage) -> std::string_view;

/// Lets the records of a stream through that a rule keeps. The stream is JSON arrays, NDJSON or
/// objects one after another, plain or compressed: its first bytes decide.
///
///     Filter filter{rules, write, report};
///     TRY_DO(filter.feed(bytes));            // as often as bytes come
///     TRY_DO(filter.finish());
///
/// A record that a rule keeps is looked at in full: one that is not valid JSON counts as malformed.
/// Threads: one at a time.
/// Memory:  about 1 MiB, more while a large record passes (see `RecordScanner`).
class Filter {
public:
  /// Takes whole lines of NDJSON; good until it returns.
  using Output = std::function<Result<>(std::string_view)>;
  /// Is told about everything malformed.
  using Report = std::function<void(const record::BadRecord&)>;

  /// `rules` must outlive the filter.
  Filter(const RuleSet& rules,
         Output output,
         Report report,
         record::RecordScanner::Options options = {});
  Filter(Filter&&) noexcept;
  auto operator=(Filter&&) noexcept -> Filter&;
  ~Filter();

  /// Errors: those of `RecordScanner`, `Inflater` and the output.
  [[nodiscard]] auto feed(std::string_view bytes) -> Result<>;
  /// Hands out what is left. Errors: as `feed`.
  [[nodiscard]] auto finish() -> Result<>;

  [[nodiscard]] auto counts() const noexcept -> FilterCounts;
  /// Records kept by each rule, in the order of `RuleSet::rules()`.
  [[nodiscard]] auto counts_by_rule() const noexcept -> std::span<const std::uint64_t>;

private:
  class Stream;
  std::unique_ptr<Stream> stream_;
};

} // namespace sluice::relevance

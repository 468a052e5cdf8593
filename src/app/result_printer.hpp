// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "kql/schema.hpp"
#include "kql/value.hpp"

namespace sluice::app {

/// Writes the rows of a query in one of the formats.
///
/// Use:     `begin` once, `row` for each, `end` once.
/// Threads: one at a time.
class ResultPrinter {
public:
  ResultPrinter() = default;
  ResultPrinter(const ResultPrinter&) = delete;
  auto operator=(const ResultPrinter&) -> ResultPrinter& = delete;
  virtual ~ResultPrinter() = default;

  virtual void begin(const kql::Schema& schema) = 0;
  virtual void row(std::span<const kql::Value> values) = 0;
  virtual void end() = 0;
};

struct TableLayout {
  /// What the whole table should fit in, as far as columns can be narrowed.
  std::size_t width = 100;
  /// Wider cells are shortened, with `…` at their end. 0 for never.
  std::size_t widest_cell = 48;
};

/// Passes rows on to a printer, no more than `most` of them. `Rows` is what a store
/// (`store::RowSink`) or a cluster (`kusto::AnswerSink`) gives its rows to.
template <class Rows>
class PrintedRows final : public Rows {
public:
  /// `printer` must outlive it.
  PrintedRows(ResultPrinter& printer, std::uint64_t most) : printer_{printer}, most_{most} {}

  auto begin(const kql::Schema& schema) -> Result<> override {
    printer_.begin(schema);
    return {};
  }
  auto row(std::span<const kql::Value> values) -> Result<> override {
    if (rows_++ < most_) {
      printer_.row(values);
    }
    return {};
  }

  /// Whether there were more.
  [[nodiscard]] auto left_some_out() const noexcept -> bool { return rows_ > most_; }

private:
  ResultPrinter& printer_;
  const std::uint64_t most_;
  std::uint64_t rows_ = 0;
};

/// The formats of `--format`.
inline constexpr std::string_view result_formats =
    "table, chart, json, csv, ndjson, kusto-v1, kusto-v2";

/// Nothing when `format` is none of `result_formats`. `out` must outlive the printer.
[[nodiscard]] auto make_result_printer(std::string_view format, std::FILE* out, TableLayout layout)
    -> std::unique_ptr<ResultPrinter>;

} // namespace sluice::app

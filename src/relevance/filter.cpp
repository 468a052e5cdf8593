// SPDX-License-Identifier: Apache-2.0
#include "relevance/filter.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "record/inflated_content.hpp"
#include "record/json_check.hpp"

namespace sluice::relevance {
namespace {

/// How much output is gathered before it is handed on.
constexpr std::size_t output_bytes = std::size_t{64} * 1024;

} // namespace

auto in_one_line(std::string_view record, std::string& storage) -> std::string_view {
  // Nearly all records are. The library's search for either character is slow.
  if (record.find('\n') == record.npos && record.find('\r') == record.npos) {
    return record;
  }
  storage = record;
  std::ranges::replace_if(storage, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return storage;
}

class Filter::Stream final : public record::RecordSink {
public:
  Stream(const RuleSet& rules, Output output, Report report, record::RecordScanner::Options options)
      : matcher_{rules},
        scanner_{rules.fields(), options},
        output_{std::move(output)},
        report_{std::move(report)} {}

  auto feed(std::string_view bytes) -> Result<> {
    if (!started_) {
      head_ += bytes;
      return head_.size() < 2 ? Result<>{} : start();
    }
    return take(bytes);
  }

  auto finish() -> Result<> {
    if (!started_) {
      TRY_DO(start());
    }
    if (inflater_) {
      TRY_DO(inflater_->finish());
    }
    TRY_DO(scanner_.finish(*this));
    return write();
  }

  auto on_record(const record::ScannedRecord& record) -> Result<> override {
    ++counts_.records;
    if (!matcher_.keeps(record)) {
      ++counts_.dropped;
      return {};
    }
    if (const auto fault = record::json_fault(record.bytes); !fault.empty()) {
      ++counts_.malformed;
      report_({record.offset, record.bytes.size(), fault, record.bytes});
      return {};
    }
    ++counts_.kept;
    lines_.append(in_one_line(record.bytes, storage_)).append("\n");
    return lines_.size() < output_bytes ? Result<>{} : write();
  }

  auto on_bad_record(const record::BadRecord& record) -> Result<> override {
    ++counts_.records;
    ++counts_.malformed;
    report_(record);
    return {};
  }

  /// Hands out the lines that have gathered.
  auto write() -> Result<> {
    const auto lines = std::exchange(lines_, {});
    return lines.empty() ? Result<>{} : output_(lines);
  }

  /// What was kept before an error is handed out all the same.
  auto with_lines_written(Result<> result) -> Result<> {
    if (result) {
      return result;
    }
    TRY_DO(write());
    return result;
  }

  [[nodiscard]] auto counts() const -> FilterCounts { return counts_; }
  [[nodiscard]] auto matcher() const -> const RuleSet::Matcher& { return matcher_; }

private:
  /// The first bytes are there: compressed or not?
  auto start() -> Result<> {
    started_ = true;
    if (looks_compressed(head_)) {
      inflater_.emplace();
    }
    return take(std::exchange(head_, {}));
  }

  auto take(std::string_view bytes) -> Result<> {
    if (!inflater_) {
      return scanner_.feed(bytes, *this);
    }
    record::InflatedContent inflated{scanner_, *this};
    return inflater_->feed(bytes, inflated);
  }

  RuleSet::Matcher matcher_;
  record::RecordScanner scanner_;
  Output output_;
  Report report_;
  std::optional<Inflater> inflater_;
  bool started_ = false;
  std::string head_;
  std::string lines_;
  std::string storage_;
  FilterCounts counts_;
};

Filter::Filter(const RuleSet& rules,
               Output output,
               Report report,
               record::RecordScanner::Options options)
    : stream_{std::make_unique<Stream>(rules, std::move(output), std::move(report), options)} {}
Filter::Filter(Filter&&) noexcept = default;
auto Filter::operator=(Filter&&) noexcept -> Filter& = default;
Filter::~Filter() = default;

auto Filter::feed(std::string_view bytes) -> Result<> {
  return stream_->with_lines_written(stream_->feed(bytes));
}

auto Filter::finish() -> Result<> {
  return stream_->with_lines_written(stream_->finish());
}

auto Filter::counts() const noexcept -> FilterCounts {
  return stream_->counts();
}

auto Filter::counts_by_rule() const noexcept -> std::span<const std::uint64_t> {
  return stream_->matcher().counts();
}

} // namespace sluice::relevance

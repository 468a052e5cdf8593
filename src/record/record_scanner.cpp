// SPDX-License-Identifier: Apache-2.0
#include "record/record_scanner.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/json_text.hpp"
#include "record/json_text.hpp"
#include "record/record_skipper.hpp"
#include "record/record_walk.hpp"
#include "record/structural_index.hpp"
#include "record/wanted_fields.hpp"

namespace sluice::record {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
/// How much is indexed after text that put the index out of step; it doubles from there.
constexpr std::size_t cautious_reach = 1024;
constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();
/// How much of a record over the limit is kept to be looked at.
constexpr std::size_t oversize_head_bytes = 4096;

/// Where in `text` a window best ends: not inside a string, or else it has to be indexed twice.
auto window_end(std::string_view text) -> std::size_t {
  const auto tail = text.substr(text.size() - std::min(text.size(), std::size_t{16} * 1024));
  const auto before_tail = text.size() - tail.size();
  if (const auto newline = tail.rfind('\n'); newline != std::string_view::npos) {
    return before_tail + newline + 1; // No string of valid JSON has a raw line end.
  }
  if (const auto next = tail.rfind("},{\""); next != std::string_view::npos) {
    return before_tail + next + 2;
  }
  auto end = text.size();
  while (end > 0 && text.size() - end < 3 && (static_cast<unsigned char>(text[end - 1]) & 0x80U)) {
    --end; // Not inside a character.
  }
  return end;
}

} // namespace

class RecordScanner::State {
public:
  State(std::vector<std::string> names, Options options)
      : options_{options},
        wanted_{std::move(names)},
        fields_(wanted_.size()) {
    CHECK(wanted_.size() <= max_wanted);
    CHECK(options.window_bytes >= 64 && options.max_record_bytes <= (std::size_t{1} << 30U));
    resize(options_.window_bytes);
  }

  auto feed(std::string_view bytes, RecordSink& sink) -> Result<> {
    return failed_ ? Result<>{*failed_} : remember(take(bytes, sink));
  }

  auto finish(RecordSink& sink) -> Result<> {
    return failed_ ? Result<>{*failed_} : remember(end(sink));
  }

private:
  enum class Phase : std::uint8_t {
    top,           ///< Outside of any array.
    first_element, ///< After `[`: a record, or `]`.
    element,       ///< After a comma: a record.
    separator,     ///< After a record: a comma, or `]`.
    closed,        ///< After the array that was all there should be.
  };
  /// Whether what stood at the current position was dealt with, or needs more bytes.
  enum class Step : std::uint8_t { done, incomplete };

  auto remember(Result<> result) -> Result<> {
    if (!result) {
      failed_ = result.error();
    }
    return result;
  }

  auto take(std::string_view bytes, RecordSink& sink) -> Result<> {
    while (!bytes.empty()) {
      if (skipper_) {
        TRY(const auto used, skip(bytes, sink));
        bytes.remove_prefix(used);
        continue;
      }
      const auto part = bytes.substr(0, capacity_ - filled_);
      std::memcpy(buffer_.get() + filled_, part.data(), part.size());
      filled_ += part.size();
      bytes.remove_prefix(part.size());
      if (filled_ == capacity_) {
        TRY_DO(scan(false, sink));
        TRY_DO(make_room(sink));
      }
    }
    return {};
  }

  auto end(RecordSink& sink) -> Result<> {
    if (!skipper_) {
      TRY_DO(scan(true, sink));
    }
    if (options_.framing == Framing::array && phase_ == Phase::top) {
      return Error{ErrorKind::malformed, "the content is empty"}.with_code("empty");
    }
    if (skipper_ || (phase_ != Phase::top && phase_ != Phase::closed)) {
      return cut_short(offset_);
    }
    return {};
  }

  /// Gives away all complete records in the buffer, and leaves the rest at its front.
  auto scan(bool final, RecordSink& sink) -> Result<> {
    std::size_t start = 0;
    if (offset_ == 0 && std::string_view{buffer_.get(), filled_}.starts_with(byte_order_mark)) {
      start = offset_ = byte_order_mark.size();
    }
    for (bool whole = false; !whole;) {
      const auto size = std::min(filled_ - start, reach_);
      whole = start + size == filled_;
      TRY(const auto used, scan_window(buffer_.get() + start, size, final && whole, sink));
      start += used;
      offset_ += used;
      reach_ = reach_ > unlimited / 2 ? unlimited : reach_ * 2;
      if (out_of_step_) {
        out_of_step_ = false;
        whole = false;
        reach_ = cautious_reach;
      }
    }
    filled_ -= start;
    std::memmove(buffer_.get(), buffer_.get() + start, filled_);
    return {};
  }

  /// Returns how many bytes were used up.
  auto scan_window(char* text, std::size_t size, bool last, RecordSink& sink)
      -> Result<std::size_t> {
    const auto end = last || to_the_end_ ? size : window_end({text, size});
    std::array<char, StructuralIndex::slack> behind{};
    std::copy_n(text + end, behind.size(), behind.begin());
    index_.build(text, end);
    window_ = {text, index_.positions(), end, index_.count()};
    last_ = last;
    auto used = walk(sink);
    std::ranges::copy(behind, text + end);
    return used;
  }

  auto walk(RecordSink& sink) -> Result<std::size_t> {
    at_ = 0;
    while (at_ < window_.count && !out_of_step_) {
      const auto here = window_.positions[at_];
      TRY(const auto step, next(sink));
      if (step == Step::incomplete) {
        if (last_) {
          return cut_short(offset_ + here);
        }
        return here;
      }
    }
    return out_of_step_ ? resume_at_ : window_.size;
  }

  auto next(RecordSink& sink) -> Result<Step> {
    const char c = window_.at(at_);
    switch (phase_) {
    case Phase::top:
      return c == '{' && options_.framing == Framing::any ? on_object(sink) : on_top(c, sink);
    case Phase::first_element:
      if (c == ']') {
        return close_array();
      }
      [[fallthrough]];
    case Phase::element:
      return c == '{' ? on_object(sink) : on_stranger(c, sink);
    case Phase::separator:
      if (c == ']') {
        return close_array();
      }
      if (c != ',') {
        return broken("no comma after a record");
      }
      phase_ = Phase::element;
      ++at_;
      return Step::done;
    case Phase::closed:
      return broken("something follows the array");
    }
    CHECK(false);
  }

  auto close_array() -> Result<Step> {
    phase_ = options_.framing == Framing::array ? Phase::closed : Phase::top;
    ++at_;
    return Step::done;
  }

  auto on_object(RecordSink& sink) -> Result<Step> {
    const auto found = walk_record(window_, at_, wanted_, options_.max_depth, fields_);
    if (found.outcome == Walk::Outcome::incomplete) {
      return Step::incomplete;
    }
    if (found.outcome == Walk::Outcome::bad) {
      return recover(found.reason, sink);
    }
    const auto here = window_.positions[at_];
    const std::string_view bytes{window_.text + here, window_.positions[found.last] + 1 - here};
    at_ = found.last + 1;
    after_element();
    if (bytes.size() > options_.max_record_bytes) {
      TRY_DO(report(here, bytes, "larger than the limit", sink));
      return Step::done;
    }
    if (!index_.is_clean()) {
      if (const auto fault = text_fault(bytes); !fault.empty()) {
        TRY_DO(report(here, bytes, fault, sink));
        return Step::done;
      }
    }
    TRY_DO(sink.on_record({bytes, fields_, offset_ + here}));
    return Step::done;
  }

  /// What is neither `{` nor in an array: the start of an array, or nonsense up to the line's end.
  auto on_top(char c, RecordSink& sink) -> Result<Step> {
    if (c == '[') {
      phase_ = Phase::first_element;
      ++at_;
      return Step::done;
    }
    if (options_.framing == Framing::array) {
      return not_an_array();
    }
    const auto here = window_.positions[at_];
    const auto rest = rest_from(here);
    const auto newline = rest.find('\n');
    if (newline == std::string_view::npos && !last_) {
      return Step::incomplete;
    }
    const auto line = rest.substr(0, newline);
    TRY_DO(report(here, trimmed(line), "not a record", sink));
    resume_out_of_step(here + line.size());
    return Step::done;
  }

  /// An element of the array that is no object.
  auto on_stranger(char c, RecordSink& sink) -> Result<Step> {
    const auto here = window_.positions[at_];
    auto end = window_.positions[at_ + 1];
    auto next_at = at_ + 1;
    if (c == '[') {
      const auto found = walk_container(window_, at_, options_.max_depth);
      if (found.outcome != Walk::Outcome::complete) {
        return found.outcome == Walk::Outcome::bad ? broken(found.reason) : Step::incomplete;
      }
      end = window_.positions[found.last] + 1;
      next_at = found.last + 1;
    } else if (c == ',' || c == ']' || c == '}' || c == ':') {
      return broken("no record where one should be");
    } else if (next_at == window_.count) {
      return Step::incomplete;
    }
    TRY_DO(report(here, trimmed({window_.text + here, end - here}), "not a record", sink));
    at_ = next_at;
    after_element();
    return Step::done;
  }

  /// Looks for the end of a damaged record: its closing bracket, or, outside of arrays, the line
  /// end before the next record.
  auto recover(std::string_view reason, RecordSink& sink) -> Result<Step> {
    const auto here = window_.positions[at_];
    const auto rest = rest_from(here);
    const bool lines = phase_ == Phase::top;
    RecordSkipper skipper;
    const auto length = skipper.feed(rest);
    if (const auto line = rest.substr(0, length).find("\n{"); lines && line != rest.npos) {
      TRY_DO(report(here, trimmed(rest.substr(0, line)), reason, sink));
      resume_out_of_step(here + line);
      return Step::done;
    }
    const bool to_last_line = lines && last_ && !skipper.done();
    if (!to_last_line && (!skipper.done() || rest[length - 1] != '}')) {
      return last_ || skipper.done() ? broken(reason) : Result<Step>{Step::incomplete};
    }
    TRY_DO(report(here, trimmed(rest.substr(0, length)), reason, sink));
    while (at_ < window_.count && window_.positions[at_] < here + length) {
      ++at_;
    }
    after_element();
    return Step::done;
  }

  void after_element() { phase_ = phase_ == Phase::top ? Phase::top : Phase::separator; }

  void resume_out_of_step(std::size_t position) {
    out_of_step_ = true;
    resume_at_ = position;
  }

  auto
  report(std::size_t position, std::string_view bytes, std::string_view reason, RecordSink& sink)
      -> Result<> {
    return sink.on_bad_record({offset_ + position, bytes.size(), reason, bytes});
  }

  /// After a scan: drops a record that is over the limit, or makes the buffer fit what is left.
  auto make_room(RecordSink& sink) -> Result<> {
    if (filled_ > options_.max_record_bytes) {
      to_the_end_ = true;
      TRY_DO(scan(false, sink));
      to_the_end_ = false;
    }
    if (filled_ > options_.max_record_bytes) {
      return begin_skipping(sink);
    }
    if (filled_ > capacity_ / 2) {
      resize(std::min(capacity_ * 2, options_.max_record_bytes + options_.window_bytes));
    } else if (capacity_ > options_.window_bytes && filled_ < options_.window_bytes / 2) {
      index_ = StructuralIndex{};
      resize(options_.window_bytes);
    }
    return {};
  }

  auto begin_skipping(RecordSink& sink) -> Result<> {
    if (*buffer_.get() != '{') {
      return broken_at(offset_, "no record within the limit");
    }
    skipper_.emplace();
    skipped_head_.assign(buffer_.get(), std::min(filled_, oversize_head_bytes));
    skipped_bytes_ = 0;
    TRY(const auto used, skip({buffer_.get(), filled_}, sink));
    filled_ -= used;
    std::memmove(buffer_.get(), buffer_.get() + used, filled_);
    return {};
  }

  void resize(std::size_t capacity) {
    auto larger = std::make_unique<char[]>(capacity + StructuralIndex::slack);
    std::copy_n(buffer_.get(), filled_, larger.get());
    buffer_ = std::move(larger);
    capacity_ = capacity;
  }

  /// Passes over the rest of a record that is over the limit. Returns the bytes used.
  auto skip(std::string_view bytes, RecordSink& sink) -> Result<std::size_t> {
    const auto used = skipper_->feed(bytes);
    skipped_bytes_ += used;
    if (skipper_->done()) {
      TRY_DO(sink.on_bad_record({offset_, skipped_bytes_, "larger than the limit", skipped_head_}));
      offset_ += skipped_bytes_;
      skipper_.reset();
      after_element();
    }
    return used;
  }

  [[nodiscard]] auto rest_from(std::size_t position) const -> std::string_view {
    return {window_.text + position, window_.size - position};
  }

  [[nodiscard]] static auto broken_at(std::uint64_t offset, std::string_view reason) -> Error {
    return {ErrorKind::malformed, fmt::format("byte {}: {}", offset, reason)};
  }
  [[nodiscard]] auto broken(std::string_view reason) const -> Result<Step> {
    return broken_at(offset_ + window_.positions[at_], reason);
  }
  [[nodiscard]] static auto cut_short(std::uint64_t offset) -> Error {
    return broken_at(offset, "the content is cut short").with_code("truncated");
  }
  [[nodiscard]] auto not_an_array() const -> Result<Step> {
    const auto start = rest_from(window_.positions[at_]).substr(0, 200);
    return Error{ErrorKind::malformed,
                 fmt::format("not a JSON array but `{}`", escape_control(start))}
        .with_code("not_an_array");
  }

  Options options_;
  WantedFields wanted_;
  std::vector<std::string_view> fields_;

  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t filled_ = 0;
  std::uint64_t offset_ = 0; ///< Of the buffer's (in a scan: the window's) start in the content.
  std::size_t reach_ = unlimited;

  StructuralIndex index_;
  Window window_;
  bool to_the_end_ = false;   ///< Index the whole buffer, wherever it ends.
  bool last_ = false;         ///< The window ends where the content does.
  std::size_t at_ = 0;        ///< The next of the window's positions.
  bool out_of_step_ = false;  ///< The index does not fit what follows `resume_at_`.
  std::size_t resume_at_ = 0; ///< In the window.
  Phase phase_ = Phase::top;

  std::optional<RecordSkipper> skipper_; ///< Inside a record that is over the limit.
  std::string skipped_head_;
  std::uint64_t skipped_bytes_ = 0;

  std::optional<Error> failed_;
};

RecordScanner::RecordScanner(std::vector<std::string> wanted, Options options)
    : state_{std::make_unique<State>(std::move(wanted), options)} {}
RecordScanner::RecordScanner(RecordScanner&&) noexcept = default;
auto RecordScanner::operator=(RecordScanner&&) noexcept -> RecordScanner& = default;
RecordScanner::~RecordScanner() = default;

auto RecordScanner::feed(std::string_view bytes, RecordSink& sink) -> Result<> {
  return state_->feed(bytes, sink);
}

auto RecordScanner::finish(RecordSink& sink) -> Result<> {
  return state_->finish(sink);
}

} // namespace sluice::record

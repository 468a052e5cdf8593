// SPDX-License-Identifier: Apache-2.0
#include "record/window_scanner.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/json_text.hpp"
#include "record/json_text.hpp"
#include "record/record_skipper.hpp"

namespace sluice::record {
namespace {

/// Where in `text` a window best ends: not inside a string, or else it has to be indexed twice.
auto window_end(std::string_view text) -> std::size_t {
  const auto tail = text.substr(text.size() - std::min(text.size(), std::size_t{16} * 1024));
  const auto before_tail = text.size() - tail.size();
  if (const void* newline = ::memrchr(tail.data(), '\n', tail.size()); newline != nullptr) {
    // No string of valid JSON has a raw line end.
    return static_cast<std::size_t>(static_cast<const char*>(newline) - text.data()) + 1;
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

auto broken_content(std::uint64_t offset, std::string_view reason) -> Error {
  return {ErrorKind::malformed, fmt::format("byte {}: {}", offset, reason)};
}

auto cut_content(std::uint64_t offset) -> Error {
  return broken_content(offset, "the content is cut short").with_code("truncated");
}

WindowScanner::WindowScanner(std::vector<std::string> wanted, RecordScanner::Options options)
    : options_{options},
      wanted_{std::move(wanted)},
      fields_(wanted_.size()) {
  CHECK(wanted_.size() <= RecordScanner::max_wanted);
}

void WindowScanner::restart() noexcept {
  phase_ = Phase::top;
}

auto WindowScanner::scan(const Stretch& stretch, RecordSink& sink) -> Result<Used> {
  auto* const text = stretch.text;
  const auto end =
      stretch.is_last || stretch.to_the_end ? stretch.size : window_end({text, stretch.size});
  std::array<char, slack> behind{};
  std::copy_n(text + end, behind.size(), behind.begin());
  index_.build(text, end);
  window_ = {text, index_.positions(), end, index_.count()};
  offset_ = stretch.offset;
  last_ = stretch.is_last;
  out_of_step_ = false;
  auto used = walk(sink);
  std::ranges::copy(behind, text + end);
  return used;
}

auto WindowScanner::walk(RecordSink& sink) -> Result<Used> {
  at_ = 0;
  while (at_ < window_.count && !out_of_step_) {
    const auto here = window_.positions[at_];
    TRY(const auto step, next(sink));
    if (step == Step::incomplete) {
      if (last_) {
        return cut_content(offset_ + here);
      }
      return Used{.bytes = here};
    }
  }
  return Used{.bytes = out_of_step_ ? resume_at_ : window_.size, .out_of_step = out_of_step_};
}

auto WindowScanner::next(RecordSink& sink) -> Result<Step> {
  const char c = window_.at(at_);
  switch (phase_) {
  case Phase::top:
    return c == '{' && options_.framing == RecordScanner::Framing::any ? on_object(sink)
                                                                       : on_top(c, sink);
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

auto WindowScanner::close_array() -> Result<Step> {
  phase_ = options_.framing == RecordScanner::Framing::array ? Phase::closed : Phase::top;
  ++at_;
  return Step::done;
}

auto WindowScanner::on_object(RecordSink& sink) -> Result<Step> {
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
  pass_element();
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
auto WindowScanner::on_top(char c, RecordSink& sink) -> Result<Step> {
  if (c == '[') {
    phase_ = Phase::first_element;
    ++at_;
    return Step::done;
  }
  if (options_.framing == RecordScanner::Framing::array) {
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
auto WindowScanner::on_stranger(char c, RecordSink& sink) -> Result<Step> {
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
  pass_element();
  return Step::done;
}

/// Looks for the end of a damaged record: its closing bracket, or, outside of arrays, the line
/// end before the next record.
auto WindowScanner::recover(std::string_view reason, RecordSink& sink) -> Result<Step> {
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
  pass_element();
  return Step::done;
}

void WindowScanner::pass_element() noexcept {
  phase_ = phase_ == Phase::top ? Phase::top : Phase::separator;
}

void WindowScanner::resume_out_of_step(std::size_t position) {
  out_of_step_ = true;
  resume_at_ = position;
}

auto WindowScanner::report(std::size_t position,
                           std::string_view bytes,
                           std::string_view reason,
                           RecordSink& sink) -> Result<> {
  return sink.on_bad_record({offset_ + position, bytes.size(), reason, bytes});
}

auto WindowScanner::rest_from(std::size_t position) const -> std::string_view {
  return {window_.text + position, window_.size - position};
}

auto WindowScanner::broken(std::string_view reason) const -> Result<Step> {
  return broken_content(offset_ + window_.positions[at_], reason);
}

auto WindowScanner::not_an_array() const -> Result<Step> {
  const auto start = rest_from(window_.positions[at_]).substr(0, 200);
  return Error{ErrorKind::malformed,
               fmt::format("not a JSON array but `{}`", escape_control(start))}
      .with_code("not_an_array");
}

} // namespace sluice::record

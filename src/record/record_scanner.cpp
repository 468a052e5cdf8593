// SPDX-License-Identifier: Apache-2.0
#include "record/record_scanner.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "base/check.hpp"
#include "record/record_skipper.hpp"
#include "record/window_scanner.hpp"

namespace sluice::record {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
/// How much is indexed after text that put the index out of step; it doubles from there.
constexpr std::size_t cautious_reach = 1024;
constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();
/// How much of a record over the limit is kept to be looked at.
constexpr std::size_t oversize_head_bytes = 4096;

} // namespace

class RecordScanner::State {
public:
  State(std::vector<std::string> names, Options options)
      : options_{options},
        window_{std::move(names), options} {
    CHECK(options.window_bytes >= 64 && options.max_record_bytes <= (std::size_t{1} << 30U));
    resize(options_.window_bytes);
  }

  auto feed(std::string_view bytes, RecordSink& sink) -> Result<> {
    return failed_ ? Result<>{*failed_} : remember(take(bytes, sink));
  }

  auto room() -> std::span<char> { return {buffer_.get() + filled_, capacity_ - filled_}; }

  auto filled(std::size_t bytes, RecordSink& sink) -> Result<> {
    CHECK(bytes <= capacity_ - filled_);
    return failed_ ? Result<>{*failed_} : remember(use(bytes, sink));
  }

  auto finish(RecordSink& sink) -> Result<> {
    return failed_ ? Result<>{*failed_} : remember(end(sink));
  }

  void restart() {
    window_.restart();
    filled_ = 0;
    offset_ = 0;
    reach_ = unlimited;
    to_the_end_ = false;
    skipper_.reset();
    failed_.reset();
    if (capacity_ != options_.window_bytes) {
      window_.shrink();
      resize(options_.window_bytes);
    }
  }

private:
  auto remember(Result<> result) -> Result<> {
    if (!result) {
      failed_ = result.error();
    }
    return result;
  }

  auto take(std::string_view bytes, RecordSink& sink) -> Result<> {
    while (!bytes.empty()) {
      const auto part = bytes.substr(0, capacity_ - filled_);
      std::memcpy(buffer_.get() + filled_, part.data(), part.size());
      bytes.remove_prefix(part.size());
      TRY_DO(use(part.size(), sink));
    }
    return {};
  }

  /// So many bytes more are in the buffer. Leaves room in it.
  auto use(std::size_t bytes, RecordSink& sink) -> Result<> {
    filled_ += bytes;
    if (skipper_) {
      TRY_DO(skip(sink));
    }
    if (filled_ == capacity_) {
      TRY_DO(scan(false, sink));
      TRY_DO(make_room(sink));
    }
    return {};
  }

  auto end(RecordSink& sink) -> Result<> {
    if (!skipper_) {
      TRY_DO(scan(true, sink));
    }
    if (options_.framing == Framing::array && window_.is_at_top()) {
      return Error{ErrorKind::malformed, "the content is empty"}.with_code("empty");
    }
    if (skipper_ || !(window_.is_at_top() || window_.is_closed())) {
      return cut_content(offset_);
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
      TRY(const auto used,
          window_.scan({.text = buffer_.get() + start,
                        .size = size,
                        .offset = offset_,
                        .is_last = final && whole,
                        .to_the_end = to_the_end_},
                       sink));
      start += used.bytes;
      offset_ += used.bytes;
      reach_ = reach_ > unlimited / 2 ? unlimited : reach_ * 2;
      if (used.out_of_step) {
        whole = false;
        reach_ = cautious_reach;
      }
    }
    filled_ -= start;
    std::memmove(buffer_.get(), buffer_.get() + start, filled_);
    return {};
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
      window_.shrink();
      resize(options_.window_bytes);
    }
    return {};
  }

  auto begin_skipping(RecordSink& sink) -> Result<> {
    if (*buffer_.get() != '{') {
      return broken_content(offset_, "no record within the limit");
    }
    skipper_.emplace();
    skipped_head_.assign(buffer_.get(), std::min(filled_, oversize_head_bytes));
    skipped_bytes_ = 0;
    return skip(sink);
  }

  void resize(std::size_t capacity) {
    auto larger = std::make_unique_for_overwrite<char[]>(capacity + WindowScanner::slack);
    std::copy_n(buffer_.get(), filled_, larger.get());
    buffer_ = std::move(larger);
    capacity_ = capacity;
  }

  /// Passes over what is in the buffer of a record that is over the limit, and leaves what follows
  /// it at the front.
  auto skip(RecordSink& sink) -> Result<> {
    const auto used = skipper_->feed({buffer_.get(), filled_});
    skipped_bytes_ += used;
    filled_ -= used;
    std::memmove(buffer_.get(), buffer_.get() + used, filled_);
    if (skipper_->done()) {
      TRY_DO(sink.on_bad_record({offset_, skipped_bytes_, "larger than the limit", skipped_head_}));
      offset_ += skipped_bytes_;
      skipper_.reset();
      window_.pass_element();
    }
    return {};
  }

  Options options_;
  WindowScanner window_;

  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t filled_ = 0;
  std::uint64_t offset_ = 0; ///< Of the buffer's (in a scan: the window's) start in the content.
  std::size_t reach_ = unlimited;
  bool to_the_end_ = false; ///< Index the whole buffer, wherever it ends.

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

auto RecordScanner::room() -> std::span<char> {
  return state_->room();
}

auto RecordScanner::filled(std::size_t bytes, RecordSink& sink) -> Result<> {
  return state_->filled(bytes, sink);
}

auto RecordScanner::finish(RecordSink& sink) -> Result<> {
  return state_->finish(sink);
}

void RecordScanner::restart() {
  state_->restart();
}

} // namespace sluice::record

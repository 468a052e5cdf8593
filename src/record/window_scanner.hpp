// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "record/record_scanner.hpp"
#include "record/record_walk.hpp"
#include "record/structural_index.hpp"
#include "record/wanted_fields.hpp"

namespace sluice::record {

/// The `Error` for content that makes no sense at byte `offset`.
[[nodiscard]] auto broken_content(std::uint64_t offset, std::string_view reason) -> Error;
/// The same for content that ends too early (code `truncated`).
[[nodiscard]] auto cut_content(std::uint64_t offset) -> Error;

/// Finds the records in one stretch of content after another, and knows where in the content's
/// array it is. `RecordScanner` cuts the stretches.
///
/// Use:     one for one content, or `restart` between contents.
/// Threads: one at a time.
class WindowScanner {
public:
  /// Bytes behind a stretch that `scan` may write to; it puts them back.
  static constexpr std::size_t slack = StructuralIndex::slack;

  /// What is looked at in one go.
  struct Stretch {
    char* text = nullptr;
    std::size_t size = 0;
    std::uint64_t offset = 0; ///< Of `text` in the content.
    bool is_last = false;     ///< The content ends where the stretch does.
    bool to_the_end = false;  ///< Index all of it, wherever it ends.
  };
  struct Used {
    std::size_t bytes = 0;
    /// The index did not fit the text any more: what follows has to be scanned anew.
    bool out_of_step = false;
  };

  WindowScanner(std::vector<std::string> wanted, RecordScanner::Options options);

  /// Gives all records that are complete in `stretch` to `sink`. The next one starts after the
  /// bytes that were used. Errors: as `RecordScanner::feed`.
  [[nodiscard]] auto scan(const Stretch& stretch, RecordSink& sink) -> Result<Used>;

  /// A record was passed over by other means.
  void pass_element() noexcept;
  /// Nothing has begun yet, or all that began outside of arrays has ended.
  [[nodiscard]] auto is_at_top() const noexcept -> bool { return phase_ == Phase::top; }
  /// The array that was all there should be has ended.
  [[nodiscard]] auto is_closed() const noexcept -> bool { return phase_ == Phase::closed; }

  void restart() noexcept;
  /// Gives back the memory that a large stretch took.
  void shrink() { index_ = StructuralIndex{}; }

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

  [[nodiscard]] auto walk(RecordSink& sink) -> Result<Used>;
  [[nodiscard]] auto next(RecordSink& sink) -> Result<Step>;
  [[nodiscard]] auto close_array() -> Result<Step>;
  [[nodiscard]] auto on_object(RecordSink& sink) -> Result<Step>;
  [[nodiscard]] auto on_top(char c, RecordSink& sink) -> Result<Step>;
  [[nodiscard]] auto on_stranger(char c, RecordSink& sink) -> Result<Step>;
  [[nodiscard]] auto recover(std::string_view reason, RecordSink& sink) -> Result<Step>;
  void resume_out_of_step(std::size_t position);
  [[nodiscard]] auto
  report(std::size_t position, std::string_view bytes, std::string_view reason, RecordSink& sink)
      -> Result<>;
  [[nodiscard]] auto rest_from(std::size_t position) const -> std::string_view;
  [[nodiscard]] auto broken(std::string_view reason) const -> Result<Step>;
  [[nodiscard]] auto not_an_array() const -> Result<Step>;

  RecordScanner::Options options_;
  WantedFields wanted_;
  std::vector<std::string_view> fields_;
  StructuralIndex index_;
  Phase phase_ = Phase::top;

  // Of the stretch in hand.
  Window window_;
  std::uint64_t offset_ = 0;
  bool last_ = false;
  std::size_t at_ = 0;        ///< The next of the window's positions.
  bool out_of_step_ = false;  ///< The index does not fit what follows `resume_at_`.
  std::size_t resume_at_ = 0; ///< In the window.
};

} // namespace sluice::record

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace sluice::record {

/// Where in a stretch of JSON the brackets, colons, commas and the starts of strings and scalars
/// stand, strings being skipped as a whole. It is the first stage of simdjson, used over a window
/// instead of a document; this class is the only place that knows so.
///
/// Threads: one at a time.
/// Memory:  4 bytes per byte of capacity.
class StructuralIndex {
public:
  /// Bytes behind the text that `build` may write to.
  static constexpr std::size_t slack = 4;

  StructuralIndex();
  StructuralIndex(StructuralIndex&&) noexcept;
  auto operator=(StructuralIndex&&) noexcept -> StructuralIndex&;
  ~StructuralIndex();

  /// Indexes `size` bytes that start outside of a string and may end anywhere. Afterwards
  /// `text[size]` is a NUL, and `positions()` ends with three times `size`.
  void build(char* text, std::size_t size);

  /// Bytes from the start of the text, ascending.
  [[nodiscard]] auto positions() const noexcept -> const std::uint32_t*;
  /// Without the three at the end.
  [[nodiscard]] auto count() const noexcept -> std::size_t;
  /// False when somewhere in the text there is invalid UTF-8 or a raw control character in a
  /// string. The positions are right nevertheless.
  [[nodiscard]] auto is_clean() const noexcept -> bool { return clean_; }

private:
  class Stage;
  std::unique_ptr<Stage> stage_;
  bool clean_ = true;
};

} // namespace sluice::record

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace sluice {

/// Whether bytes start like gzip or zlib. JSON text never does. Needs two bytes to say yes.
[[nodiscard]] auto looks_compressed(std::string_view bytes) noexcept -> bool;

/// Says where inflated bytes are to go, and hears how many went there.
class InflateTarget {
public:
  InflateTarget() = default;
  InflateTarget(const InflateTarget&) = delete;
  auto operator=(const InflateTarget&) -> InflateTarget& = delete;
  virtual ~InflateTarget() = default;

  /// Where the next bytes are to be written: at least one, at most 1 GiB.
  [[nodiscard]] virtual auto room() -> std::span<char> = 0;
  /// So many bytes of `room()` were written, at least one. An error ends the inflating.
  [[nodiscard]] virtual auto filled(std::size_t bytes) -> Result<> = 0;
};

/// Inflates gzip (any number of members) or zlib, whichever the first bytes show, while it arrives.
///
/// Use:     `feed` all bytes in order, cut anywhere, then `finish`. One inflater for one stream, or
///          `restart` before the next one.
/// Threads: one at a time.
/// Memory:  about 100 KiB, and 64 KiB for a sink, whatever the stream holds.
class Inflater {
public:
  struct Limits {
    /// More inflated bytes than this are refused.
    std::uint64_t max_output_bytes = std::uint64_t{4} * 1024 * 1024 * 1024;
    /// More inflated bytes per compressed byte than this are refused, once 8 MiB have come out.
    /// Audit records stay below 60; gzip cannot do more than 1032.
    std::uint64_t max_ratio = 300;
  };
  /// Takes inflated bytes, at most 64 KiB at a time; good until it returns.
  using Sink = std::function<Result<>(std::string_view)>;

  Inflater();
  explicit Inflater(Limits limits);
  Inflater(Inflater&&) noexcept;
  auto operator=(Inflater&&) noexcept -> Inflater&;
  ~Inflater();

  /// Errors: malformed when the bytes are not gzip or zlib, are damaged, or expand beyond the
  /// limits (code `expansion`); errors of the sink. Final: feed no more after an error.
  [[nodiscard]] auto feed(std::string_view bytes, const Sink& sink) -> Result<>;
  /// The same, written straight to where the bytes are wanted.
  [[nodiscard]] auto feed(std::string_view bytes, InflateTarget& target) -> Result<>;

  /// Errors: malformed (code `truncated`) when the stream ended before its checksum, or was empty.
  [[nodiscard]] auto finish() const -> Result<>;

  /// Forgets the stream, whatever became of it: the next `feed` starts another one. Cheaper than a
  /// new inflater.
  void restart();

private:
  class Pieces;
  class Stream;
  std::unique_ptr<Stream> stream_;
  std::vector<char> piece_; ///< What goes to a sink.
};

/// `bytes` as one gzip member, compressed fast rather than well.
[[nodiscard]] auto deflate_gzip(std::string_view bytes) -> std::string;

} // namespace sluice

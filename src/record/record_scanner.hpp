// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace sluice::record {

/// One record, as it stands in the content. Views are good until the sink returns.
struct ScannedRecord {
  /// From `{` to `}`, exactly as it came. Valid UTF-8 with balanced brackets and a sound top level;
  /// what is nested deeper was not looked at (`AuditRecord::parse` does that).
  std::string_view bytes;
  /// The raw JSON value of each wanted field, in the order they were asked for; a view whose
  /// `data()` is null when the record has no such key. Of a key that stands there twice, the last
  /// value counts, as it does for jq.
  std::span<const std::string_view> fields;
  /// Where the record starts, in bytes from the start of the content.
  std::uint64_t offset = 0;
};

/// Something in the place of a record that is none, but whose end is known.
struct BadRecord {
  std::uint64_t offset = 0; ///< Bytes from the start of the content.
  std::uint64_t length = 0; ///< Bytes.
  std::string_view reason;  ///< Part of a sentence: "not valid UTF-8".
  /// As it came; only the beginning of one that is over `max_record_bytes`.
  std::string_view bytes;
};

/// Takes what a scanner finds, in the order of the content. An error that a function returns stops
/// the scan and comes back from `feed` or `finish`.
class RecordSink {
public:
  RecordSink() = default;
  RecordSink(const RecordSink&) = delete;
  auto operator=(const RecordSink&) -> RecordSink& = delete;
  virtual ~RecordSink() = default;

  virtual auto on_record(const ScannedRecord& record) -> Result<> = 0;
  virtual auto on_bad_record(const BadRecord& record) -> Result<> = 0;
};

/// Cuts content into records while it arrives, without building a document of it.
///
///     RecordScanner scanner{{"RecordType"}, {}};
///     TRY_DO(scanner.feed(bytes, sink));    // as often as bytes come, cut anywhere
///     TRY_DO(scanner.finish(sink));         // an array that was not closed is an error here
///
/// Use:     one scanner for one content, or `restart` before the next one.
/// Threads: one at a time.
/// Memory:  about six times `window_bytes`; six times the size of a record that is larger than
///          that, until it has passed.
class RecordScanner {
public:
  enum class Framing : std::uint8_t {
    /// One JSON array of objects: what the Management Activity API sends (documented). Content that
    /// starts with anything else is an error with the code `not_an_array`.
    array,
    /// Any number of arrays and single objects, with white space between them or none: what files
    /// hold (JSON, NDJSON, pretty-printed).
    any,
  };
  /// So many fields can be wanted.
  static constexpr std::size_t max_wanted = 64;

  struct Options {
    Framing framing = Framing::any;
    /// A larger record is a `BadRecord`. 64 bytes to 1 GiB.
    std::size_t max_record_bytes = std::size_t{4} * 1024 * 1024;
    /// How much is looked at in one go. At least 64; 64 KiB stays in a core's own cache.
    std::size_t window_bytes = std::size_t{64} * 1024;
    /// Objects and arrays inside each other, the record itself included; deeper is a `BadRecord`.
    std::size_t max_depth = 512;
  };

  /// `wanted` are the names of the top-level fields that the sink wants to see: at most
  /// `max_wanted`, UTF-8.
  RecordScanner(std::vector<std::string> wanted, Options options);
  RecordScanner(RecordScanner&&) noexcept;
  auto operator=(RecordScanner&&) noexcept -> RecordScanner&;
  ~RecordScanner();

  /// Takes the next bytes of the content and gives every record that is complete to `sink`.
  /// Errors: malformed, with the byte offset and the reason, when what follows cannot be told apart
  /// any more: the rest of the content is lost, what `sink` got stands. It is final: later calls
  /// return it again. Errors of the sink.
  [[nodiscard]] auto feed(std::string_view bytes, RecordSink& sink) -> Result<>;

  /// Where the next bytes of the content can be put, which spares a copy of them; never empty, save
  /// after an error. Good until the next call.
  [[nodiscard]] auto room() -> std::span<char>;
  /// The first `bytes` of `room()` are there now: the same as `feed` with them.
  /// Errors: as `feed`.
  [[nodiscard]] auto filled(std::size_t bytes, RecordSink& sink) -> Result<>;

  /// The content has ended.
  /// Errors: as `feed`; malformed when the content is cut short (code `truncated`), or empty with
  /// `Framing::array` (code `empty`).
  [[nodiscard]] auto finish(RecordSink& sink) -> Result<>;

  /// Forgets the content, whatever became of it: the next `feed` starts another one. Cheaper than a
  /// new scanner.
  void restart();

private:
  class State;
  std::unique_ptr<State> state_;
};

} // namespace sluice::record

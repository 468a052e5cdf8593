// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// Private to this library: how long texts lie on disk, records and what they say in Data and
/// Actions.
///
/// Each is compressed alone, with zstd and a dictionary of what such texts have in common. So who
/// reads one inflates one, and a checkpoint, which writes the unfilled last row group anew, moves
/// them as they are, however long they once were.
///
/// The first byte says what follows: 0 the text itself, where compression gains nothing; 1 a frame
/// of zstd that needs the first dictionary. An empty text is no byte at all.
namespace sluice::store {

/// Use:     one for many texts, one after the other.
/// Threads: one at a time.
/// Memory:  as the longest text so far needs: 90 KiB for one of 4 KiB, and for one of 4 MiB 1.3 MiB
///          besides itself; 430 KiB more that all share.
class TextPacker {
public:
  TextPacker();
  ~TextPacker();
  TextPacker(TextPacker&&) noexcept;
  auto operator=(TextPacker&&) noexcept -> TextPacker&;

  /// Valid until the next call.
  [[nodiscard]] auto pack(std::string_view text) -> std::string_view;

private:
  struct Zstd;
  std::unique_ptr<Zstd> zstd_;
  std::string packed_;
};

/// Use and threads: as above.
class TextUnpacker {
public:
  TextUnpacker();
  ~TextUnpacker();

  /// The text that was packed; valid until the next call.
  /// Errors: corrupt, with a hint, when these are not the bytes that `TextPacker` made.
  [[nodiscard]] auto unpack(std::string_view packed) -> Result<std::string_view>;

private:
  struct Zstd;
  std::unique_ptr<Zstd> zstd_;
  std::string text_;
};

/// What the first dictionary holds. Texts that were packed with it are unreadable without, so it
/// stays as it is for ever; a better one is a second.
[[nodiscard]] auto packing_dictionary() noexcept -> std::string_view;

} // namespace sluice::store

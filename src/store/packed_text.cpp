// SPDX-License-Identifier: Apache-2.0
#include "store/packed_text.hpp"

#include <utility>

#include <zstd.h>

#include "base/check.hpp"

namespace sluice::store {
namespace {

/// The first byte.
enum Form : char { as_it_is = 0, first_dictionary = 1 };

/// Texts that are shorter gain nothing.
constexpr std::size_t least_compressed_bytes = 32;
/// A record has at most so many bytes, whatever its frame claims.
constexpr std::size_t most_text_bytes = std::size_t{1} << 30;

template <auto destroy>
struct Free {
  template <class T>
  void operator()(T* object) const {
    destroy(object);
  }
};

auto compression() -> const ZSTD_CDict* {
  static const std::unique_ptr<ZSTD_CDict, Free<ZSTD_freeCDict>> dictionary{ZSTD_createCDict(
      packing_dictionary().data(), packing_dictionary().size(), ZSTD_CLEVEL_DEFAULT)};
  return dictionary.get();
}

auto corrupt(std::string_view what) -> Error {
  return Error{ErrorKind::corrupt, std::string{what}}.with_hint(
      "move the store's directory away: `sluice run --once` makes it anew from the archive");
}

auto decompression() -> const ZSTD_DDict* {
  static const std::unique_ptr<ZSTD_DDict, Free<ZSTD_freeDDict>> dictionary{
      ZSTD_createDDict(packing_dictionary().data(), packing_dictionary().size())};
  return dictionary.get();
}

} // namespace

struct TextPacker::Zstd {
  std::unique_ptr<ZSTD_CCtx, Free<ZSTD_freeCCtx>> context{ZSTD_createCCtx()};
};

struct TextUnpacker::Zstd {
  std::unique_ptr<ZSTD_DCtx, Free<ZSTD_freeDCtx>> context{ZSTD_createDCtx()};
};

TextPacker::TextPacker() : zstd_{std::make_unique<Zstd>()} {
  CHECK(zstd_->context != nullptr && compression() != nullptr);
}
TextPacker::~TextPacker() = default;
TextPacker::TextPacker(TextPacker&&) noexcept = default;
auto TextPacker::operator=(TextPacker&&) noexcept -> TextPacker& = default;

auto TextPacker::pack(std::string_view text) -> std::string_view {
  if (text.empty()) {
    return {};
  }
  if (text.size() >= least_compressed_bytes) {
    packed_.resize(1 + ZSTD_compressBound(text.size()));
    const auto size = ZSTD_compress_usingCDict(zstd_->context.get(),
                                               packed_.data() + 1,
                                               packed_.size() - 1,
                                               text.data(),
                                               text.size(),
                                               compression());
    if (ZSTD_isError(size) == 0 && size < text.size()) {
      packed_.front() = first_dictionary;
      packed_.resize(1 + size);
      return packed_;
    }
  }
  packed_.assign(1, as_it_is);
  packed_.append(text);
  return packed_;
}

TextUnpacker::TextUnpacker() : zstd_{std::make_unique<Zstd>()} {
  CHECK(zstd_->context != nullptr && decompression() != nullptr);
}
TextUnpacker::~TextUnpacker() = default;

auto TextUnpacker::unpack(std::string_view packed) -> Result<std::string_view> {
  if (packed.empty() || packed.front() == as_it_is) {
    return packed.substr(packed.empty() ? 0 : 1);
  }
  const auto frame = packed.substr(1);
  const auto bytes = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (packed.front() != first_dictionary || bytes > most_text_bytes) { // Nor an error of zstd.
    return corrupt("a text of the store is packed in no known way");
  }
  text_.resize(bytes);
  const auto size = ZSTD_decompress_usingDDict(zstd_->context.get(),
                                               text_.data(),
                                               text_.size(),
                                               frame.data(),
                                               frame.size(),
                                               decompression());
  if (size != text_.size()) {
    return corrupt("a packed text of the store is damaged");
  }
  return text_;
}

auto packing_dictionary() noexcept -> std::string_view {
  static constexpr std::string_view dictionary =
#include "packing_dictionary.inc"
      ;
  return dictionary;
}

} // namespace sluice::store

// SPDX-License-Identifier: Apache-2.0
#include "base/gzip.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <isa-l/igzip_lib.h>

#include "base/check.hpp"

namespace sluice {
namespace {

constexpr std::size_t piece_bytes = std::size_t{64} * 1024;
constexpr std::uint64_t ratio_counts_from = std::uint64_t{8} * 1024 * 1024;

constexpr auto byte_at(std::string_view bytes, std::size_t i) -> unsigned {
  return static_cast<unsigned char>(bytes[i]);
}

auto damaged(std::string_view why) -> Error {
  return {ErrorKind::malformed, fmt::format("damaged compressed data: {}", why)};
}

auto meaning_of(int status) -> std::string_view {
  switch (status) {
  case ISAL_INCORRECT_CHECKSUM:
    return "the checksum does not fit";
  case ISAL_INVALID_WRAPPER:
  case ISAL_UNSUPPORTED_METHOD:
    return "not a gzip or zlib header";
  default:
    return "not a deflate stream";
  }
}

} // namespace

auto looks_compressed(std::string_view bytes) noexcept -> bool {
  if (bytes.size() < 2) {
    return false;
  }
  const bool gzip = byte_at(bytes, 0) == 0x1F && byte_at(bytes, 1) == 0x8B;
  const bool zlib = byte_at(bytes, 0) == 0x78 && (0x7800 + byte_at(bytes, 1)) % 31 == 0;
  return gzip || zlib;
}

/// Gives what is inflated to a sink, piece by piece.
class Inflater::Pieces final : public InflateTarget {
public:
  Pieces(std::vector<char>& piece, const Sink& sink) : piece_{piece}, sink_{sink} {
    piece_.resize(piece_bytes);
  }

  auto room() -> std::span<char> override { return piece_; }
  auto filled(std::size_t bytes) -> Result<> override { return sink_({piece_.data(), bytes}); }

private:
  std::vector<char>& piece_;
  const Sink& sink_;
};

class Inflater::Stream {
public:
  explicit Stream(Limits limits) : limits_{limits} { isal_inflate_init(&state_); }

  auto feed(std::string_view bytes, InflateTarget& target) -> Result<> {
    while (!bytes.empty()) {
      const auto part = bytes.substr(0, std::size_t{1} << 30U);
      input_bytes_ += part.size();
      TRY_DO(inflate(part, target));
      bytes.remove_prefix(part.size());
    }
    return {};
  }

  [[nodiscard]] auto finish() const -> Result<> {
    if (in_member_ || members_ == 0) {
      return Error{ErrorKind::malformed, "compressed data is cut short"}.with_code("truncated");
    }
    return {};
  }

  void restart() {
    input_bytes_ = 0;
    output_bytes_ = 0;
    members_ = 0;
    in_member_ = false;
  }

private:
  auto inflate(std::string_view bytes, InflateTarget& target) -> Result<> {
    while (!bytes.empty()) {
      if (!in_member_) {
        TRY_DO(begin_member(byte_at(bytes, 0)));
      }
      // The library never writes to its input, it only lacks the const.
      state_.next_in =
          const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(bytes.data()));
      state_.avail_in = static_cast<std::uint32_t>(bytes.size());
      TRY_DO(run(target));
      bytes.remove_prefix(bytes.size() - state_.avail_in);
    }
    return {};
  }

  auto begin_member(unsigned first) -> Result<> {
    const bool gzip = first == 0x1F;
    if (!gzip && (members_ > 0 || first != 0x78)) {
      return damaged(members_ > 0 ? "something else follows it" : "not a gzip or zlib header");
    }
    isal_inflate_reset(&state_);
    state_.crc_flag = gzip ? ISAL_GZIP : ISAL_ZLIB;
    in_member_ = true;
    return {};
  }

  /// Inflates until the input is used up or the member has ended.
  auto run(InflateTarget& target) -> Result<> {
    do {
      const auto room = target.room();
      state_.next_out = reinterpret_cast<std::uint8_t*>(room.data());
      state_.avail_out = static_cast<std::uint32_t>(room.size());
      const int status = isal_inflate(&state_);
      if (status < 0) {
        return damaged(meaning_of(status));
      }
      const auto made = room.size() - state_.avail_out;
      if (made > 0) {
        TRY_DO(count(made));
        TRY_DO(target.filled(made));
      }
      if (state_.block_state == ISAL_BLOCK_FINISH) {
        in_member_ = false;
        ++members_;
        return {};
      }
    } while (state_.avail_in > 0 || state_.avail_out == 0);
    return {};
  }

  auto count(std::size_t made) -> Result<> {
    output_bytes_ += made;
    if (output_bytes_ > limits_.max_output_bytes ||
        (output_bytes_ > ratio_counts_from && output_bytes_ / limits_.max_ratio > input_bytes_)) {
      return Error{ErrorKind::malformed,
                   fmt::format("{} compressed bytes expand to more than {} bytes",
                               input_bytes_,
                               output_bytes_ - made)}
          .with_code("expansion");
    }
    return {};
  }

  Limits limits_;
  inflate_state state_{};
  std::uint64_t input_bytes_ = 0;
  std::uint64_t output_bytes_ = 0;
  std::uint64_t members_ = 0;
  bool in_member_ = false;
};

Inflater::Inflater() : Inflater{Limits{}} {}
Inflater::Inflater(Limits limits) : stream_{std::make_unique<Stream>(limits)} {}
Inflater::Inflater(Inflater&&) noexcept = default;
auto Inflater::operator=(Inflater&&) noexcept -> Inflater& = default;
Inflater::~Inflater() = default;

auto Inflater::feed(std::string_view bytes, const Sink& sink) -> Result<> {
  Pieces pieces{piece_, sink};
  return stream_->feed(bytes, pieces);
}

auto Inflater::feed(std::string_view bytes, InflateTarget& target) -> Result<> {
  return stream_->feed(bytes, target);
}

auto Inflater::finish() const -> Result<> {
  return stream_->finish();
}

void Inflater::restart() {
  stream_->restart();
}

auto deflate_gzip(std::string_view bytes) -> std::string {
  std::vector<std::uint8_t> work(ISAL_DEF_LVL1_DEFAULT);
  isal_zstream stream{};
  isal_deflate_init(&stream);
  stream.level = 1;
  stream.level_buf = work.data();
  stream.level_buf_size = static_cast<std::uint32_t>(work.size());
  stream.gzip_flag = IGZIP_GZIP;
  std::array<std::uint8_t, piece_bytes> piece{};
  std::string out;
  do {
    const auto part = bytes.substr(0, std::size_t{1} << 30U);
    bytes.remove_prefix(part.size());
    stream.next_in = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(part.data()));
    stream.avail_in = static_cast<std::uint32_t>(part.size());
    stream.end_of_stream = bytes.empty() ? 1 : 0;
    do {
      stream.next_out = piece.data();
      stream.avail_out = piece_bytes;
      CHECK(isal_deflate(&stream) == COMP_OK);
      out.append(reinterpret_cast<const char*>(piece.data()), piece_bytes - stream.avail_out);
    } while (stream.avail_out == 0);
  } while (!bytes.empty());
  return out;
}

} // namespace sluice

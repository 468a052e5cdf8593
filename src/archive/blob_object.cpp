// SPDX-License-Identifier: Apache-2.0
#include "archive/blob_object.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/guid.hpp"

namespace sluice::archive {
namespace {

/// Up to so many bytes an object waits in memory and goes out in one request.
constexpr std::size_t small_bytes = std::size_t{64} * 1024;

} // namespace

auto archive_error(Error error) -> Error {
  using enum ErrorKind;
  const auto kind =
      error.kind() == cancelled
          ? cancelled
          : (error.kind() == unavailable || error.kind() == throttled ? unavailable : storage);
  auto mapped = Error{kind, error.message()}.with_code(error.code()).with_hint(error.hint());
  return std::move(mapped).while_doing("the archive");
}

BlobWriter::BlobWriter(const azure::BlobContainer& container,
                       std::stop_token stop,
                       std::string name,
                       std::size_t block_bytes)
    : container_{container},
      stop_{std::move(stop)},
      block_bytes_{block_bytes},
      block_prefix_{random_guid()} {
  object_.name = std::move(name);
}

auto BlobWriter::append(std::span<const std::byte> bytes) -> Result<> {
  hasher_.append(bytes);
  object_.bytes += bytes.size();
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min(bytes.size(), block_bytes_ - buffer_.size()));
    buffer_.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    bytes = bytes.subspan(piece.size());
    if (buffer_.size() == block_bytes_) {
      TRY_DO(stage());
    }
  }
  return {};
}

auto BlobWriter::stage() -> Result<> {
  // All ids of a blob have one length (documented).
  auto id = fmt::format("{}-{:06}", block_prefix_, blocks_.size());
  auto staged = container_.stage_block(object_.name, id, std::exchange(buffer_, {}), {}, stop_);
  if (!staged) {
    return archive_error(std::move(staged).error());
  }
  blocks_.push_back(std::move(id));
  return {};
}

auto BlobWriter::close() -> Result<> {
  if (!closed_) {
    if (!buffer_.empty() && (!blocks_.empty() || buffer_.size() > small_bytes)) {
      TRY_DO(stage());
    }
    object_.sha256 = hasher_.finish();
    closed_ = true;
  }
  return {};
}

auto BlobWriter::finish() -> Result<StoredObject> {
  TRY_DO(close());
  return object_;
}

auto BlobWriter::place() -> Result<> {
  CHECK(closed_);
  const azure::PutOptions options{};
  auto placed = blocks_.empty()
                    ? container_.put(object_.name, std::exchange(buffer_, {}), options, stop_)
                    : container_.commit_blocks(object_.name, blocks_, options, stop_);
  if (!placed && placed.error().code() == "InvalidBlockList") {
    TRY(const bool is_there, is_there_already());
    if (is_there) {
      return {};
    }
  }
  return placed ? Result<>{} : Result<>{archive_error(std::move(placed).error())};
}

auto BlobWriter::is_there_already() const -> Result<bool> {
  Sha256Hasher hasher;
  azure::BlobCondition condition;
  for (std::uint64_t offset = 0; offset < object_.bytes;) {
    const auto part =
        container_.read(object_.name, offset, BlobReader::part_bytes, condition, stop_);
    if (!part && part.error().kind() == ErrorKind::gone) {
      return false;
    }
    if (!part) {
      return archive_error(part.error());
    }
    if (part->blob_bytes != object_.bytes || part->bytes.empty()) {
      return false;
    }
    hasher.append(std::as_bytes(std::span{part->bytes}));
    condition.if_match = part->etag;
    offset += part->bytes.size();
  }
  return hasher.finish() == object_.sha256;
}

BlobReader::BlobReader(const azure::BlobContainer& container,
                       std::stop_token stop,
                       std::string name,
                       azure::BlobPart first,
                       std::optional<StoredObject> expected)
    : container_{container},
      stop_{std::move(stop)},
      name_{std::move(name)},
      part_{std::move(first)},
      parts_end_{part_.bytes.size()},
      expected_{std::move(expected)} {}

auto BlobReader::read(std::span<std::byte> buffer) -> Result<std::size_t> {
  CHECK(!buffer.empty());
  if (taken_ == part_.bytes.size() && parts_end_ < part_.blob_bytes) {
    TRY_DO(next_part());
  }
  const auto size = std::min(buffer.size(), part_.bytes.size() - taken_);
  if (size == 0) {
    TRY_DO(prove());
    return std::size_t{0};
  }
  std::memcpy(buffer.data(), part_.bytes.data() + taken_, size);
  taken_ += size;
  hasher_.append(buffer.first(size));
  return size;
}

auto BlobReader::next_part() -> Result<> {
  auto next = container_.read(name_, parts_end_, part_bytes, {.if_match = part_.etag}, stop_);
  if (!next) {
    return archive_error(std::move(next).error()); // Also when it was replaced in between.
  }
  if (next->bytes.empty()) {
    return Error{ErrorKind::unavailable, fmt::format("{} ended before its size", name_)};
  }
  part_ = *std::move(next);
  parts_end_ += part_.bytes.size();
  taken_ = 0;
  return {};
}

auto BlobReader::prove() -> Result<> {
  const auto expected = std::exchange(expected_, std::nullopt);
  if (expected && hasher_.finish() != expected->sha256) {
    return Error{ErrorKind::corrupt,
                 fmt::format("{} is not as it was written: its SHA-256 differs", name_)}
        .with_hint("somebody wrote to the container; `sluice quarantine` shows what was set aside");
  }
  return {};
}

} // namespace sluice::archive

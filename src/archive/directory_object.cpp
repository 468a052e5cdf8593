// SPDX-License-Identifier: Apache-2.0
#include "archive/directory_object.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/check.hpp"

namespace sluice::archive {
namespace {

constexpr std::size_t buffer_bytes = 64 * 1024;
/// So much is worth a system call, and is not copied.
constexpr std::size_t direct_bytes = 16 * 1024;

} // namespace

DirectoryWriter::DirectoryWriter(const Directory& temporary,
                                 std::string temporary_name,
                                 File file,
                                 std::string name,
                                 Sha256Lanes& lanes)
    : temporary_{temporary},
      temporary_name_{std::move(temporary_name)},
      file_{std::move(file)},
      lanes_{lanes},
      object_{.name = std::move(name)} {}

DirectoryWriter::~DirectoryWriter() {
  if (!placed_) {
    // What cannot be removed now is removed when the archive is next opened.
    static_cast<void>(temporary_.remove(temporary_name_));
  }
}

auto DirectoryWriter::append(std::span<const std::byte> bytes) -> Result<> {
  CHECK(!closed_);
  object_.bytes += bytes.size();
  if (!hasher_ && object_.bytes > Sha256Lanes::longest) {
    hasher_.emplace().append(buffer_);
  }
  if (hasher_) {
    hasher_->append(bytes);
    const bool direct = bytes.size() >= direct_bytes;
    if (direct || buffer_.size() + bytes.size() > buffer_bytes) {
      TRY_DO(flush());
    }
    if (direct) {
      return file_.append(bytes);
    }
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  return {};
}

auto DirectoryWriter::flush() -> Result<> {
  TRY_DO(file_.append(buffer_));
  buffer_.clear();
  return {};
}

auto DirectoryWriter::close() -> Result<> {
  if (closed_) {
    return {};
  }
  TRY_DO(file_.append(buffer_));
  if (hasher_) {
    // Much at once; what is small costs less when the commit writes all of it.
    file_.start_write_back();
    buffer_ = {};
    object_.sha256 = hasher_->finish();
  } else {
    ticket_ = lanes_.begin(std::exchange(buffer_, {}));
  }
  closed_ = true;
  return {};
}

auto DirectoryWriter::finish() -> Result<StoredObject> {
  TRY_DO(close());
  if (ticket_) {
    object_.sha256 = lanes_.digest(*ticket_);
    ticket_.reset();
  }
  return object_;
}

auto DirectoryWriter::place(const Directory& target, std::string_view leaf) -> Result<> {
  TRY_DO(temporary_.rename(temporary_name_, target, leaf));
  placed_ = true;
  return {};
}

DirectoryReader::DirectoryReader(File file, std::optional<StoredObject> expected)
    : file_{std::move(file)},
      expected_{std::move(expected)} {}

auto DirectoryReader::read(std::span<std::byte> buffer) -> Result<std::size_t> {
  CHECK(!buffer.empty());
  TRY(const auto taken, file_.read(buffer));
  if (!expected_) {
    return taken;
  }
  hasher_.append(buffer.first(taken));
  if (taken != 0) {
    return taken;
  }
  const auto expected = std::exchange(expected_, std::nullopt);
  if (hasher_.finish() != expected->sha256) {
    return Error{ErrorKind::corrupt,
                 fmt::format("{} is not as it was written: its SHA-256 differs", expected->name)}
        .with_hint("check the disk; `sluice quarantine` shows and retries what was set aside");
  }
  return taken;
}

} // namespace sluice::archive

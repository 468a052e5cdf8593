// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "archive/archive.hpp"
#include "base/file.hpp"
#include "base/sha256.hpp"
#include "base/sha256_lanes.hpp"

namespace sluice::archive {

/// Writes an object of a directory archive to a file in `tmp/`, through a buffer of at most 64 KiB.
/// What fits into the buffer is hashed together with other objects.
class DirectoryWriter final : public ObjectWriter {
public:
  /// `temporary` is where `file` was made as `temporary_name`; it and `lanes` must outlive the
  /// writer.
  DirectoryWriter(const Directory& temporary,
                  std::string temporary_name,
                  File file,
                  std::string name,
                  Sha256Lanes& lanes);
  /// Removes the file unless it was moved to its place.
  ~DirectoryWriter() override;

  [[nodiscard]] auto append(std::span<const std::byte> bytes) -> Result<> override;
  [[nodiscard]] auto close() -> Result<> override;
  [[nodiscard]] auto finish() -> Result<StoredObject> override;

  /// Waits until the content is on the disk. Only after `close`.
  [[nodiscard]] auto sync() -> Result<> { return file_.sync(); }
  /// Makes the object visible as `leaf` in `target`.
  [[nodiscard]] auto place(const Directory& target, std::string_view leaf) -> Result<>;
  [[nodiscard]] auto name() const noexcept -> const std::string& { return object_.name; }

private:
  auto flush() -> Result<>;

  const Directory& temporary_;
  std::string temporary_name_;
  File file_;
  Sha256Lanes& lanes_;
  std::vector<std::byte> buffer_;
  std::optional<Sha256Hasher> hasher_; ///< Of what is too long for the lanes.
  std::optional<Sha256Lanes::Ticket> ticket_;
  StoredObject object_;
  bool closed_ = false;
  bool placed_ = false;
};

/// Reads a file of a directory archive and, when told what to expect, proves it at the end.
class DirectoryReader final : public ObjectReader {
public:
  DirectoryReader(File file, std::optional<StoredObject> expected);

  [[nodiscard]] auto read(std::span<std::byte> buffer) -> Result<std::size_t> override;

private:
  File file_;
  std::optional<StoredObject> expected_;
  Sha256Hasher hasher_;
};

} // namespace sluice::archive

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "archive/archive.hpp"
#include "azure/blob_container.hpp"
#include "base/sha256.hpp"

namespace sluice::archive {

/// What an error of the service is to the archive's callers. Theirs would count `gone` as a content
/// that is lost, and `malformed` as one that cannot be read.
[[nodiscard]] auto archive_error(Error error) -> Error;

/// Writes an object of a blob archive. Small ones stay in memory until `place`; what is larger goes
/// out as blocks under names that no other writer uses.
class BlobWriter final : public ObjectWriter {
public:
  /// `container` must outlive the writer.
  BlobWriter(const azure::BlobContainer& container,
             std::stop_token stop,
             std::string name,
             std::size_t block_bytes);

  [[nodiscard]] auto append(std::span<const std::byte> bytes) -> Result<> override;
  [[nodiscard]] auto close() -> Result<> override;
  [[nodiscard]] auto finish() -> Result<StoredObject> override;
  /// Makes the object visible. Only after `close`.
  [[nodiscard]] auto place() -> Result<>;

private:
  auto stage() -> Result<>;
  /// Whether another writer of the same content placed the very same bytes meanwhile: the service
  /// has forgotten our blocks then (documented).
  [[nodiscard]] auto is_there_already() const -> Result<bool>;

  const azure::BlobContainer& container_;
  const std::stop_token stop_;
  const std::size_t block_bytes_;
  const std::string block_prefix_;
  std::vector<std::string> blocks_;
  std::string buffer_;
  Sha256Hasher hasher_;
  StoredObject object_;
  bool closed_ = false;
};

/// Reads a blob part by part, all of them of one version, and proves it at the end when told what
/// to expect.
class BlobReader final : public ObjectReader {
public:
  /// `first` is what a read from the beginning gave; `container` must outlive the reader.
  BlobReader(const azure::BlobContainer& container,
             std::stop_token stop,
             std::string name,
             azure::BlobPart first,
             std::optional<StoredObject> expected);

  [[nodiscard]] auto read(std::span<std::byte> buffer) -> Result<std::size_t> override;

  /// How much is read at a time.
  static constexpr std::size_t part_bytes = std::size_t{4} * 1024 * 1024;

private:
  auto next_part() -> Result<>;
  auto prove() -> Result<>;

  const azure::BlobContainer& container_;
  const std::stop_token stop_;
  const std::string name_;
  azure::BlobPart part_;
  std::size_t taken_ = 0;       ///< Of `part_`.
  std::uint64_t parts_end_ = 0; ///< Up to where parts were read.
  std::optional<StoredObject> expected_;
  Sha256Hasher hasher_;
};

} // namespace sluice::archive

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sluice {

/// A SHA-256 digest as bytes.
using Sha256 = std::array<std::byte, 32>;

/// Computes a SHA-256 over bytes that come piece by piece.
///
/// Use:     `append` any number of times, then `finish` once; `restart` for the next digest.
/// Threads: one at a time.
class Sha256Hasher {
public:
  Sha256Hasher();
  Sha256Hasher(Sha256Hasher&&) noexcept;
  auto operator=(Sha256Hasher&&) noexcept -> Sha256Hasher&;
  ~Sha256Hasher();

  void append(std::span<const std::byte> bytes);
  /// The digest of all that was appended.
  [[nodiscard]] auto finish() -> Sha256;
  /// Forgets what was appended.
  void restart();

private:
  struct Context;
  std::unique_ptr<Context> context_;
};

[[nodiscard]] auto sha256(std::span<const std::byte> bytes) -> Sha256;
[[nodiscard]] auto sha256(std::string_view text) -> Sha256;

/// 64 lower-case hexadecimal digits.
[[nodiscard]] auto to_hex(const Sha256& digest) -> std::string;
/// Reads what `to_hex` wrote; nothing for any other text.
[[nodiscard]] auto sha256_from_hex(std::string_view hex) -> std::optional<Sha256>;

} // namespace sluice

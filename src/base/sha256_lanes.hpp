// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/sha256.hpp"

namespace sluice {

/// Computes the SHA-256 of many short texts side by side in the lanes of wide registers: eight
/// times as fast as one after another, where the processor has AVX-512 and no instructions for SHA.
///
/// Use:     `begin` each text; ask for its digest as late as possible, since by then other texts
///          have filled the lanes and it is mostly there.
/// Threads: any. Tickets must not outlive it.
/// Memory:  the texts whose digests are not computed yet: of like sizes 16 at most, or else what is
///          shorter than them, up to 256.
class Sha256Lanes {
public:
  /// The longest text that may go here (what the library can count), in bytes.
  static constexpr std::size_t longest = 65'534;

  /// Stands for the digest of one text.
  class Ticket {
  public:
    Ticket() = default;

  private:
    friend class Sha256Lanes;
    struct Text;
    std::shared_ptr<Text> text_;
  };

  Sha256Lanes();
  Sha256Lanes(const Sha256Lanes&) = delete;
  auto operator=(const Sha256Lanes&) -> Sha256Lanes& = delete;
  ~Sha256Lanes();

  /// `text` has at most `longest` bytes.
  [[nodiscard]] auto begin(std::vector<std::byte> text) -> Ticket;
  /// The digest of a text that was begun here.
  [[nodiscard]] auto digest(const Ticket& ticket) -> Sha256;

private:
  class Engine;
  std::mutex mutex_;
  std::unique_ptr<Engine> engine_;
};

} // namespace sluice

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace sluice::endpoint {

/// Where clients put what shall be ingested and ask for it, and where they learn what became of it.
///
/// Threads: any.
class IngestionPlace {
public:
  /// A message that asks for an ingestion. Who dies before it is finished leaves it to the next.
  struct Message {
    std::string name;
    std::string receipt = {}; ///< Proves that it is still ours, where others take messages too.
    std::string text = {};
    std::uint32_t receptions = 1; ///< How often somebody took it up, this time included.
  };
  enum class Outcome : std::uint8_t { failure, success };

  IngestionPlace() = default;
  IngestionPlace(const IngestionPlace&) = delete;
  auto operator=(const IngestionPlace&) -> IngestionPlace& = delete;
  virtual ~IngestionPlace() = default;

  /// The next message; waits for one. Nothing when `stop` was requested.
  [[nodiscard]] virtual auto take(const std::stop_token& stop) -> std::optional<Message> = 0;
  /// The message has been dealt with, and so has its blob, unless it is the client's own.
  virtual void finish(const Message& message, std::string_view blob_address) = 0;
  /// Puts a message where clients look for that outcome.
  virtual void tell(Outcome outcome, std::string_view text) = 0;
  /// Whether a blob of that address would be here.
  [[nodiscard]] virtual auto holds(std::string_view blob_address) const -> bool = 0;
  /// The content of a blob by its address, inflated where it is gzip.
  /// Errors: gone; invalid_input when it is too large; those of where it lies.
  [[nodiscard]] virtual auto read_blob(std::string_view blob_address) const
      -> Result<std::string> = 0;
};

/// The largest blob that is read.
inline constexpr std::size_t max_blob_bytes = std::size_t{256} * 1024 * 1024;

/// `bytes` as they are, or inflated where they are gzip.
/// Errors: malformed; invalid_input when that is more than 512 MiB.
[[nodiscard]] auto inflated(std::string bytes) -> Result<std::string>;

} // namespace sluice::endpoint

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "simulator/feed.hpp"
#include "simulator/simulator.hpp"

namespace sluice::simulator {

/// For tests: one chunk a minute for six hours before `test_now` in every feed; each holds two
/// small records whose ids name their chunk.
class MinuteChunks final : public ChunkSource {
public:
  MinuteChunks();
  [[nodiscard]] auto chunks(ContentType type) const -> std::span<const Chunk> override;
  void render(ContentType type, std::size_t chunk, std::string& out) const override;

private:
  std::vector<Chunk> chunks_;
};

/// 2026-08-30T12:00:00Z.
[[nodiscard]] auto test_now() -> DateTime;

struct TestReply {
  int status = 0; ///< 0 when the connection broke.
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;

  /// The header of exactly that spelling; empty when there is none.
  [[nodiscard]] auto header(std::string_view name) const -> std::string;
};

/// For tests: a simulated tenant with `MinuteChunks` (or real traffic) and a clock that stands
/// still, and a bare HTTP client that shares nothing with ours.
class TestTenant {
public:
  enum class Records : std::uint8_t { minute_chunks, traffic };
  explicit TestTenant(SimulatorOptions options = {}, Records from = Records::minute_chunks);

  [[nodiscard]] auto get(const std::string& url_or_path, bool with_token = true) -> TestReply;
  [[nodiscard]] auto post(const std::string& path, const std::string& body = {}) const -> TestReply;
  [[nodiscard]] auto sign_in(const std::string& path, const std::string& form) const -> TestReply;
  /// A path below the feed's root.
  [[nodiscard]] auto feed(std::string_view rest) const -> std::string;
  /// A listing of Audit.General; times as in requests.
  [[nodiscard]] auto listing(std::string_view start, std::string_view end) const -> std::string;
  /// Starts Audit.General.
  void subscribe();
  /// Fetches a token with the right secret and uses it from now on.
  void renew_token();

  ManualClock clock{test_now()};
  std::string token;
  /// Sent along when not empty.
  std::string accept_encoding;
  std::string accept_language;
  MinuteChunks records;
  Simulator simulator;
};

/// All values of one string field of a JSON array of objects.
[[nodiscard]] auto values_of(const std::string& json, std::string_view field)
    -> std::vector<std::string>;

} // namespace sluice::simulator

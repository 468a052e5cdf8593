// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace sluice::simulator {

/// What the simulated tenant saw, for tests to judge a client by.
struct SimulatorReport {
  std::map<std::string, std::uint64_t, std::less<>> requests; ///< By operation, `token` too.
  std::map<std::string, std::uint64_t, std::less<>> faults;   ///< By name, those that fired.
  std::map<std::string, std::uint64_t, std::less<>> errors;   ///< By code, those sent on merit.
  std::uint64_t tokens_issued = 0;
  /// API calls without PublisherIdentifier.
  std::uint64_t without_publisher = 0;
  /// Requests with a bearer token where none belongs: to sign-in, in a URL, for another tenant.
  std::uint64_t misplaced_tokens = 0;
  /// Connections to the trap, and requests along URLs that only an attacker offered.
  std::uint64_t trap_hits = 0;
  /// Bytes of content bodies as sent.
  std::uint64_t content_bytes = 0;
  /// Content ids that were refused as expired: their records cannot be had.
  std::set<std::string> expired_content;

  /// All of it as one JSON object.
  [[nodiscard]] auto to_json() const -> std::string;
};

/// Gathers the report.
///
/// Threads: any.
class Journal {
public:
  void count_request(std::string_view operation);
  void count_fault(std::string_view name);
  void count_error(std::string_view code);
  void count_token();
  void count_without_publisher();
  void count_misplaced_token();
  void count_trap_hit();
  void count_content(std::uint64_t bytes);
  void note_expired(std::string content_id);

  [[nodiscard]] auto report() const -> SimulatorReport;

private:
  mutable std::mutex mutex_;
  SimulatorReport report_;
};

} // namespace sluice::simulator

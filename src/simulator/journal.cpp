// SPDX-License-Identifier: Apache-2.0
#include "simulator/journal.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/json_text.hpp"

namespace sluice::simulator {
namespace {

using Counts = std::map<std::string, std::uint64_t, std::less<>>;

void add_one(Counts& counts, std::string_view name) {
  auto at = counts.find(name);
  if (at == counts.end()) {
    at = counts.emplace(std::string{name}, 0).first;
  }
  ++at->second;
}

auto counts_as_json(const Counts& counts) -> std::string {
  std::string out = "{";
  for (const auto& [name, count] : counts) {
    out += fmt::format("{}{}:{}", out.size() > 1 ? "," : "", json_quoted(name), count);
  }
  return out + "}";
}

} // namespace

auto SimulatorReport::to_json() const -> std::string {
  std::string expired;
  for (const auto& id : expired_content) {
    expired += fmt::format("{}{}", expired.empty() ? "" : ",", json_quoted(id));
  }
  return fmt::format(R"({{"requests":{},"faults":{},"errors":{},"tokens_issued":{},)"
                     R"("without_publisher":{},"misplaced_tokens":{},"trap_hits":{},)"
                     R"("content_bytes":{},"expired_content":[{}]}})",
                     counts_as_json(requests),
                     counts_as_json(faults),
                     counts_as_json(errors),
                     tokens_issued,
                     without_publisher,
                     misplaced_tokens,
                     trap_hits,
                     content_bytes,
                     expired);
}

void Journal::count_request(std::string_view operation) {
  const std::lock_guard lock{mutex_};
  add_one(report_.requests, operation);
}

void Journal::count_fault(std::string_view name) {
  const std::lock_guard lock{mutex_};
  add_one(report_.faults, name);
}

void Journal::count_error(std::string_view code) {
  const std::lock_guard lock{mutex_};
  add_one(report_.errors, code);
}

void Journal::count_token() {
  const std::lock_guard lock{mutex_};
  ++report_.tokens_issued;
}

void Journal::count_without_publisher() {
  const std::lock_guard lock{mutex_};
  ++report_.without_publisher;
}

void Journal::count_misplaced_token() {
  const std::lock_guard lock{mutex_};
  ++report_.misplaced_tokens;
}

void Journal::count_trap_hit() {
  const std::lock_guard lock{mutex_};
  ++report_.trap_hits;
}

void Journal::count_content(std::uint64_t bytes) {
  const std::lock_guard lock{mutex_};
  report_.content_bytes += bytes;
}

void Journal::note_expired(std::string content_id) {
  const std::lock_guard lock{mutex_};
  report_.expired_content.insert(std::move(content_id));
}

auto Journal::report() const -> SimulatorReport {
  const std::lock_guard lock{mutex_};
  return report_;
}

} // namespace sluice::simulator

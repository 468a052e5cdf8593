// SPDX-License-Identifier: Apache-2.0
#include "base/failpoint.hpp"

#include <csignal>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>

namespace sluice {
namespace {

/// The wanted visits from SLUICE_FAILPOINTS: name -> on which visit to die.
auto parse_plan() -> std::map<std::string, int, std::less<>> {
  std::map<std::string, int, std::less<>> plan;
  const char* text = std::getenv("SLUICE_FAILPOINTS");
  std::string_view rest = text == nullptr ? "" : text;
  while (!rest.empty()) {
    const auto item = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), item.size() + 1));
    const auto equals = item.find("=kill");
    if (equals == std::string_view::npos) {
      continue;
    }
    const auto at = item.find('@', equals);
    const int visit =
        at == std::string_view::npos ? 1 : std::atoi(std::string{item.substr(at + 1)}.c_str());
    plan.emplace(std::string{item.substr(0, equals)}, visit);
  }
  return plan;
}

} // namespace

void visit_failpoint(std::string_view name) noexcept {
  static std::mutex mutex;
  static auto plan = parse_plan();
  const std::lock_guard lock{mutex};
  const auto point = plan.find(name);
  if (point != plan.end() && --point->second == 0) {
    std::raise(SIGKILL);
  }
}

} // namespace sluice

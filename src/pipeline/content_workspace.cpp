// SPDX-License-Identifier: Apache-2.0
#include "pipeline/content_workspace.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace sluice::pipeline {

ContentWorkspace::ContentWorkspace(const relevance::RuleSet& rules, const ContentLimits& limits)
    : scanner{rules.fields(),
              {.framing = record::RecordScanner::Framing::array,
               .max_record_bytes = limits.max_record_bytes}},
      inflater{{.max_output_bytes = limits.max_content_bytes,
                .max_ratio = limits.max_expansion_ratio}} {}

auto ContentWorkspaces::most_idle() -> std::size_t {
  return std::max(1U, std::thread::hardware_concurrency());
}

auto ContentWorkspaces::idle() const -> std::size_t {
  const std::lock_guard lock{mutex_};
  return idle_.size();
}

auto ContentWorkspaces::take() -> std::unique_ptr<ContentWorkspace> {
  {
    const std::lock_guard lock{mutex_};
    if (!idle_.empty()) {
      auto workspace = std::move(idle_.back());
      idle_.pop_back();
      return workspace;
    }
  }
  return std::make_unique<ContentWorkspace>(rules_, limits_);
}

void ContentWorkspaces::give_back(std::unique_ptr<ContentWorkspace> workspace) {
  workspace->scanner.restart();
  workspace->inflater.restart();
  const std::lock_guard lock{mutex_};
  if (idle_.size() < most_idle()) {
    idle_.push_back(std::move(workspace));
  }
}

} // namespace sluice::pipeline

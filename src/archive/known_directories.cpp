// SPDX-License-Identifier: Apache-2.0
#include "archive/known_directories.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace sluice::archive {
namespace {

constexpr std::size_t most_opened = 128;

} // namespace

auto KnownDirectories::open(std::string_view path) -> Result<std::shared_ptr<const Directory>> {
  const std::lock_guard lock{mutex_};
  if (const auto found = opened_.find(path); found != opened_.end()) {
    return found->second;
  }
  TRY(auto made, make(path));
  if (opened_.size() == most_opened) {
    opened_.clear();
  }
  return opened_.emplace(path, std::move(made)).first->second;
}

auto KnownDirectories::make(std::string_view path) -> Result<std::shared_ptr<const Directory>> {
  std::shared_ptr<const Directory> reached;
  for (std::size_t end = 0; end < path.size();) {
    const auto start = end == 0 ? 0 : end + 1;
    end = std::min(path.find('/', start), path.size());
    const auto& parent = reached ? *reached : root_;
    TRY(auto next, parent.make_child(path.substr(start, end - start)));
    // Also when it was there: who made it may have died before its entry was on the disk.
    if (!durable_.contains(path.substr(0, end))) {
      TRY_DO(parent.sync());
      durable_.emplace(path.substr(0, end));
    }
    reached = std::make_shared<const Directory>(std::move(next));
  }
  CHECK(reached != nullptr);
  return reached;
}

void KnownDirectories::forget() {
  const std::lock_guard lock{mutex_};
  opened_.clear();
  durable_.clear();
}

} // namespace sluice::archive

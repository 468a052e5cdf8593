// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/gzip.hpp"
#include "record/record_scanner.hpp"
#include "relevance/rule_set.hpp"

namespace sluice::pipeline {

struct ContentLimits {
  /// As received, and once inflated. A larger content is set aside.
  std::uint64_t max_content_bytes = std::uint64_t{1} * 1024 * 1024 * 1024;
  std::size_t max_record_bytes = std::size_t{4} * 1024 * 1024;
  std::uint64_t max_expansion_ratio = 300;
};

/// The tools that cut one content into records, with their memory of about half a MiB.
struct ContentWorkspace {
  ContentWorkspace(const relevance::RuleSet& rules, const ContentLimits& limits);

  record::RecordScanner scanner;
  Inflater inflater;
};

/// Lends workspaces, the one that came back last first: its memory is still in the cache of a core.
///
/// Threads: any. Leases must not outlive it.
/// Memory:  the workspaces that are lent, and one for each core that is not. A content of less than
///          what the client gathers needs one only once all of it is there, so of these hardly more
///          than that are lent at once; a larger one has its own for as long as it comes.
class ContentWorkspaces {
public:
  /// `rules` must outlive this.
  ContentWorkspaces(const relevance::RuleSet& rules, const ContentLimits& limits)
      : rules_{rules},
        limits_{limits} {}

  /// Workspaces that are kept while nobody needs them.
  [[nodiscard]] static auto most_idle() -> std::size_t;

  [[nodiscard]] auto rules() const noexcept -> const relevance::RuleSet& { return rules_; }
  [[nodiscard]] auto limits() const noexcept -> const ContentLimits& { return limits_; }

  /// Workspaces that nobody needs now.
  [[nodiscard]] auto idle() const -> std::size_t;

  /// A workspace for one content, given back when it is destroyed.
  class Lease {
  public:
    explicit Lease(ContentWorkspaces& lender) : lender_{&lender}, lent_{lender.take()} {}
    Lease(const Lease&) = delete;
    auto operator=(const Lease&) -> Lease& = delete;
    ~Lease() { lender_->give_back(std::move(lent_)); }

    auto operator->() const noexcept -> ContentWorkspace* { return lent_.get(); }

  private:
    ContentWorkspaces* lender_;
    std::unique_ptr<ContentWorkspace> lent_;
  };

private:
  auto take() -> std::unique_ptr<ContentWorkspace>;
  void give_back(std::unique_ptr<ContentWorkspace> workspace);

  const relevance::RuleSet& rules_;
  const ContentLimits limits_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<ContentWorkspace>> idle_;
};

} // namespace sluice::pipeline

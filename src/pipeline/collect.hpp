// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "archive/archive.hpp"
#include "base/bounded_queue.hpp"
#include "base/clock.hpp"
#include "http/retry_policy.hpp"
#include "ledger/ledger.hpp"
#include "pipeline/content_pass.hpp"
#include "pipeline/progress.hpp"
#include "pipeline/stage.hpp"
#include "pipeline/subscription_keeper.hpp"
#include "pipeline/tenant_feed.hpp"
#include "relevance/rule_set.hpp"

namespace sluice::pipeline {

/// Retrieves the contents that wait in the ledger, archives them as they came, stages the records
/// that a rule keeps, and tells the ledger once both are durable.
///
///     take work -> retrieve (many at once) -> seal (in groups: one wait for the disk, one
///     transaction)
class Collect final : public Stage {
public:
  struct Options {
    /// Contents under way at once, at most, over all tenants; 1 to 256. Each needs about half a
    /// MiB.
    int parallel_retrievals = 16;
    ContentLimits limits;
    /// A run that is to end gives up on failing contents after this long without a success.
    std::chrono::seconds patience{std::chrono::minutes{5}};
    /// Waits between the attempts at one content, and how often nonsense is tried.
    http::RetryPolicy::Options retry{.most_malformed_retries = 10};
    std::uint64_t seed = 1;
  };

  /// What is passed in must outlive the stage.
  Collect(std::span<const std::unique_ptr<TenantFeed>> tenants,
          ledger::Ledger& ledger,
          archive::Archive& archive,
          const relevance::RuleSet& rules,
          Options options,
          Clock& clock,
          Progress& progress);

  [[nodiscard]] auto name() const noexcept -> std::string_view override { return "collect"; }
  /// Errors: as for `Stage::run`; throttled or unavailable when contents had to be left for later.
  [[nodiscard]] auto run(Doorbell& upstream, Doorbell& downstream, const std::stop_token& stop)
      -> Result<> override;

private:
  struct Work {
    TenantFeed* tenant = nullptr;
    ledger::WorkItem item;
  };
  /// A content that was read to its end and waits to be made durable.
  struct Sealable {
    ledger::CollectedContent content;
    ContentObjects objects;
  };
  struct Session;

  [[nodiscard]] auto hand_out(Session& session) -> Result<>;
  [[nodiscard]] auto take_work() -> Result<std::vector<Work>>;
  [[nodiscard]] auto is_finished(Session& session) -> Result<bool>;
  void retrieve_all(Session& session);
  [[nodiscard]] auto process(Work& work, Session& session) -> Result<>;
  [[nodiscard]] auto forget_archived(const ledger::WorkItem& item, const Error& error) -> Result<>;
  [[nodiscard]] auto retrieve(const Work& work, ContentPass& pass, const std::stop_token& stop)
      -> Result<>;
  [[nodiscard]] auto read_archived(const ledger::WorkItem& item, ContentPass& pass) -> Result<>;
  [[nodiscard]] auto nonsense_before(const ledger::ContentKey& key, const Error& error)
      -> std::uint32_t;
  [[nodiscard]] auto handle_failure(const Work& work,
                                    ContentPass& pass,
                                    const Error& error,
                                    const std::stop_token& stop) -> Result<>;
  [[nodiscard]] auto set_aside(const Work& work, ContentPass& pass, const Error& error) -> Result<>;
  void seal_all(Session& session);
  [[nodiscard]] auto seal(std::span<Sealable> group) -> Result<>;

  const std::span<const std::unique_ptr<TenantFeed>> tenants_;
  ledger::Ledger& ledger_;
  archive::Archive& archive_;
  ContentWorkspaces workspaces_;
  const Options options_;
  Clock& clock_;
  Progress& progress_;
  SubscriptionKeeper keeper_;
  http::RetryPolicy retry_;
  std::mutex nonsense_mutex_;
  /// How often a content came as nonsense in this run; outages between do not count.
  std::map<ledger::ContentKey, std::uint32_t> nonsense_;
};

} // namespace sluice::pipeline

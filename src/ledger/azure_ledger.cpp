// SPDX-License-Identifier: Apache-2.0
#include "ledger/azure_ledger.hpp"

#include <algorithm>
#include <utility>

#include "ledger/table_cases.hpp"
#include "ledger/table_claims.hpp"
#include "ledger/table_contents.hpp"
#include "ledger/table_space.hpp"
#include "ledger/table_workers.hpp"

namespace sluice::ledger {
namespace {

constexpr std::chrono::hours least_horizon{24 * 9};

class AzureLedger final : public Ledger {
public:
  AzureLedger(AzureLedgerPlace place, Clock& clock, const AzureLedgerOptions& options)
      : space_{std::move(place.ledger), std::move(place.claims)},
        workers_{space_, clock, options.silence},
        leads_{space_, workers_},
        entrance_{space_},
        bench_{space_, workers_, holds_, options.most_takings},
        cases_{space_, leads_} {}

  AzureLedger(const AzureLedger&) = delete;
  auto operator=(const AzureLedger&) -> AzureLedger& = delete;
  /// What was taken and left is no sign of poison when its worker ends in order.
  ~AzureLedger() override {
    std::vector<ContentKey> keys;
    for (auto& facts : holds_.all()) {
      keys.push_back(std::move(facts.key));
    }
    tables::release(bench_, keys);
  }

  [[nodiscard]] auto create() -> Result<> { return space_.create(); }

  auto lead(std::string_view role) -> Result<bool> override {
    if (role == tables::CaseHead::role) {
      return cases_.take_over();
    }
    TRY(const auto number, leads_.number(role));
    return number != 0;
  }

  auto enter(const Listing& listing) -> Result<EnterReport> override {
    return entrance_.enter(listing);
  }
  auto watermark(const Feed& feed) -> Result<std::optional<DateTime>> override {
    return tables::watermark(space_, feed);
  }
  auto postpone_subscription_start(const Feed& feed, DateTime until) -> Result<> override {
    return tables::postpone_subscription_start(space_, feed, until);
  }
  auto subscription_start_postponed(const Feed& feed) -> Result<std::optional<DateTime>> override {
    return tables::subscription_start_postponed(space_, feed);
  }
  auto record_untrusted(const Finding& finding) -> Result<> override {
    return tables::record_untrusted(space_, finding);
  }

  auto take_work(const WorkQuery& query) -> Result<std::vector<WorkItem>> override {
    return tables::take_work(bench_, query);
  }
  auto next_attempt(const std::string& tenant) -> Result<std::optional<DateTime>> override {
    return tables::next_attempt(space_, tenant);
  }
  void release(std::span<const ContentKey> keys) override { tables::release(bench_, keys); }
  auto record_collected(std::span<const CollectedContent> contents, DateTime now)
      -> Result<std::vector<CollectOutcome>> override {
    return tables::record_collected(bench_, contents, now);
  }
  auto record_failure(const ContentKey& key, const Error& error, DateTime next_attempt)
      -> Result<> override {
    return tables::record_failure(bench_, key, error, next_attempt);
  }
  auto mark_expired(const ContentKey& key, const Error& error) -> Result<> override {
    return tables::give_up(bench_, key, State::expired, error);
  }
  auto quarantine(const ContentKey& key, const Error& error) -> Result<> override {
    return tables::give_up(bench_, key, State::quarantined, error);
  }
  auto retry_quarantined(const std::optional<std::string>& tenant)
      -> Result<std::uint64_t> override {
    return tables::retry_quarantined(space_, tenant);
  }
  auto request_replay(const std::optional<std::string>& tenant) -> Result<std::uint64_t> override {
    return tables::request_replay(space_, tenant);
  }
  auto forget_claims(DateTime now, std::chrono::hours horizon) -> Result<std::uint64_t> override {
    return tables::forget_claims(space_, now - std::max(horizon, least_horizon));
  }

  auto configure_destinations(std::span<const std::string> names) -> Result<> override {
    return tables::configure_destinations(space_, names);
  }
  auto undelivered(std::string_view destination, std::size_t limit)
      -> Result<std::vector<Delivery>> override {
    return tables::undelivered_to(space_, destination, limit);
  }
  auto mark_delivered(std::string_view destination, std::span<const Delivery> deliveries)
      -> Result<> override {
    return tables::mark_delivered(space_, destination, deliveries);
  }
  auto reset_destination(std::string_view destination) -> Result<std::uint64_t> override {
    TRY_DO(tables::require_destination(space_, destination));
    TRY_DO(tables::reset_cases(space_, destination));
    return tables::reset_destination(space_, destination);
  }

  auto uncorrelated(std::size_t limit) -> Result<std::vector<Delivery>> override {
    return tables::uncorrelated_contents(space_, limit);
  }
  auto correlation_state(const std::function<auto(const StateItem&)->Result<>>& visit)
      -> Result<> override {
    return cases_.state(visit);
  }
  auto correlation_state_of(std::string_view key) -> Result<std::string> override {
    return cases_.state_of(key);
  }
  auto record_correlated(const Correlated& correlated, DateTime now) -> Result<> override {
    return cases_.record(correlated, now);
  }
  auto correlated_until() -> Result<std::optional<DateTime>> override {
    return tables::correlated_until(space_);
  }
  auto case_epoch() -> Result<std::string> override { return tables::case_epoch(space_); }
  auto undelivered_cases(std::string_view destination, std::size_t limit)
      -> Result<std::vector<CaseVersion>> override {
    return tables::undelivered_cases(space_, destination, limit);
  }
  auto mark_cases_delivered(std::string_view destination, std::uint64_t sequence)
      -> Result<> override {
    return tables::mark_cases_delivered(space_, destination, sequence);
  }
  auto forget_cases(DateTime before) -> Result<std::uint64_t> override {
    return tables::forget_cases(space_, before);
  }
  auto case_findings(std::size_t limit) -> Result<std::vector<CaseFinding>> override {
    return tables::case_findings(space_, limit);
  }

  auto account(const std::optional<std::string>& tenant) -> Result<Account> override {
    return tables::account(space_, tenant);
  }
  auto troubles(std::size_t limit) -> Result<std::vector<Trouble>> override {
    return tables::troubles(space_, limit);
  }
  auto findings(std::size_t limit) -> Result<std::vector<Finding>> override {
    return tables::findings(space_, limit);
  }
  auto remember(std::string_view name, std::string_view value) -> Result<> override {
    return tables::remember(space_, name, value);
  }
  auto recall(std::string_view name) -> Result<std::optional<std::string>> override {
    return tables::recall(space_, name);
  }

private:
  tables::Space space_;
  tables::Workers workers_;
  tables::Leads leads_;
  tables::Entrance entrance_;
  tables::Holds holds_;
  tables::Bench bench_;
  tables::CaseBook cases_;
};

} // namespace

auto open_azure_ledger(AzureLedgerPlace place, Clock& clock, const AzureLedgerOptions& options)
    -> Result<std::unique_ptr<Ledger>> {
  auto ledger = std::make_unique<AzureLedger>(std::move(place), clock, options);
  if (!options.reader) {
    TRY_DO(ledger->create().while_doing("opening the ledger"));
  }
  return ledger;
}

} // namespace sluice::ledger

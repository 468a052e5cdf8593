// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "archive/archive.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "http/client.hpp"
#include "ledger/ledger.hpp"
#include "pipeline/adopt.hpp"
#include "pipeline/collect.hpp"
#include "pipeline/correlate.hpp"
#include "pipeline/deliver.hpp"
#include "pipeline/discover.hpp"
#include "pipeline/tenant_feed.hpp"
#include "relevance/cases/case_rules.hpp"
#include "relevance/rule_set.hpp"

/// What the program is made of, and how a configuration becomes it. This is the one list of
/// components: a new kind of archive, ledger or destination gets its entry here.
namespace sluice::app {

/// One tenant with everything that its feed needs, in the order of construction.
class TenantConnection;

class AzureAccess;
class AdxConnection;

/// All that a run works with. Owns everything; the stages borrow from it.
///
/// Use:     `assemble`, build stages from it, run them, let it go last.
struct Components {
  Components();
  Components(const Components&) = delete;
  auto operator=(const Components&) -> Components& = delete;
  ~Components();

  SystemClock clock;
  pipeline::Progress progress;
  relevance::RuleSet rules;
  relevance::CaseRules case_rules;
  std::unique_ptr<http::HttpClient> client;
  std::unique_ptr<AzureAccess> azure;
  std::unique_ptr<AdxConnection> adx; ///< Null when nothing is brought to a cluster.
  std::vector<std::unique_ptr<TenantConnection>> connections;
  std::vector<std::unique_ptr<pipeline::TenantFeed>> tenants;
  std::unique_ptr<archive::Archive> archive;
  std::unique_ptr<ledger::Ledger> ledger;
  std::vector<pipeline::DestinationSlot> destinations;
};

/// Makes the components that `config` describes. Secrets are read here and nowhere else; those of
/// the tenants only for stages that ask them (`with_tenants`).
/// Errors: invalid_input when a rule or a credential is wrong; unavailable when another process
/// works on the same archive or ledger; storage.
[[nodiscard]] auto assemble(const config::Config& config, bool with_tenants)
    -> Result<std::unique_ptr<Components>>;

/// `config` with who a process is in Azure that runs these stages; none for all.
/// Errors: invalid_input when a stage has a credential of its own and is not alone.
[[nodiscard]] auto with_stage_credential(config::Config config, std::span<const std::string> stages)
    -> Result<config::Config>;

/// What all requests of a configuration go through.
/// Errors: as for `http::CurlClient::create`.
[[nodiscard]] auto connect(const config::Config& config)
    -> Result<std::unique_ptr<http::HttpClient>>;

/// A ledger for looking at it, also while others work with it, and what it needs for that.
struct LedgerReading {
  LedgerReading();
  LedgerReading(const LedgerReading&) = delete;
  auto operator=(const LedgerReading&) -> LedgerReading& = delete;
  ~LedgerReading();

  SystemClock clock;
  std::unique_ptr<http::HttpClient> client;
  std::unique_ptr<AzureAccess> azure;
  std::unique_ptr<ledger::Ledger> ledger;
};

/// Errors: invalid_input when there is none; as for opening it.
[[nodiscard]] auto read_ledger(const config::Config& config)
    -> Result<std::unique_ptr<LedgerReading>>;

/// How each stage is to run.
[[nodiscard]] auto discover_options(const config::Config& config, bool once)
    -> pipeline::Discover::Options;
[[nodiscard]] auto collect_options(const config::Config& config) -> pipeline::Collect::Options;
[[nodiscard]] auto correlate_options(const config::Config& config) -> pipeline::Correlate::Options;

/// What makes a case, by a configuration.
/// Errors: invalid_input.
[[nodiscard]] auto case_rules(const config::Config& config) -> Result<relevance::CaseRules>;

/// The rules of a configuration, compiled.
/// Errors: invalid_input, with the mistakes as the message.
[[nodiscard]] auto compile_rules(const config::Config& config) -> Result<relevance::RuleSet>;

} // namespace sluice::app

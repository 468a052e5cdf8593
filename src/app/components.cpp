// SPDX-License-Identifier: Apache-2.0
#include "app/components.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "activity/content.hpp"
#include "app/adx_connection.hpp"
#include "app/azure_access.hpp"
#include "archive/blob_archive.hpp"
#include "archive/directory_archive.hpp"
#include "base/check.hpp"
#include "base/log.hpp"
#include "destination/adx/adx_destination.hpp"
#include "destination/embedded/embedded_destination.hpp"
#include "http/curl_client.hpp"
#include "http/rate_limiter.hpp"
#include "identity/cached_token_source.hpp"
#include "identity/cloud.hpp"
#include "ledger/azure_ledger.hpp"
#include "ledger/sqlite_ledger.hpp"

namespace sluice::app {
namespace {

/// Says in the ledger how far it knows what the archive has.
constexpr std::string_view adopted_note = "archive_adopted";

auto limiter_options(const config::Config& config) -> http::RateLimiter::Options {
  http::RateLimiter::Options options;
  options.most_per_minute = static_cast<double>(config.limits.requests_per_minute);
  options.pause = std::min(options.pause, config.retry.longest_wait);
  return options;
}

/// The archive of this machine, or the one in Blob Storage.
auto open_archive(const config::Config& config, AzureAccess& azure)
    -> Result<std::unique_ptr<archive::Archive>> {
  if (config.archive_blob.account.empty()) {
    return archive::open_directory_archive(config.archive_directory);
  }
  TRY(auto container, azure.container(config.archive_blob));
  return archive::open_blob_archive(std::move(container), {});
}

/// The ledger of this machine. One that is damaged is put aside.
auto open_file_ledger(const config::Config& config, const Clock& clock)
    -> Result<std::unique_ptr<ledger::Ledger>> {
  auto opened = ledger::open_sqlite_ledger({.path = config.ledger_path});
  if (!opened && opened.error().kind() == ErrorKind::corrupt) {
    TRY(const auto where, ledger::set_aside(config.ledger_path, clock.now()));
    log(LogLevel::error,
        "ledger_set_aside",
        "the ledger was damaged: it was set aside",
        {{"reason", opened.error().message()}, {"where", where.string()}});
    opened = ledger::open_sqlite_ledger({.path = config.ledger_path});
  }
  return opened;
}

/// A ledger that is new, for whatever reason, learns from the archive what was received before.
auto adopt_once(ledger::Ledger& ledger, archive::Archive& archive, const Clock& clock) -> Result<> {
  TRY(const auto adopted, ledger.recall(adopted_note));
  TRY(const bool leads, ledger.lead("adopt"));
  if (adopted == "whole" || !leads) {
    return {};
  }
  TRY(const auto account, ledger.account(std::nullopt));
  if (adopted || account.feeds.empty()) {
    TRY_DO(ledger.remember(adopted_note, "begun")); // A death in the midst is no end.
    TRY(const auto contents, pipeline::adopt_archive(archive, ledger, clock.now()));
    if (contents > 0) {
      log(LogLevel::warning,
          "ledger_rebuilt",
          "the ledger was made anew from the archive, whose contents are judged again",
          {{"contents", static_cast<std::int64_t>(contents)}});
    }
  }
  return ledger.remember(adopted_note, "whole");
}

/// The ledger of this machine, or the one that many share.
auto open_ledger(const config::Config& config, AzureAccess& azure, Clock& clock)
    -> Result<std::unique_ptr<ledger::Ledger>> {
  if (config.ledger_table.account.empty()) {
    return open_file_ledger(config, clock);
  }
  TRY(auto place, azure.tables(config.ledger_table));
  return ledger::open_azure_ledger(
      std::move(place), clock, {.silence = config.ledger_table.silence});
}

/// The store of this machine, as a destination.
auto embedded_slot(const config::Config& config) -> pipeline::DestinationSlot {
  return {"embedded",
          [directory = config.store_directory](
              const std::stop_token&) -> Result<std::unique_ptr<destination::Destination>> {
            TRY(auto opened, destination::EmbeddedDestination::open(directory, {}));
            if (opened->quarantined()) {
              log(LogLevel::error,
                  "store_rebuilt",
                  "the store was damaged: it was set aside and is filled again from the archive",
                  {{"set_aside", opened->quarantined()->string()}});
            }
            return std::unique_ptr<destination::Destination>{std::move(opened)};
          }};
}

/// A database of Azure Data Explorer, as a destination. `connection` must outlive it.
auto adx_slot(AdxConnection& connection) -> pipeline::DestinationSlot {
  constexpr std::size_t most_contents = 1'000;
  const destination::AdxDestination::Options usual;
  const auto most_bytes = usual.piece_bytes * usual.pieces_at_once;
  return {
      "adx",
      [&connection](
          const std::stop_token& stop) -> Result<std::unique_ptr<destination::Destination>> {
        return std::make_unique<destination::AdxDestination>(
            connection.ingestor(),
            destination::AdxDestination::Options{.identity = connection.identity(), .stop = stop});
      },
      most_contents,
      most_bytes,
      /*named_groups=*/true};
}

/// The content types of a tenant: those of its configuration, or what the rules need.
auto content_types(const config::Tenant& tenant, const relevance::RuleSet& rules)
    -> std::vector<activity::ContentType> {
  const auto& names = tenant.content_types.empty() ? rules.content_types() : tenant.content_types;
  std::vector<activity::ContentType> types;
  for (const auto& name : names) {
    const auto type = activity::parse_content_type(name);
    CHECK(type.has_value()); // The configuration and the rules let no other names in.
    types.push_back(*type);
  }
  return types;
}

} // namespace

class TenantConnection {
public:
  /// `client` and `clock` must outlive the connection.
  [[nodiscard]] static auto create(const config::Config& config,
                                   const config::Tenant& tenant,
                                   AzureAccess& azure,
                                   http::HttpClient& client,
                                   Clock& clock) -> Result<std::unique_ptr<TenantConnection>> {
    TRY(const auto cloud, cloud_of(tenant));
    const auto publisher =
        config.publisher_identifier.empty() ? tenant.id : config.publisher_identifier;
    TRY(auto address,
        activity::FeedAddress::create(cloud.management, activity::TenantId{tenant.id}, publisher));
    const auto origin = cloud.management.origin();
    TRY(auto sign_in, azure.issuer(tenant.credential, tenant.id, cloud.login, cloud.audience));
    return std::unique_ptr<TenantConnection>{new TenantConnection{
        config, std::move(sign_in), origin, std::move(address), client, clock}};
  }

  [[nodiscard]] auto feed() -> activity::FeedConnection& { return feed_; }

private:
  TenantConnection(const config::Config& config,
                   std::unique_ptr<identity::TokenIssuer> sign_in,
                   const http::Origin& origin,
                   activity::FeedAddress address,
                   http::HttpClient& client,
                   Clock& clock)
      : tokens_{std::move(sign_in), origin, clock},
        limiter_{limiter_options(config), clock},
        feed_{std::move(address), client, tokens_, limiter_, clock} {}

  identity::CachedTokenSource tokens_;
  http::RateLimiter limiter_;
  activity::FeedConnection feed_;
};

auto connect(const config::Config& config) -> Result<std::unique_ptr<http::HttpClient>> {
  TRY(auto client, http::CurlClient::create({.authorities_file = config.authorities_file}));
  return client;
}

LedgerReading::LedgerReading() = default;
LedgerReading::~LedgerReading() = default;

auto read_ledger(const config::Config& config) -> Result<std::unique_ptr<LedgerReading>> {
  auto reading = std::make_unique<LedgerReading>();
  if (config.ledger_table.account.empty()) {
    TRY(reading->ledger,
        ledger::open_sqlite_ledger({.path = config.ledger_path, .access = ledger::Access::reader}));
    return reading;
  }
  TRY(reading->client, connect(config));
  TRY(reading->azure, AzureAccess::create(config, *reading->client, reading->clock));
  TRY(auto place, reading->azure->tables(config.ledger_table));
  TRY(reading->ledger,
      ledger::open_azure_ledger(std::move(place), reading->clock, {.reader = true}));
  return reading;
}

Components::Components() = default;
Components::~Components() = default;

auto compile_rules(const config::Config& config) -> Result<relevance::RuleSet> {
  std::vector<relevance::Rule> rules;
  for (const auto& rule : config.rules) {
    if (rule.ready.empty()) {
      rules.push_back({.name = rule.name, .description = rule.description, .where = rule.where});
      continue;
    }
    const auto* ready = relevance::find_ready_rules(rule.ready);
    if (ready == nullptr) {
      return Error{
          ErrorKind::invalid_input,
          fmt::format("line {}: there is no ready rule set `{}`", rule.place.line, rule.ready)}
          .with_hint(fmt::format("the ready ones are {}", relevance::ready_rule_names()));
    }
    rules.insert(rules.end(), ready->rules.begin(), ready->rules.end());
  }
  return relevance::RuleSet::compile(std::move(rules));
}

auto discover_options(const config::Config& config, bool once) -> pipeline::Discover::Options {
  using std::chrono::duration_cast;
  using std::chrono::minutes;
  pipeline::Discover::Options options;
  options.once = once;
  options.interval = config.polling.interval;
  options.settle = duration_cast<std::chrono::seconds>(config.polling.settle);
  options.full_listing_interval =
      duration_cast<std::chrono::hours>(config.polling.full_listing_interval);
  options.windows.width = duration_cast<minutes>(config.polling.window);
  options.windows.overlap = duration_cast<minutes>(config.polling.overlap);
  options.retry.first_wait = config.retry.first_wait;
  options.retry.longest_wait = config.retry.longest_wait;
  return options;
}

auto collect_options(const config::Config& config) -> pipeline::Collect::Options {
  pipeline::Collect::Options options;
  options.parallel_retrievals = static_cast<int>(config.limits.parallel_retrievals);
  options.limits = {.max_content_bytes = config.limits.max_content_bytes,
                    .max_record_bytes = config.limits.max_record_bytes,
                    .max_expansion_ratio = config.limits.max_expansion_ratio};
  options.retry.first_wait = config.retry.first_wait;
  options.retry.longest_wait = config.retry.longest_wait;
  return options;
}

/// Every state that lies in tables costs a request to read.
auto correlate_options(const config::Config& config) -> pipeline::Correlate::Options {
  constexpr auto room_with_tables = std::size_t{64} * 1024 * 1024;
  pipeline::Correlate::Options options;
  if (!config.ledger_table.account.empty()) {
    options.state_bytes = room_with_tables;
  }
  return options;
}

auto with_stage_credential(config::Config config, std::span<const std::string> stages)
    -> Result<config::Config> {
  for (const auto& own : config.azure.stages) {
    const bool wanted = stages.empty() || std::ranges::find(stages, own.stage) != stages.end();
    if (wanted && stages.size() != 1) {
      return Error{
          ErrorKind::invalid_input,
          fmt::format("line {}: `{}` has a credential of its own", own.place.line, own.stage)}
          .with_hint("run each stage in a process of its own: sluice run --stages " + own.stage);
    }
    if (wanted) {
      config.azure.credential = own.credential;
    }
  }
  return config;
}

auto assemble(const config::Config& config, bool with_tenants)
    -> Result<std::unique_ptr<Components>> {
  auto all = std::make_unique<Components>();
  TRY(all->rules, compile_rules(config));
  TRY(all->case_rules, case_rules(config));
  TRY(all->client, connect(config));
  TRY(all->azure, AzureAccess::create(config, *all->client, all->clock));
  TRY(all->archive, open_archive(config, *all->azure));
  TRY(all->ledger, open_ledger(config, *all->azure, all->clock));
  TRY_DO(adopt_once(*all->ledger, *all->archive, all->clock));
  for (const auto& tenant : with_tenants ? config.tenants : std::vector<config::Tenant>{}) {
    TRY(auto connection,
        TenantConnection::create(config, tenant, *all->azure, *all->client, all->clock)
            .while_doing(fmt::format("setting up tenant {}", tenant.name)));
    all->tenants.push_back(std::make_unique<pipeline::TenantFeed>(
        tenant.name,
        content_types(tenant, all->rules),
        connection->feed(),
        static_cast<int>(config.limits.parallel_retrievals)));
    all->connections.push_back(std::move(connection));
  }
  if (!config.store_directory.empty()) {
    all->destinations.push_back(embedded_slot(config));
  }
  if (!config.adx.cluster.empty()) {
    TRY(all->adx,
        AdxConnection::create(config.adx, *all->azure, *all->client, all->clock)
            .while_doing("setting up Azure Data Explorer"));
    all->destinations.push_back(adx_slot(*all->adx));
  }
  return all;
}

} // namespace sluice::app

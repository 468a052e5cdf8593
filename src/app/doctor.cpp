// SPDX-License-Identifier: Apache-2.0
#include "app/doctor.hpp"

#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "app/adx_connection.hpp"
#include "app/azure_access.hpp"
#include "base/guid.hpp"
#include "identity/token_facts.hpp"
#include "kusto/ingestion_resources.hpp"

namespace sluice::app {
namespace {

constexpr auto feed_role = "ActivityFeed.Read";
constexpr std::string_view no_roles = "none";

auto trouble(std::string subject, const Error& error, std::string_view fix = {}) -> Finding {
  return {.subject = std::move(subject),
          .good = false,
          .detail = error.message(),
          .fix = error.hint().empty() ? std::string{fix} : error.hint(),
          .kind = error.kind()};
}

/// How a token came, what it may and when it ends: all that can be told without showing it.
struct Token {
  std::string way;
  std::string roles;
  bool may_read_feed = false;
  DateTime ends;
};

auto take_token(identity::TokenIssuer& issuer, Clock& clock) -> Result<Token> {
  const auto asked_at = clock.now();
  TRY(const auto issued, issuer.issue({}));
  const auto facts = identity::read_token_facts(issued.token.reveal());
  return Token{.way = issuer.used(),
               .roles = facts && !facts->roles.empty()
                            ? fmt::format("{}", fmt::join(facts->roles, ", "))
                            : std::string{no_roles},
               .may_read_feed = !facts || facts->has_role(feed_role),
               .ends = asked_at + issued.lifetime};
}

auto look_at_tenant(const config::Tenant& tenant, AzureAccess& azure, Clock& clock)
    -> Result<Token> {
  TRY(const auto cloud, cloud_of(tenant));
  TRY(const auto issuer, azure.issuer(tenant.credential, tenant.id, cloud.login, cloud.audience));
  return take_token(*issuer, clock);
}

auto examine_tenant(const config::Tenant& tenant, AzureAccess& azure, Clock& clock) -> Finding {
  auto subject = fmt::format("tenant {}", tenant.name);
  const auto token = look_at_tenant(tenant, azure, clock);
  if (!token) {
    return trouble(std::move(subject), token.error());
  }
  Finding finding{.subject = std::move(subject),
                  .good = token->may_read_feed,
                  .detail = fmt::format("signed in by {}; roles: {}; the token ends {}",
                                        token->way,
                                        token->roles,
                                        to_iso8601(token->ends, 0))};
  if (!finding.good) {
    finding.fix = "give the application ActivityFeed.Read as an application permission and grant "
                  "admin consent";
    finding.kind = ErrorKind::forbidden;
  }
  return finding;
}

/// The services of Azure that are signed in to, rather than shown a key or a signature.
auto audiences_of(const config::Config& config) -> std::vector<std::string> {
  std::vector<std::string> audiences;
  const auto signs_in = [](const auto& place) {
    return !place.account.empty() && place.key_reference.empty() &&
           place.signature_reference.empty();
  };
  if (signs_in(config.archive_blob) || signs_in(config.ledger_table) ||
      signs_in(config.adx.staging)) {
    audiences.emplace_back(storage_audience);
  }
  if (config.adx.cluster.starts_with("https:") && !config.adx.credential) {
    audiences.push_back(config.adx.cluster);
  }
  return audiences;
}

auto examine_sign_in(const std::string& audience, AzureAccess& azure, Clock& clock) -> Finding {
  auto subject = fmt::format("azure, for {}", audience);
  const auto issuer = azure.issuer(audience);
  const auto token =
      issuer ? take_token(**issuer, clock) : Result<Token>{tl::unexpected{issuer.error()}};
  if (!token) {
    return trouble(std::move(subject), token.error());
  }
  return {.subject = std::move(subject),
          .detail = fmt::format("signed in by {}{}; the token ends {}",
                                token->way,
                                token->roles == no_roles ? "" : "; roles: " + token->roles,
                                to_iso8601(token->ends, 0))};
}

/// Writes one small object and deletes it again.
auto try_container(const azure::BlobContainer& container, bool reads = true) -> Result<> {
  TRY_DO(container.create({}));
  const auto name = "doctor/" + random_guid();
  TRY_DO(container.put(name, "sluice doctor", {}, {}));
  if (reads) {
    TRY_DO(container.read(name, 0, 64, {}, {}));
  }
  return container.remove(name, {}, {});
}

auto examine_container(const config::BlobArchive& archive, AzureAccess& azure) -> Finding {
  auto subject = fmt::format("archive {} of {}", archive.container, archive.account);
  const auto container = azure.container(archive);
  const auto tried =
      container ? try_container(*container) : Result<>{tl::unexpected{container.error()}};
  if (!tried) {
    return trouble(std::move(subject), tried.error());
  }
  return {.subject = std::move(subject), .detail = "can be written, read and deleted in"};
}

auto examine_staging(const config::Staging& staging, AzureAccess& azure) -> Finding {
  auto subject = fmt::format("staging {} of {}", staging.container, staging.account);
  const auto container = azure.staging_container(staging);
  const auto tried =
      container ? try_container(*container, false) : Result<>{tl::unexpected{container.error()}};
  if (!tried) {
    return trouble(std::move(subject), tried.error());
  }
  return {.subject = std::move(subject),
          .detail = "can be written and deleted in; whether the cluster may read it shows when it "
                    "ingests"};
}

auto examine_tables(const config::TableLedger& table, AzureAccess& azure, Clock& clock) -> Finding {
  auto subject = fmt::format("ledger {}ledger of {}", table.prefix, table.account);
  auto place = azure.tables(table);
  if (!place) {
    return trouble(std::move(subject), place.error());
  }
  const auto opened = ledger::open_azure_ledger(*std::move(place), clock, {});
  if (!opened) {
    return trouble(std::move(subject), opened.error());
  }
  if (const auto written = (*opened)->remember("doctor", to_iso8601(clock.now(), 0)); !written) {
    return trouble(std::move(subject), written.error());
  }
  return {.subject = std::move(subject), .detail = "can be written and read"};
}

auto examine_cluster(const config::Adx& adx,
                     AzureAccess& azure,
                     http::HttpClient& client,
                     Clock& clock) -> Finding {
  auto subject = fmt::format("database {} of {}", adx.database, adx.cluster);
  const auto connection = AdxConnection::create(adx, azure, client, clock);
  if (!connection) {
    return trouble(std::move(subject), connection.error());
  }
  kusto::IngestionLending lending{(*connection)->management(), clock};
  const auto lent = lending.current({});
  if (!lent) {
    return trouble(std::move(subject),
                   lent.error(),
                   "give the identity the role Database Ingestor; `sluice init --print` prints the "
                   "command");
  }
  return {.subject = std::move(subject),
          .detail = fmt::format(
              "lends {} containers and {}",
              (*lent)->containers.size(),
              (*lent)->by_rest ? "takes blobs over REST"
                               : fmt::format("{} queues to ingest by", (*lent)->queues.size()))};
}

auto examine_directory(const std::filesystem::path& directory) -> Finding {
  auto subject = fmt::format("archive {}", directory.string());
  auto there = directory;
  std::error_code error;
  while (!std::filesystem::exists(there, error) && there.has_relative_path()) {
    there = there.parent_path(); // It is made when it is missing.
  }
  const auto space = std::filesystem::space(there, error);
  if (error || ::access(there.c_str(), W_OK) != 0) {
    return trouble(std::move(subject),
                   Error{ErrorKind::storage, fmt::format("{} cannot be written", there.string())},
                   "let this program's user write there");
  }
  return {.subject = std::move(subject),
          .detail = fmt::format("can be written; {} MiB are free", space.available >> 20U)};
}

/// What ends within a week is a trouble.
auto examine_ending(const identity::Endings::Ending& ending, DateTime now) -> Finding {
  const bool has_ended = ending.end <= now;
  Finding finding{.subject = ending.what,
                  .good = ending.end > now + std::chrono::days{7},
                  .detail = fmt::format("{} {}, {}",
                                        has_ended ? "ended" : "ends",
                                        to_iso8601(ending.end, 0),
                                        identity::time_until(ending.end, now))};
  if (!finding.good) {
    finding.fix =
        "make a new one, give it to the application, and put it in the place of the old one; it "
        "is read within an hour";
    finding.kind = ErrorKind::unauthorized;
  }
  return finding;
}

} // namespace

auto examine(const config::Config& config, http::HttpClient& client, Clock& clock)
    -> std::vector<Finding> {
  std::vector<Finding> findings;
  const auto azure = AzureAccess::create(config, client, clock);
  if (!azure) {
    return {trouble("azure", azure.error())};
  }
  for (const auto& tenant : config.tenants) {
    findings.push_back(examine_tenant(tenant, **azure, clock));
  }
  for (const auto& audience : audiences_of(config)) {
    findings.push_back(examine_sign_in(audience, **azure, clock));
  }
  findings.push_back(config.archive_blob.account.empty()
                         ? examine_directory(config.archive_directory)
                         : examine_container(config.archive_blob, **azure));
  if (!config.ledger_table.account.empty()) {
    findings.push_back(examine_tables(config.ledger_table, **azure, clock));
  }
  if (!config.adx.cluster.empty()) {
    findings.push_back(examine_cluster(config.adx, **azure, client, clock));
  }
  if (!config.adx.staging.account.empty()) {
    findings.push_back(examine_staging(config.adx.staging, **azure));
  }
  for (const auto& ending : (*azure)->endings().all()) {
    findings.push_back(examine_ending(ending, clock.now()));
  }
  return findings;
}

} // namespace sluice::app

// SPDX-License-Identifier: Apache-2.0
#include "simulator/tenant_server.hpp"

#include <algorithm>
#include <array>
#include <stop_token>
#include <utility>

#include <fmt/format.h>
#include <openssl/rand.h>

#include "simulator/base64_url.hpp"

namespace sluice::simulator {
namespace {

constexpr std::size_t cache_limit_bytes = 2ULL << 30U;

// Tokens may be had for the real clouds too, so that a client with its usual settings can be
// pointed here by host name alone (documented, the last one observed).
constexpr std::array real_resources{"https://manage.office.com",
                                    "https://manage-gcc.office.com",
                                    "https://manage.office365.us",
                                    "https://manage.protection.apps.mil",
                                    "https://manage.office365.cn",
                                    "https://vault.azure.net",
                                    "https://storage.azure.com"};

auto resources() -> std::vector<std::string> {
  return {real_resources.begin(), real_resources.end()};
}

auto random_text() -> std::string {
  std::array<unsigned char, 30> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  return to_base64_url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

auto register_app(const SimulatorOptions& options) -> Result<AppRegistration> {
  auto app = AppRegistration{.client_id = options.client_id,
                             .secret = options.client_secret,
                             .secret_expired = options.secret_expired,
                             .certificates = {},
                             .roles = options.roles};
  if (app.secret.empty()) {
    app.secret = Secret{random_text()};
  }
  if (!options.client_certificate.empty()) {
    TRY(auto certificate, RegisteredCertificate::from_pem(options.client_certificate));
    app.certificates.push_back(std::move(certificate));
  }
  return app;
}

auto open_trap(Journal& journal) -> Result<std::unique_ptr<http::Server>> {
  const auto caught = [&journal](const http::ServerRequest& request) {
    if (!request.header("Authorization").empty()) {
      journal.count_misplaced_token();
    }
    auto reply = http::ServerReply{};
    reply.status = 418;
    return reply;
  };
  return http::Server::start({.connections = 4}, {{"*", "/", caught}});
}

} // namespace

TenantServer::TenantServer(const SimulatorOptions& options,
                           DateTime started,
                           Clock& clock,
                           const ChunkSource& records,
                           std::unique_ptr<Journal> journal,
                           std::unique_ptr<http::Server> trap,
                           AppRegistration app)
    : scheme_{options.certificate_file.empty() ? "http" : "https"},
      round_trip_{options.round_trip},
      started_{started},
      steady_start_{clock.steady()},
      clock_{clock},
      secret_{app.secret},
      journal_{std::move(journal)},
      trap_{std::move(trap)},
      mint_{random_text()},
      sign_in_{{.tenant_id = options.tenant_id,
                .tenant_domain = options.tenant_domain,
                .apps = {std::move(app)},
                .resources = resources(),
                .token_lifetime = options.token_lifetime},
               mint_,
               *journal_},
      azure_{{.tenant_id = options.tenant_id,
              .client_id = options.client_id,
              .roles = options.roles,
              .identity_header = secret_,
              .token_lifetime = options.token_lifetime},
             mint_},
      vault_{{.tenant_id = options.tenant_id,
              .folder = options.vault_folder,
              .challenge = options.vault_challenge},
             mint_},
      subscriptions_{{.start_interval = options.start_interval,
                      .backfill = options.backfill,
                      .first_content_delay = options.first_content_delay,
                      .always_on = options.subscribed}},
      feed_{records,
            {.chunks_per_blob = options.chunks_per_blob,
             .blob_span = options.blob_span,
             .rows_per_page = options.rows_per_page,
             .expiration = options.expiration,
             .datacenter = "na0001",
             .cache_bytes = options.cache_bodies ? cache_limit_bytes : 0}},
      faults_{options.faults, *journal_},
      api_{{.tenant_id = options.tenant_id,
            .resources = resources(),
            .check_tenant = !options.any_tenant,
            .gzip = options.gzip,
            .allow_plain_webhooks = options.plain_webhooks,
            .drip_pause = options.drip_pause,
            .trap = trap_ ? fmt::format("127.0.0.1:{}", trap_->port()) : options.trap},
           {.mint = mint_,
            .subscriptions = subscriptions_,
            .feed = feed_,
            .faults = faults_,
            .journal = *journal_,
            .clock = clock_}} {}

TenantServer::~TenantServer() {
  stop();
}

auto TenantServer::start(SimulatorOptions options,
                         DateTime started,
                         Clock& clock,
                         const ChunkSource& records) -> Result<std::unique_ptr<TenantServer>> {
  TRY(auto app, register_app(options));
  auto journal = std::make_unique<Journal>();
  std::unique_ptr<http::Server> trap;
  if (options.trap.empty()) {
    TRY(trap, open_trap(*journal));
  }
  auto tenant = std::unique_ptr<TenantServer>{new TenantServer{
      options, started, clock, records, std::move(journal), std::move(trap), std::move(app)}};
  auto& self = *tenant;
  TRY(tenant->server_,
      http::Server::start(
          {.host = options.host,
           .port = options.port,
           .connections = options.connections,
           .certificate_file = options.certificate_file,
           .key_file = options.key_file},
          {{"*", "/", [&self](const auto& request) { return self.answer(request); }}}));
  return tenant;
}

auto TenantServer::answer(const http::ServerRequest& request) -> http::ServerReply {
  if (request.path == "/simulator/report") {
    auto reply = http::ServerReply{};
    reply.headers = {{"Content-Type", "application/json"}};
    reply.body = report().to_json();
    return reply;
  }
  const auto base_url = fmt::format("{}://{}", scheme_, request.header("Host"));
  // The metadata service's path ends as a token endpoint's does, so it is looked at first.
  auto reply = AzureServices::takes(request.path) ? azure_.answer(request, base_url, now())
               : KeyVault::takes(request.path)    ? vault_.answer(request, base_url, now())
               : SignIn::takes(request.path)      ? sign_in(request, base_url)
                                                  : api_.answer(request, base_url, now());
  if (round_trip_.count() > 0) {
    static_cast<void>(clock_.wait(round_trip_, std::stop_token{}));
  }
  return reply;
}

auto TenantServer::sign_in(const http::ServerRequest& request, std::string_view base_url)
    -> http::ServerReply {
  journal_->count_request("token");
  if (!request.header("Authorization").empty()) {
    journal_->count_misplaced_token();
  }
  // Every request for a token looks like the next one, so what it asks for is no part of the key.
  auto draw = faults_.begin("token");
  if (draw.fires(Fault::sign_in_unavailable)) {
    return sign_in_.unavailable(now());
  }
  return sign_in_.answer(request, base_url, now());
}

auto TenantServer::url() const -> std::string {
  return server_->url();
}

auto TenantServer::now() const -> DateTime {
  return started_ + std::chrono::duration_cast<Ticks>(clock_.steady() - steady_start_);
}

auto TenantServer::report() const -> SimulatorReport {
  auto report = journal_->report();
  report.trap_hits += trap_ ? trap_->accepted() : 0;
  return report;
}

void TenantServer::stop() {
  if (server_) {
    server_->stop();
  }
  if (trap_) {
    trap_->stop();
  }
}

} // namespace sluice::simulator

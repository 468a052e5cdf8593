// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/server.hpp"
#include "simulator/azure_services.hpp"
#include "simulator/fault.hpp"
#include "simulator/feed.hpp"
#include "simulator/journal.hpp"
#include "simulator/key_vault.hpp"
#include "simulator/management_api.hpp"
#include "simulator/options.hpp"
#include "simulator/sign_in.hpp"
#include "simulator/subscriptions.hpp"
#include "simulator/token_mint.hpp"

namespace sluice::simulator {

/// The tenant's parts put together behind one address, and the trap beside it.
///
/// Threads: any.
class TenantServer {
public:
  /// `clock` and `records` must outlive it.
  /// Errors: those of `Simulator::create`.
  [[nodiscard]] static auto
  start(SimulatorOptions options, DateTime started, Clock& clock, const ChunkSource& records)
      -> Result<std::unique_ptr<TenantServer>>;
  TenantServer(const TenantServer&) = delete;
  auto operator=(const TenantServer&) -> TenantServer& = delete;
  ~TenantServer();

  [[nodiscard]] auto url() const -> std::string;
  [[nodiscard]] auto client_secret() const -> const Secret& { return secret_; }
  [[nodiscard]] auto now() const -> DateTime;
  [[nodiscard]] auto report() const -> SimulatorReport;
  void stop();

private:
  TenantServer(const SimulatorOptions& options,
               DateTime started,
               Clock& clock,
               const ChunkSource& records,
               std::unique_ptr<Journal> journal,
               std::unique_ptr<http::Server> trap,
               AppRegistration app);
  [[nodiscard]] auto answer(const http::ServerRequest& request) -> http::ServerReply;
  [[nodiscard]] auto sign_in(const http::ServerRequest& request, std::string_view base_url)
      -> http::ServerReply;

  const std::string scheme_;
  const std::chrono::milliseconds round_trip_;
  const DateTime started_;
  const std::chrono::nanoseconds steady_start_;
  Clock& clock_;
  const Secret secret_;
  const std::unique_ptr<Journal> journal_;   ///< Fixed in place: the trap counts into it too.
  const std::unique_ptr<http::Server> trap_; ///< Null when the trap is someone else's.
  TokenMint mint_;
  SignIn sign_in_;
  AzureServices azure_;
  KeyVault vault_;
  Subscriptions subscriptions_;
  Feed feed_;
  FaultInjector faults_;
  ManagementApi api_;
  std::unique_ptr<http::Server> server_;
};

} // namespace sluice::simulator

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "simulator/fault.hpp"
#include "simulator/traffic/traffic.hpp"

namespace sluice::simulator {

/// Everything that can be set about a simulated tenant. Each has a row in
/// `simulator_option_table`, where its meaning stands.
struct SimulatorOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string certificate_file;
  std::string key_file;
  std::size_t connections = 256;
  std::chrono::milliseconds round_trip{0};

  std::string tenant_id = "11111111-2222-3333-4444-555555555555";
  std::string tenant_domain = "contoso.example";
  std::string client_id = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
  Secret client_secret;           ///< Empty: one is made up; see `Simulator::client_secret`.
  std::string client_certificate; ///< PEM text.
  bool secret_expired = false;
  std::vector<std::string> roles{"ActivityFeed.Read", "ActivityFeed.ReadDlp"};
  std::chrono::seconds token_lifetime{3599};

  std::optional<DateTime> now;
  TrafficOptions traffic; ///< Its `tenant_id` and `start` are set by the simulator.

  std::size_t chunks_per_blob = 10;
  std::chrono::seconds blob_span{20 * 60};
  std::size_t rows_per_page = 200;
  std::chrono::seconds expiration{14 * 24 * 3600};
  std::chrono::seconds backfill{7 * 24 * 3600};
  std::chrono::seconds first_content_delay{0};
  std::chrono::seconds start_interval{15 * 60};
  bool subscribed = false;
  bool any_tenant = false;
  bool gzip = true;
  bool plain_webhooks = false;
  bool cache_bodies = false;

  std::string vault_folder;    ///< Empty: the key vault is empty.
  std::string vault_challenge; ///< Empty: the vault asks for tokens for its own address.

  FaultPlan faults;
  std::chrono::milliseconds drip_pause{5};
  std::string trap; ///< Empty: the simulator opens one itself.
};

/// One option: what a command line, a help text and a page of documentation need to know.
struct SimulatorOption {
  std::string_view name; ///< `rows-per-page`.
  std::string_view type; ///< `number`, `share`, `text`, `switch`, `duration`, `time`, `file`.
  std::string_view fallback;
  std::string_view sentence;
  bool repeats; ///< May be given more than once.
  auto (*set)(SimulatorOptions& options, std::string_view value) -> Result<>;
};

[[nodiscard]] auto simulator_option_table() -> std::span<const SimulatorOption>;

/// Sets one option from its text. A duration is `250ms`, `30s`, `15m`, `24h` or `7d`; a switch
/// `true` or `false`.
/// Errors: invalid_input when there is no such option or the value is not of its type.
[[nodiscard]] auto
set_option(SimulatorOptions& options, std::string_view name, std::string_view value) -> Result<>;

} // namespace sluice::simulator

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/log.hpp"
#include "base/result.hpp"
#include "config/diagnostic.hpp"

/// What a user may decide, as plain values.
///
///     TRY(const auto text, config::read_text(file));
///     const auto config = config::parse(text, file.parent_path());
///     if (!config) {
///       show(config::render(config.error(), text, file.string()));
///     }
///
/// What each option means, its default and its range stand in the option table (`*_fields.cpp`),
/// from which docs/config.md and docs/sluice.schema.json are made.
namespace sluice::config {

/// How an application signs in. Secrets are named, never held: resolve the reference when it is
/// needed.
struct Credential {
  enum class Type : std::uint8_t {
    automatic,
    client_secret,
    client_certificate,
    workload_identity,
    managed_identity,
    azure_cli,
  };
  /// How a certificate signs.
  enum class Form : std::uint8_t { ps256, rs256 };

  Type type = Type::automatic;
  /// The application; of a managed identity the user-assigned one, empty for the system's.
  std::string client_id;
  /// Of the secret, or of the certificate with its key.
  std::string reference;
  /// Of a PFX file's password; empty for none.
  std::string password_reference;
  Form form = Form::ps256;
  Place place;
};

/// The hosts of a cloud that is not one of Microsoft's. Origins: no path, no user.
struct Endpoints {
  std::string management;
  std::string login;
  /// Empty for the management origin.
  std::string audience;
};

struct Tenant {
  std::string id; ///< A GUID in lower case.
  std::string name;
  std::string cloud; ///< `enterprise`, `gcc`, ..., or `custom`, which has endpoints.
  std::optional<Endpoints> endpoints;
  Credential credential;
  /// Names on the wire. Empty: those that the rules need.
  std::vector<std::string> content_types;
  Place place;
};

/// Either the name of a ready rule set, or a rule of the user's own.
struct Rule {
  std::string ready;
  std::string name;
  std::string where; ///< A KQL predicate.
  std::string description;
  Place place;
};

/// Either the name of a ready kind of case, or what a kind of the user's own is known by.
struct CaseKind {
  std::string ready;
  std::string name;
  std::vector<std::string> policies;
  std::vector<std::string> investigation_types;
  std::vector<std::string> names;
  std::vector<std::string> excluded_names;
  Place place;
};

/// Statuses that count as another class than they do by default.
struct CaseStatuses {
  std::vector<std::string> in_progress;
  std::vector<std::string> awaiting_action;
  std::vector<std::string> finished;
  std::vector<std::string> aborted;
};

struct Cases {
  std::vector<CaseKind> kinds;
  CaseStatuses statuses;
  bool tell_aborted = true;
  std::chrono::milliseconds horizon{};
  std::chrono::milliseconds alert_grace{};
  std::chrono::milliseconds investigation_grace{};
  std::chrono::milliseconds keep{};
  std::uint64_t max_open = 0;
};

struct Polling {
  std::chrono::milliseconds interval{};
  std::chrono::milliseconds window{};
  std::chrono::milliseconds overlap{};
  std::chrono::milliseconds settle{};
  std::chrono::milliseconds full_listing_interval{};
};

struct Limits {
  std::uint64_t requests_per_minute = 0;
  std::uint64_t parallel_retrievals = 0;
  std::uint64_t max_content_bytes = 0;
  std::uint64_t max_record_bytes = 0;
  std::uint64_t max_expansion_ratio = 0;
};

struct Retry {
  std::chrono::milliseconds first_wait{};
  std::chrono::milliseconds longest_wait{};
};

struct Log {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::text;
};

/// Who a process is in Azure that runs this stage and no other.
struct StageCredential {
  std::string stage;
  Credential credential;
  Place place;
};

/// How the services of Azure are signed in to: key vault, storage and Azure Data Explorer.
struct Azure {
  std::string tenant; ///< A GUID in lower case; empty where the way to sign in needs none.
  std::string cloud;
  std::string login; ///< An origin; empty for the cloud's.
  Credential credential;
  std::vector<StageCredential> stages;
  Place place;
};

/// An archive in Azure Blob Storage. At most one of key and signature; without, `Azure` signs in.
struct BlobArchive {
  std::string account; ///< Empty: the archive is a directory.
  std::string container;
  std::string endpoint; ///< Empty for the cloud's.
  std::string key_reference;
  std::string signature_reference;
  Place place;
};

/// A ledger in Azure Table Storage. At most one of key and signature; without, `Azure` signs in.
struct TableLedger {
  std::string account;  ///< Empty: the ledger is a file.
  std::string prefix;   ///< Of the tables' names: letters and digits.
  std::string endpoint; ///< Empty for the cloud's.
  std::string key_reference;
  std::string signature_reference;
  std::chrono::milliseconds silence{};
  Place place;
};

/// A container of ours from which a cluster takes what it is to ingest. Who writes: at most one of
/// key and signature; without, `Azure` signs in. Who reads: the managed identity, else whoever
/// shows the signature.
struct Staging {
  std::string account; ///< Empty: the cluster lends containers.
  std::string container;
  std::string endpoint; ///< Empty for the cloud's.
  std::string key_reference;
  std::string signature_reference;
  std::string managed_identity; ///< `system`, or an object id in lower case; may be empty.
  Place place;
};

/// A database of Azure Data Explorer that records and cases are brought to.
struct Adx {
  enum class Mode : std::uint8_t { queued, streaming };

  std::string cluster;   ///< An origin; empty: there is no such destination.
  std::string ingestion; ///< An origin; empty for the one that follows from `cluster`.
  std::string database;
  Mode mode = Mode::queued;
  std::optional<Credential> credential; ///< Nothing: as `Azure` says.
  Staging staging;
  Place place;
};

/// All paths are absolute; all defaults are filled in.
struct Config {
  std::vector<Tenant> tenants;
  std::vector<Rule> rules;
  Cases cases;
  Azure azure;
  std::string key_vault_url;               ///< An origin; empty for none.
  std::filesystem::path archive_directory; ///< Empty: `archive_blob` has an account.
  BlobArchive archive_blob;
  std::filesystem::path store_directory; ///< Empty: there is no embedded store.
  Adx adx;
  std::filesystem::path ledger_path; ///< Used when `ledger_table` has no account.
  TableLedger ledger_table;
  /// A GUID in lower case; empty: each tenant's own id.
  std::string publisher_identifier;
  Polling polling;
  Limits limits;
  Retry retry;
  std::filesystem::path authorities_file; ///< PEM; empty for the system's.
  Log log;
};

/// The text of a configuration file.
/// Errors: invalid_input when it is missing, not a regular file, not readable, or over 1 MiB.
[[nodiscard]] auto read_text(const std::filesystem::path& file) -> Result<std::string>;

/// Reads YAML. Paths in it that are not absolute begin at `folder`. On failure all mistakes that
/// could be found in one reading, in the order of the text, at most twenty.
[[nodiscard]] auto parse(std::string_view text, const std::filesystem::path& folder)
    -> tl::expected<Config, Diagnostics>;

} // namespace sluice::config

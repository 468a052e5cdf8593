// SPDX-License-Identifier: Apache-2.0
#include "config/config.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "config/document.hpp"
#include "config/reader.hpp"

namespace sluice::config {
namespace {

constexpr std::uintmax_t most_bytes = 1024 * 1024;
constexpr std::size_t most_diagnostics = 20;

/// What a single option cannot show: that tenants differ, and that a rule is of one kind.
void check_tenants(const Config& config, Diagnostics& diagnostics) {
  for (auto tenant = config.tenants.begin(); tenant != config.tenants.end(); ++tenant) {
    const auto same = std::find_if(config.tenants.begin(), tenant, [&](const Tenant& earlier) {
      return earlier.id == tenant->id || earlier.name == tenant->name;
    });
    if (same != tenant) {
      diagnostics.push_back({tenant->place,
                             "two tenants have the same id or name",
                             fmt::format("the other begins in line {}", same->place.line)});
    }
  }
}

void check_rules(const Config& config, Diagnostics& diagnostics) {
  for (const auto& rule : config.rules) {
    const auto whole = !rule.name.empty() && !rule.where.empty();
    const auto nothing = rule.name.empty() && rule.where.empty();
    if (!(rule.ready.empty() ? whole : nothing)) {
      diagnostics.push_back({rule.place,
                             "a rule has either `ready`, or both `name` and `where`",
                             "for example {name: high_alerts, where: 'Severity == \"High\"'}"});
    }
  }
}

void check_case_kinds(const Config& config, Diagnostics& diagnostics) {
  for (const auto& kind : config.cases.kinds) {
    const bool known =
        !kind.policies.empty() || !kind.investigation_types.empty() || !kind.names.empty();
    const bool own = !kind.name.empty() && known;
    const bool nothing = kind.name.empty() && !known && kind.excluded_names.empty();
    if (!(kind.ready.empty() ? own : nothing)) {
      diagnostics.push_back(
          {kind.place,
           "a kind of case has either `ready`, or a `name` and what it is known by",
           "for example {name: clicks, policies: [<GUID>]}"});
    }
  }
}

void check_credential(const Credential& credential, Diagnostics& diagnostics) {
  using Type = Credential::Type;
  const bool by_application =
      credential.type == Type::client_secret || credential.type == Type::client_certificate;
  if (by_application && credential.client_id.empty()) {
    diagnostics.push_back({credential.place,
                           "`credential` lacks `client_id`",
                           "a secret or certificate belongs to an application"});
  }
  if (!credential.password_reference.empty() && credential.type != Type::client_certificate) {
    diagnostics.push_back(
        {credential.place, "`password` goes with `type: client_certificate` only", {}});
  }
}

void check_own_credential(const Config& config, const Credential& own, Diagnostics& diagnostics) {
  check_credential(own, diagnostics);
  if (own.reference.starts_with("keyvault:") || own.password_reference.starts_with("keyvault:")) {
    diagnostics.push_back({own.place,
                           "the credential that opens the key vault cannot be in it",
                           "use file: or cred:, or a way without a secret"});
  }
  if (config.azure.tenant.empty() && !own.reference.empty()) {
    diagnostics.push_back({config.azure.place, "`azure` lacks `tenant`", {}});
  }
}

void check_credentials(const Config& config, Diagnostics& diagnostics) {
  for (const auto& tenant : config.tenants) {
    check_credential(tenant.credential, diagnostics);
  }
  if (config.adx.credential) {
    check_credential(*config.adx.credential, diagnostics);
  }
  check_own_credential(config, config.azure.credential, diagnostics);
  for (auto stage = config.azure.stages.begin(); stage != config.azure.stages.end(); ++stage) {
    check_own_credential(config, stage->credential, diagnostics);
    if (std::any_of(config.azure.stages.begin(), stage, [&](const StageCredential& earlier) {
          return earlier.stage == stage->stage;
        })) {
      diagnostics.push_back(
          {stage->place, fmt::format("`{}` has a credential already", stage->stage), {}});
    }
  }
}

void check_archive(const Config& config, Diagnostics& diagnostics) {
  const auto& blob = config.archive_blob;
  if (blob.account.empty() == config.archive_directory.empty()) {
    diagnostics.push_back({blob.place,
                           "an archive has either `directory` or `blob`",
                           "for example {directory: archive} or {blob: {account: contosologs, "
                           "container: archive}}"});
  }
  if (blob.account.empty() != blob.container.empty()) {
    diagnostics.push_back({blob.place, "`blob` needs `account` and `container`", {}});
  }
  if (!blob.key_reference.empty() && !blob.signature_reference.empty()) {
    diagnostics.push_back({blob.place, "`blob` has either `account_key` or `signature`", {}});
  }
}

void check_ledger(const Config& config, bool has_path, Diagnostics& diagnostics) {
  const auto& table = config.ledger_table;
  if (!table.account.empty() && has_path) {
    diagnostics.push_back({table.place, "a ledger has either `path` or `table`", {}});
  }
  if (table.account.empty() &&
      !(table.endpoint + table.key_reference + table.signature_reference).empty()) {
    diagnostics.push_back({table.place, "`table` needs `account`", {}});
  }
  if (!table.key_reference.empty() && !table.signature_reference.empty()) {
    diagnostics.push_back({table.place, "`table` has either `account_key` or `signature`", {}});
  }
  if (!std::ranges::all_of(table.prefix, [](unsigned char c) { return std::isalnum(c) != 0; }) ||
      (!table.prefix.empty() && std::isdigit(static_cast<unsigned char>(table.prefix[0])) != 0)) {
    diagnostics.push_back({table.place,
                           "`prefix` has letters and digits, the first a letter",
                           "tables of Azure Storage are named so"});
  }
  if (!table.account.empty() && config.archive_blob.account.empty()) {
    diagnostics.push_back({table.place,
                           "a ledger for many machines needs an archive that they share",
                           "give `archive` a `blob`"});
  }
}

void check_store(const Config& config, Diagnostics& diagnostics) {
  if (config.store_directory.empty() && config.adx.cluster.empty()) {
    diagnostics.push_back(
        {Place{},
         "the configuration lacks `store`",
         "for example {directory: store}, or `destinations: {adx: {cluster: ...}}` for a cluster"});
  }
  if (config.ledger_path.empty() && config.ledger_table.account.empty() &&
      !config.archive_blob.account.empty()) {
    diagnostics.push_back({Place{},
                           "the configuration lacks `ledger`",
                           "without a directory to stand beside it needs `path` or `table`"});
  }
}

/// The shape of a GUID.
auto is_object_id(std::string_view text) -> bool {
  std::size_t at = 0;
  return text.size() == 36 && std::ranges::all_of(text, [&](unsigned char c) {
           const bool is_hyphen = at == 8 || at == 13 || at == 18 || at == 23;
           ++at;
           return is_hyphen ? c == '-' : std::isxdigit(c) != 0;
         });
}

void check_staging(const Staging& staging, Diagnostics& diagnostics) {
  const bool is_there =
      !(staging.account + staging.container + staging.endpoint + staging.key_reference +
        staging.signature_reference + staging.managed_identity)
           .empty();
  if (is_there && (staging.account.empty() || staging.container.empty())) {
    diagnostics.push_back({staging.place, "`staging` needs `account` and `container`", {}});
  }
  if (!staging.key_reference.empty() && !staging.signature_reference.empty()) {
    diagnostics.push_back({staging.place, "`staging` has either `account_key` or `signature`", {}});
  }
  if (!staging.managed_identity.empty() && staging.managed_identity != "system" &&
      !is_object_id(staging.managed_identity)) {
    diagnostics.push_back({staging.place, "`managed_identity` is `system` or an object id", {}});
  }
  if (is_there && staging.managed_identity.empty() && staging.key_reference.empty() &&
      staging.signature_reference.empty()) {
    diagnostics.push_back({staging.place,
                           "nothing lets the cluster read the container of `staging`",
                           "give `managed_identity`, `account_key` or `signature`"});
  }
}

void check_adx(const Config& config, Diagnostics& diagnostics) {
  const auto& adx = config.adx;
  if (adx.cluster.empty() && (adx.credential || !adx.ingestion.empty())) {
    diagnostics.push_back({adx.place, "`adx` lacks `cluster`", {}});
  }
  check_staging(adx.staging, diagnostics);
  if (adx.credential && !adx.credential->reference.empty() && config.azure.tenant.empty()) {
    diagnostics.push_back({adx.credential->place,
                           "an application's secret or certificate needs `azure.tenant`",
                           "the tenant that the cluster belongs to"});
  }
}

/// Defaults that follow from other options.
void complete(Config& config) {
  for (auto& tenant : config.tenants) {
    if (tenant.name.empty()) {
      tenant.name = tenant.id;
    }
  }
  if (config.ledger_path.empty()) {
    const auto& beside =
        config.archive_directory.empty() ? config.store_directory : config.archive_directory;
    if (!beside.empty()) {
      config.ledger_path = beside.parent_path() / "ledger.sqlite";
    }
  }
}

} // namespace

auto read_text(const std::filesystem::path& file) -> Result<std::string> {
  std::error_code problem;
  const auto status = std::filesystem::status(file, problem);
  if (!std::filesystem::is_regular_file(status)) {
    return Error{
        ErrorKind::invalid_input,
        fmt::format("{}: {}",
                    file.string(),
                    std::filesystem::exists(status) ? "not a regular file" : "no such file")};
  }
  std::ifstream stream{file, std::ios::binary};
  std::string text(most_bytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (stream.bad() || (stream.fail() && !stream.eof())) {
    return Error{ErrorKind::invalid_input, fmt::format("{}: cannot be read", file.string())};
  }
  if (text.size() > most_bytes) {
    return Error{ErrorKind::invalid_input, fmt::format("{}: larger than 1 MiB", file.string())};
  }
  return text;
}

auto parse(std::string_view text, const std::filesystem::path& folder)
    -> tl::expected<Config, Diagnostics> {
  Config config;
  Diagnostics diagnostics;
  if (const auto document = read_document(text, diagnostics)) {
    const auto absolute_folder = std::filesystem::current_path() / folder;
    Reader{config, diagnostics, absolute_folder}.read(*document);
  }
  if (diagnostics.empty()) {
    check_ledger(config, !config.ledger_path.empty(), diagnostics);
    complete(config);
    check_tenants(config, diagnostics);
    check_rules(config, diagnostics);
    check_case_kinds(config, diagnostics);
    check_credentials(config, diagnostics);
    check_archive(config, diagnostics);
    check_adx(config, diagnostics);
    check_store(config, diagnostics);
  }
  if (diagnostics.empty()) {
    return config;
  }
  std::ranges::stable_sort(
      diagnostics, {}, [](const Diagnostic& d) { return std::pair{d.place.line, d.place.column}; });
  diagnostics.resize(std::min(diagnostics.size(), most_diagnostics));
  return tl::unexpected{std::move(diagnostics)};
}

} // namespace sluice::config

// SPDX-License-Identifier: Apache-2.0
#include "app/import/imported_configuration.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "app/import/imported_value.hpp"
#include "app/import/variable_meaning.hpp"

namespace sluice::app {
namespace {

using Fate = ImportFinding::Fate;

/// Takes variables one after another and knows then what stands where.
class Import {
public:
  void take(const AutomationVariable& variable) {
    const auto [meaning, about] = meaning_of(variable.name);
    const auto tell = [&](Fate fate, std::string text) {
      findings_.push_back({fate, variable.name, std::move(text)});
    };
    if (meaning == Meaning::unknown) {
      return tell(Fate::unknown, "nothing known of that name; see docs/config.md");
    }
    if (meaning == Meaning::none) {
      return tell(Fate::left_out, std::string{about});
    }
    if (values_.contains(meaning)) {
      return tell(Fate::left_out, fmt::format("{} has a value from another variable", about));
    }
    if (variable.encrypted && !is_secret(meaning)) {
      return tell(Fate::left_out, fmt::format("encrypted, so the export lacks it: {}", about));
    }
    auto value = is_secret(meaning) ? std::optional{vault_reference(variable.name)}
                                    : imported_value(meaning, variable.value);
    if (!value) {
      return tell(Fate::left_out, fmt::format("its value is not what {} may be", about));
    }
    const bool in_the_open = is_secret(meaning) && !variable.encrypted && !variable.value.empty();
    tell(Fate::taken,
         fmt::format("{}: {}{}",
                     about,
                     *value,
                     in_the_open ? "; the export has the secret in the open: renew it" : ""));
    values_.emplace(meaning, *std::move(value));
  }

  auto finish() && -> ImportedConfiguration {
    auto yaml = tenant() + azure() + storage() + cluster();
    if (has(Meaning::publisher)) {
      yaml += fmt::format("publisher_identifier: \"{}\"\n", values_[Meaning::publisher]);
    }
    return {std::move(yaml), std::move(findings_)};
  }

private:
  [[nodiscard]] auto has(Meaning meaning) const -> bool { return values_.contains(meaning); }

  auto needed(Meaning meaning, std::string_view option) -> std::string {
    if (!has(meaning)) {
      findings_.push_back({Fate::missing, std::string{option}, "fill it in by hand"});
      return std::string{to_fill_in};
    }
    return values_[meaning];
  }

  /// `key: value` in a line of its own; nothing where there is no value.
  auto line(std::string_view key, Meaning meaning) -> std::string {
    return has(meaning) ? fmt::format("{}: \"{}\"\n", key, values_[meaning]) : std::string{};
  }

  auto tenant() -> std::string {
    auto text =
        fmt::format("tenants:\n  - id: \"{}\"\n", needed(Meaning::tenant_id, "tenants[].id"));
    text += line("    name", Meaning::tenant_name);
    text += line("    cloud", Meaning::management_host);
    if (has(Meaning::content_types)) {
      text += fmt::format("    content_types: {}\n", values_[Meaning::content_types]);
    }
    text += fmt::format("    credential:\n      type: client_secret\n      client_id: \"{}\"\n"
                        "      secret: \"{}\"\n",
                        needed(Meaning::client_id, "tenants[].credential.client_id"),
                        secret());
    return text;
  }

  auto secret() -> std::string {
    if (has(Meaning::client_secret)) {
      return values_[Meaning::client_secret];
    }
    constexpr std::string_view name = "ClientSecrettoAccessO365";
    findings_.push_back({Fate::missing,
                         "tenants[].credential.secret",
                         fmt::format("taken to be in the key vault as {}", name)});
    return vault_reference(name);
  }

  auto azure() -> std::string {
    const auto& tenant =
        has(Meaning::cluster_tenant) ? Meaning::cluster_tenant : Meaning::tenant_id;
    auto text = std::string{"azure:\n"} + line("  tenant", tenant);
    const auto cloud = has(Meaning::management_host) ? values_[Meaning::management_host] : "";
    if (!cloud.empty() && cloud != "gcc") { // Whose Azure is the public one (documented).
      text += fmt::format("  cloud: {}\n", cloud);
    }
    text += "  credential: {type: managed_identity}\n";
    return text +
           fmt::format("key_vault: {{url: \"{}\"}}\n", needed(Meaning::vault, "key_vault.url"));
  }

  auto storage() -> std::string {
    if (!has(Meaning::storage_account)) {
      return "archive: {directory: archive}\n";
    }
    auto text = fmt::format("archive:\n  blob:\n    account: \"{}\"\n    container: \"{}\"\n",
                            values_[Meaning::storage_account],
                            needed(Meaning::storage_container, "archive.blob.container"));
    if (has(Meaning::storage_key)) {
      text += fmt::format("    account_key: \"{}\"\n", values_[Meaning::storage_key]);
    } else if (has(Meaning::storage_signature)) {
      text += fmt::format("    signature: \"{}\"\n", values_[Meaning::storage_signature]);
    }
    return text;
  }

  auto cluster() -> std::string {
    if (!has(Meaning::cluster)) {
      return "store: {directory: store}\n";
    }
    auto text = fmt::format("ledger: {{path: ledger.sqlite}}\n"
                            "destinations:\n  adx:\n    cluster: \"{}\"\n    database: \"{}\"\n",
                            values_[Meaning::cluster],
                            needed(Meaning::database, "destinations.adx.database"));
    if (has(Meaning::ingestion)) {
      text += fmt::format("    ingestion: \"{}\"\n", values_[Meaning::ingestion]);
    }
    if (has(Meaning::cluster_secret)) {
      text +=
          fmt::format("    credential:\n      type: client_secret\n      client_id: \"{}\"\n"
                      "      secret: \"{}\"\n",
                      needed(Meaning::cluster_client_id, "destinations.adx.credential.client_id"),
                      values_[Meaning::cluster_secret]);
    }
    return text;
  }

  std::map<Meaning, std::string> values_;
  std::vector<ImportFinding> findings_;
};

} // namespace

auto import_variables(std::span<const AutomationVariable> variables) -> ImportedConfiguration {
  Import import;
  for (const auto& variable : variables) {
    import.take(variable);
  }
  return std::move(import).finish();
}

} // namespace sluice::app

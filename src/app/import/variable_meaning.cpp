// SPDX-License-Identifier: Apache-2.0
#include "app/import/variable_meaning.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace sluice::app {
namespace {

/// Alternatives are separated by `|`; a name needs one of each of the two.
struct Row {
  std::string_view first;
  std::string_view second;
  VariableMeaning means;
};

constexpr std::string_view any;
constexpr std::string_view of_a_cluster = "kusto|adx|dataexplorer";
constexpr std::string_view of_storage = "storage|blob";
constexpr std::string_view a_secret = "secret|password|key|pwd";
constexpr std::string_view an_application = "clientid|appid|applicationid";

// clang-format off
/// The first row that fits counts.
constexpr std::array rows{
    Row{"fileshare|azurefile|kustolib|dllpath|packagesroot", any,
        {Meaning::none, "the share held the Kusto libraries; Sluice needs none"}},
    Row{"webhook|logicapp|callback|runbook", any,
        {Meaning::none, "stages start each other through the ledger"}},
    Row{"connectionstring", any,
        {Meaning::none, "put the account's key alone in the vault, or sign in with a managed identity"}},
    Row{"thumbprint|certificatename|automationcertificate", any,
        {Meaning::none, "name the certificate and its key: credential: {type: client_certificate, certificate: \"keyvault:NAME\"}"}},
    Row{of_a_cluster, a_secret, {Meaning::cluster_secret, "destinations.adx.credential.secret"}},
    Row{of_a_cluster, an_application, {Meaning::cluster_client_id, "destinations.adx.credential.client_id"}},
    Row{of_a_cluster, "tenant|authority", {Meaning::cluster_tenant, "azure.tenant"}},
    Row{of_a_cluster, "ingest", {Meaning::ingestion, "destinations.adx.ingestion"}},
    Row{of_a_cluster, "mapping", {Meaning::none, "`sluice init` makes the mappings"}},
    Row{of_a_cluster, "table", {Meaning::none, "records are in table AuditRecords, cases in table Cases"}},
    Row{of_a_cluster, "database|db", {Meaning::database, "destinations.adx.database"}},
    Row{of_a_cluster, "cluster|url|uri|server|host|endpoint|name", {Meaning::cluster, "destinations.adx.cluster"}},
    Row{"keyvault|vaultname|vaulturi|vaulturl", any, {Meaning::vault, "key_vault.url"}},
    Row{of_storage, "sas|signature", {Meaning::storage_signature, "archive.blob.signature"}},
    Row{of_storage, a_secret, {Meaning::storage_key, "archive.blob.account_key"}},
    Row{"container", any, {Meaning::storage_container, "archive.blob.container"}},
    Row{of_storage, any, {Meaning::storage_account, "archive.blob.account"}},
    Row{"queue", any, {Meaning::none, "work waits in the ledger"}},
    Row{"secret|password|pwd|appkey|clientkey|applicationkey", any, {Meaning::client_secret, "tenants[].credential.secret"}},
    Row{an_application, any, {Meaning::client_id, "tenants[].credential.client_id"}},
    Row{"publisher", any, {Meaning::publisher, "publisher_identifier"}},
    Row{"tenant", "name|domain", {Meaning::tenant_name, "tenants[].name"}},
    Row{"tenant", any, {Meaning::tenant_id, "tenants[].id"}},
    Row{"contenttype|workload", any, {Meaning::content_types, "tenants[].content_types"}},
    Row{"apiresource|resourceurl|resourceuri|apiurl|apiuri|managementurl|managementapi|manageoffice", any,
        {Meaning::management_host, "tenants[].cloud"}},
    Row{"loginurl|loginuri|authority|oauth", any, {Meaning::none, "follows from tenants[].cloud"}},
    Row{"subscription|resourcegroup|location|region|automationaccount", any,
        {Meaning::none, "Sluice makes and looks up no Azure resources"}},
    Row{"starttime|endtime|startdate|enddate|lastrun|lasttime|timewindow|interval|schedule|minutes|hours|days", any,
        {Meaning::none, "the ledger remembers what was listed; see `polling`"}},
    Row{"recordtype|operation|filter|alert|severity", any,
        {Meaning::none, "what is relevant is said by `rules`"}},
};
// clang-format on

auto letters_of(std::string_view name) -> std::string {
  std::string letters;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      letters += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      letters += c;
    }
  }
  return letters;
}

auto has_one_of(std::string_view letters, std::string_view alternatives) -> bool {
  while (!alternatives.empty()) {
    const auto end = std::min(alternatives.find('|'), alternatives.size());
    if (letters.find(alternatives.substr(0, end)) != std::string_view::npos) {
      return true;
    }
    alternatives.remove_prefix(std::min(end + 1, alternatives.size()));
  }
  return false;
}

} // namespace

auto meaning_of(std::string_view name) -> VariableMeaning {
  const auto letters = letters_of(name);
  const auto* row = std::ranges::find_if(rows, [&](const Row& each) {
    return has_one_of(letters, each.first) &&
           (each.second.empty() || has_one_of(letters, each.second));
  });
  return row == rows.end() ? VariableMeaning{} : row->means;
}

auto is_secret(Meaning meaning) noexcept -> bool {
  return meaning == Meaning::client_secret || meaning == Meaning::cluster_secret ||
         meaning == Meaning::storage_key || meaning == Meaning::storage_signature;
}

} // namespace sluice::app

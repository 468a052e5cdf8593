// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "app/import/imported_configuration.hpp"
#include "config/config.hpp"

namespace sluice::app {
namespace {

using Fate = ImportFinding::Fate;
using testing::HasSubstr;
using testing::Not;

auto fate_of(const ImportedConfiguration& imported, std::string_view variable) -> std::string {
  const auto found = std::ranges::find(imported.findings, variable, &ImportFinding::variable);
  return found == imported.findings.end() ? "nothing"
                                          : fmt::format("{} {}", int(found->fate), found->about);
}

auto the_runbooks() -> std::vector<AutomationVariable> {
  return {{"O365TenantGUID", "11111111-2222-3333-4444-555555555555"},
          {"ClientIDtoAccessO365", "66666666-7777-8888-9999-000000000000"},
          {"ClientSecrettoAccessO365", "", true},
          {"APIResource", "https://manage-gcc.office.com"},
          {"KeyVaultName", "contoso-sluice"},
          {"KustoClusterUri", "https://ingest-contoso.westeurope.kusto.windows.net"},
          {"KustoDatabase", "sluice"},
          {"KustoTableName", "O365"},
          {"KustoAccessAppId", "77777777-8888-9999-aaaa-000000000000"},
          {"KustoAccessAppKey", "in-the-open"},
          {"StorageAccountforBlobstorage", "contosologs"},
          {"BlobContainerName", "archive"},
          {"StorageAccountforBlobstorageAccessKey", "", true},
          {"StorageAccountforFileShareAccessKey", "", true},
          {"Mystery", "mysterious-value"}};
}

TEST(ImportVariables, the_runbooks_variables_become_a_valid_configuration) {
  const auto imported = import_variables(the_runbooks());
  const auto config = config::parse(imported.yaml, "/");
  ASSERT_TRUE(config) << config::render(config.error(), imported.yaml, "yaml");
  const auto& tenant = config->tenants.at(0);
  EXPECT_EQ(tenant.id, "11111111-2222-3333-4444-555555555555");
  EXPECT_EQ(tenant.cloud, "gcc");
  EXPECT_EQ(tenant.credential.reference, "keyvault:ClientSecrettoAccessO365");
  EXPECT_EQ(config->key_vault_url, "https://contoso-sluice.vault.azure.net");
  EXPECT_EQ(config->archive_blob.account, "contosologs");
  EXPECT_EQ(config->archive_blob.key_reference, "keyvault:StorageAccountforBlobstorageAccessKey");
  EXPECT_EQ(config->adx.cluster, "https://contoso.westeurope.kusto.windows.net");
  EXPECT_EQ(config->adx.credential.value().reference, "keyvault:KustoAccessAppKey");
}

TEST(ImportVariables, each_variable_is_accounted_for_and_no_value_of_doubt_is_shown) {
  const auto imported = import_variables(the_runbooks());
  EXPECT_EQ(imported.findings.size(), the_runbooks().size());
  EXPECT_THAT(fate_of(imported, "StorageAccountforFileShareAccessKey"), HasSubstr("needs none"));
  EXPECT_THAT(fate_of(imported, "KustoTableName"), HasSubstr("AuditRecords"));
  EXPECT_THAT(fate_of(imported, "Mystery"), HasSubstr("nothing known"));
  EXPECT_THAT(fate_of(imported, "KustoAccessAppKey"), HasSubstr("renew it"));
  for (const auto& finding : imported.findings) {
    EXPECT_THAT(finding.about, Not(HasSubstr("in-the-open")));
    EXPECT_THAT(finding.about, Not(HasSubstr("mysterious-value")));
  }
  EXPECT_THAT(imported.yaml, Not(HasSubstr("in-the-open")));
}

TEST(ImportVariables, what_is_missing_is_refused_by_name) {
  const auto imported = import_variables(std::vector<AutomationVariable>{{"Mystery", "x"}});
  EXPECT_THAT(fate_of(imported, "tenants[].id"), HasSubstr("fill it in"));
  const auto config = config::parse(imported.yaml, "/");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().size(), 3U); // The tenant, the application, the vault.
}

TEST(ImportVariables, values_that_are_none_of_their_kind_do_not_come_in) {
  const std::vector<AutomationVariable> hostile{
      {"TenantId", "x\"\nkey_vault: {url: \"https://example.com\"}"},
      {"KeyVaultName", "a b"},
      {"KustoCluster", "https://contoso\" , x: \""},
      {"KustoDatabase", "a\nb"},
      {"ContentTypes", "Audit.General,Everything"},
      {"StorageAccountName", "Contoso_Logs"}};
  const auto imported = import_variables(hostile);
  for (const auto& variable : hostile) {
    EXPECT_THAT(fate_of(imported, variable.name), HasSubstr("is not what")) << variable.name;
  }
  EXPECT_THAT(imported.yaml, Not(HasSubstr("example.com")));
}

TEST(ImportVariables, the_first_of_two_with_one_meaning_counts) {
  const auto imported = import_variables(
      std::vector<AutomationVariable>{{"TenantId", "11111111-2222-3333-4444-555555555555"},
                                      {"TenantGuid", "22222222-2222-3333-4444-555555555555"}});
  EXPECT_THAT(imported.yaml, HasSubstr("11111111"));
  EXPECT_THAT(fate_of(imported, "TenantGuid"), HasSubstr("another variable"));
}

} // namespace
} // namespace sluice::app

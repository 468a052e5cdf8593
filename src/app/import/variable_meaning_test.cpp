// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "app/import/variable_meaning.hpp"

namespace sluice::app {
namespace {

struct NameCase {
  std::string_view name;
  Meaning meaning;
};

class VariableNames : public testing::TestWithParam<NameCase> {};

TEST_P(VariableNames, mean_what_their_words_say) {
  EXPECT_EQ(meaning_of(GetParam().name).meaning, GetParam().meaning) << GetParam().name;
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    VariableNames,
    testing::Values(NameCase{"ClientSecrettoAccessO365", Meaning::client_secret},
                    NameCase{"KustoAccessAppKey", Meaning::cluster_secret},
                    NameCase{"StorageAccountforBlobstorageAccessKey", Meaning::storage_key},
                    NameCase{"StorageAccountforFileShareAccessKey", Meaning::none},
                    NameCase{"STORAGEACCOUNTFORBLOBSTORAGE", Meaning::storage_account},
                    NameCase{"storage_account_name", Meaning::storage_account},
                    NameCase{"BlobStorageContainerName", Meaning::storage_container},
                    NameCase{"BlobSasToken", Meaning::storage_signature},
                    NameCase{"FileShareName", Meaning::none},
                    NameCase{"KustoAccessAppId", Meaning::cluster_client_id},
                    NameCase{"kusto-cluster-uri", Meaning::cluster},
                    NameCase{"KustoIngestUri", Meaning::ingestion},
                    NameCase{"ADX Database", Meaning::database},
                    NameCase{"KustoTableName", Meaning::none},
                    NameCase{"KustoTenantId", Meaning::cluster_tenant},
                    NameCase{"KeyVaultName", Meaning::vault},
                    NameCase{"O365TenantGUID", Meaning::tenant_id},
                    NameCase{"TenantDomain", Meaning::tenant_name},
                    NameCase{"ClientIDtoAccessO365", Meaning::client_id},
                    NameCase{"PublisherIdentifier", Meaning::publisher},
                    NameCase{"ContentTypes", Meaning::content_types},
                    NameCase{"APIResource", Meaning::management_host},
                    NameCase{"LogicAppWebhookUri", Meaning::none},
                    NameCase{"LastRunTime", Meaning::none},
                    NameCase{"VendorName", Meaning::unknown},
                    NameCase{"", Meaning::unknown}));

TEST(VariableMeaning, each_has_an_option_or_a_reason) {
  EXPECT_EQ(meaning_of("KustoAccessAppKey").about, "destinations.adx.credential.secret");
  EXPECT_NE(meaning_of("FileShareName").about, "");
}

} // namespace
} // namespace sluice::app

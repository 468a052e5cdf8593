// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.hpp"
#include "config/reference.hpp"

namespace sluice::config {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view tenant = R"(tenants:
  - id: 11111111-2222-3333-4444-555555555555
    name: contoso
    credential: {type: client_secret, client_id: 66666666-7777-8888-9999-000000000000, secret: "file:/s"}
)";
constexpr std::string_view places = R"(archive: {directory: archive}
store: {directory: store}
)";

auto whole(std::string_view more = {}) -> std::string {
  return fmt::format("{}{}{}", tenant, places, more);
}

/// All diagnostics of `text` as shown to a person; empty when it is good.
auto complaints(std::string_view text) -> std::string {
  const auto config = parse(text, "/etc/sluice");
  return config ? "" : render(config.error(), text, "sluice.yaml");
}

TEST(Config, fills_in_the_defaults_of_the_smallest_example) {
  const auto config = parse(smallest_example(), "/etc/sluice");
  ASSERT_TRUE(config) << complaints(smallest_example());
  ASSERT_EQ(config->tenants.size(), 1U);
  EXPECT_EQ(config->tenants[0].cloud, "enterprise");
  EXPECT_EQ(config->tenants[0].credential.reference, "file:/etc/sluice/secret");
  EXPECT_THAT(config->tenants[0].content_types, IsEmpty());
  ASSERT_EQ(config->rules.size(), 1U);
  EXPECT_EQ(config->rules[0].ready, "user_reported_phishing");
  EXPECT_EQ(config->archive_directory, "/var/lib/sluice/archive");
  EXPECT_EQ(config->ledger_path, "/var/lib/sluice/ledger.sqlite");
  EXPECT_EQ(config->polling.interval, 1min);
  EXPECT_EQ(config->polling.window, 6h);
  EXPECT_EQ(config->limits.requests_per_minute, 2'000U);
  EXPECT_EQ(config->limits.max_record_bytes, 4U * 1024 * 1024);
}

TEST(Config, begins_relative_paths_at_the_folder_of_the_file) {
  const auto config = parse(whole(), "/etc/sluice");
  ASSERT_TRUE(config) << complaints(whole());
  EXPECT_EQ(config->archive_directory, "/etc/sluice/archive");
  EXPECT_EQ(config->ledger_path, "/etc/sluice/ledger.sqlite");
}

TEST(Config, takes_ready_rules_and_rules_of_ones_own) {
  const auto config = parse(whole("rules:\n"
                                  "  - all_alerts\n"
                                  "  - ready: dlp\n"
                                  "  - {name: high, where: 'Severity == \"High\"'}\n"),
                            "/etc/sluice");
  ASSERT_TRUE(config);
  ASSERT_EQ(config->rules.size(), 3U);
  EXPECT_EQ(config->rules[0].ready, "all_alerts");
  EXPECT_EQ(config->rules[1].ready, "dlp");
  EXPECT_EQ(config->rules[2].name, "high");
  EXPECT_EQ(config->rules[2].where, "Severity == \"High\"");
  EXPECT_EQ(config->rules[2].place.line, 10U);
}

TEST(Config, takes_a_custom_cloud_on_a_loopback_host) {
  const auto text = fmt::format("{}    cloud: custom\n"
                                "    endpoints: {{management: 'http://127.0.0.1:8080', "
                                "login: 'https://login.example.com'}}\n{}",
                                tenant,
                                places);
  const auto config = parse(text, "/etc/sluice");
  ASSERT_TRUE(config) << complaints(text);
  ASSERT_TRUE(config->tenants[0].endpoints);
  EXPECT_EQ(config->tenants[0].endpoints->management, "http://127.0.0.1:8080");
}

struct Mistake {
  std::string_view name;
  std::string text;
  std::string_view expected;
};

class ConfigMistake : public testing::TestWithParam<Mistake> {};

TEST_P(ConfigMistake, is_named_with_its_place) {
  EXPECT_THAT(complaints(GetParam().text), HasSubstr(GetParam().expected));
}

auto many_values(int count) -> std::string {
  std::string text = "[";
  for (int i = 0; i < count; ++i) {
    text += "1,";
  }
  return text + "]";
}

auto tenant_with(std::string_view lines) -> std::string {
  return fmt::format("{}{}{}", tenant, lines, places);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    ConfigMistake,
    testing::Values(
        Mistake{"unknown_key_with_a_suggestion",
                whole("polling:\n  intervall: 5m\n"),
                "sluice.yaml:8:3: `polling` has no option `intervall`\n"
                "      intervall: 5m\n"
                "      ^~~~~~~~~\n"
                "  did you mean `interval`?\n"},
        Mistake{"key_that_belongs_elsewhere",
                whole("settle: 5m\n"),
                "sluice.yaml:7:1: the configuration has no option `settle`\n"
                "    settle: 5m\n"
                "    ^~~~~~\n"
                "  `settle` belongs to `polling`\n"},
        Mistake{"empty_text", "", "sluice.yaml:1:1: the configuration lacks `tenants`"},
        Mistake{"missing_section", std::string{tenant}, "the configuration lacks `archive`"},
        Mistake{"nowhere_to_bring_it",
                std::string{tenant} + "archive: {directory: a}\n",
                "the configuration lacks `store`"},
        Mistake{"no_place_for_the_ledger",
                std::string{tenant} + "archive: {blob: {account: contosologs, container: a}}\n"
                                      "destinations: {adx: {cluster: 'https://c.example'}}\n",
                "the configuration lacks `ledger`"},
        Mistake{"adx_without_cluster",
                whole("destinations: {adx: {ingestion: 'https://c.example'}}\n"),
                "`adx` lacks `cluster`"},
        Mistake{"adx_secret_without_tenant",
                whole("destinations:\n  adx:\n    cluster: 'https://c.example'\n    credential: "
                      "{type: client_secret, client_id: 66666666-7777-8888-9999-000000000000, "
                      "secret: 'cred:a'}\n"),
                "needs `azure.tenant`"},
        Mistake{"staging_without_container",
                whole("destinations: {adx: {cluster: 'https://c.example', staging: {account: "
                      "contosologs}}}\n"),
                "`staging` needs `account` and `container`"},
        Mistake{"staging_that_the_cluster_cannot_read",
                whole("destinations: {adx: {cluster: 'https://c.example', staging: {account: "
                      "contosologs, container: s}}}\n"),
                "nothing lets the cluster read the container"},
        Mistake{"staging_with_key_and_signature",
                whole("destinations: {adx: {cluster: 'https://c.example', staging: {account: "
                      "contosologs, container: s, account_key: 'cred:a', signature: 'cred:b'}}}\n"),
                "`staging` has either `account_key` or `signature`"},
        Mistake{"staging_for_nobody",
                whole("destinations: {adx: {cluster: 'https://c.example', staging: {account: "
                      "contosologs, container: s, managed_identity: mine}}}\n"),
                "`managed_identity` is `system` or an object id"},
        Mistake{"missing_option",
                "tenants: [{name: x}]",
                "sluice.yaml:1:11: an element of `tenants` lacks `id`"},
        Mistake{"null_value", whole("log: {level: }\n"), "`level` has no value"},
        Mistake{"text_where_a_section_stands", whole("log: debug\n"), "`log` holds options"},
        Mistake{"list_where_a_value_stands", whole("log: {level: [info]}\n"), "single value"},
        Mistake{"rules_that_are_no_list", whole("rules: all_alerts\n"), "`rules` is a list"},
        Mistake{"no_tenant", "tenants: []\n", "`tenants` is a list with at least one element"},
        Mistake{"rule_of_both_kinds",
                whole("rules: [{ready: dlp, where: 'true'}]\n"),
                "a rule has either `ready`, or both `name` and `where`"},
        Mistake{"rule_without_a_name", whole("rules: [{where: 'true'}]\n"), "a rule has either"},
        Mistake{
            "wrong_choice", whole("log: {level: warn}\n"), "one of debug, info, warning, error"},
        Mistake{"near_choice", whole("log: {level: eror}\n"), "did you mean `error`?"},
        Mistake{"duration_without_a_unit",
                whole("polling: {interval: 60}\n"),
                "a duration is written like 90s, 5m, 23h or 7d"},
        Mistake{"duration_out_of_range",
                whole("polling: {window: 24h}\n"),
                "`window` must be 1m to 23h"},
        Mistake{"size_that_is_none", whole("limits: {max_record_bytes: 1MB}\n"), "512KiB, 64MiB"},
        Mistake{"negative_count", whole("limits: {requests_per_minute: -1}\n"), "a whole number"},
        Mistake{"id_that_is_no_guid", whole("publisher_identifier: contoso\n"), "must be a GUID"},
        Mistake{"name_with_a_slash", whole("rules: [{ready: '../x'}]\n"), "1 to 64 letters"},
        Mistake{"content_type_in_lower_case",
                tenant_with("    content_types: [audit.general]\n"),
                "did you mean `Audit.General`?"},
        Mistake{"endpoints_of_a_known_cloud",
                tenant_with("    endpoints: {management: 'https://a', login: 'https://b'}\n"),
                "`endpoints` goes with `cloud: custom` only"},
        Mistake{"custom_cloud_without_endpoints",
                tenant_with("    cloud: custom\n"),
                "an element of `tenants` lacks `endpoints`"},
        Mistake{"plain_http_to_a_far_host",
                tenant_with(
                    "    cloud: custom\n"
                    "    endpoints: {management: 'http://127.example.com', login: 'https://b'}\n"),
                "plain http is for loopback hosts only"},
        Mistake{"secret_of_another_type",
                "tenants: [{credential: {type: client_certificate, secret: 'file:/x'}}]\n",
                "`secret` goes with `type: client_secret` only"},
        Mistake{"secret_without_an_application",
                whole("azure: {tenant: 66666666-7777-8888-9999-000000000000, credential: {type: "
                      "client_secret, secret: 'cred:x'}}\n"),
                "`credential` lacks `client_id`"},
        Mistake{"vault_that_holds_its_own_key",
                whole("azure: {credential: {type: client_secret, client_id: "
                      "66666666-7777-8888-9999-000000000000, secret: 'keyvault:x'}}\n"),
                "cannot be in it"},
        Mistake{"archive_in_two_places",
                std::string{tenant} +
                    "archive: {directory: a, blob: {account: acc, container: box}}\n"
                    "store: {directory: s}\n",
                "either `directory` or `blob`"},
        Mistake{"archive_in_no_place",
                std::string{tenant} + "archive: {blob: {container: box}}\nstore: {directory: s}\n",
                "either `directory` or `blob`"},
        Mistake{"blob_with_two_proofs",
                std::string{tenant} +
                    "archive: {blob: {account: acc, container: box, account_key: 'cred:a', "
                    "signature: 'cred:b'}}\nstore: {directory: s}\n",
                "either `account_key` or `signature`"},
        Mistake{"stage_with_two_credentials",
                whole("azure: {stages: [{stage: collect, credential: {type: managed_identity}}, "
                      "{stage: collect, credential: {type: azure_cli}}]}\n"),
                "`collect` has a credential already"},
        Mistake{"ledger_of_a_file_and_tables",
                whole("ledger: {path: l, table: {account: acc}}\n"),
                "either `path` or `table`"},
        Mistake{"ledger_in_tables_with_a_local_archive",
                whole("ledger: {table: {account: acc}}\n"),
                "an archive that they share"},
        Mistake{"ledger_tables_of_nowhere",
                whole("ledger: {table: {account_key: 'cred:k'}}\n"),
                "`table` needs `account`"},
        Mistake{"ledger_tables_with_an_impossible_name",
                whole("ledger: {table: {account: acc, prefix: a-b}}\n"),
                "letters and digits"},
        Mistake{"two_tenants_of_one_id",
                fmt::format("{}{}{}", tenant, tenant.substr(9), places),
                "two tenants have the same id or name"},
        Mistake{"key_twice", whole("log: {level: info}\nlog: {}\n"), "`log` stands here twice"},
        Mistake{"anchor", whole("log: &a {level: info}\n"), "anchors (&) are not supported"},
        Mistake{"alias", whole("log: {level: &a info, format: *a}\n"), "aliases (*)"},
        Mistake{"tag", whole("log: {level: !!python/object info}\n"), "tags (!) are not supported"},
        Mistake{"second_document", whole("---\nlog: {}\n"), "a second document begins here"},
        Mistake{"key_that_is_a_list", whole("? [a, b]\n: c\n"), "a key must be a text"},
        Mistake{"not_yaml", "tenants: [", "not YAML: "},
        Mistake{"list_at_the_top", "- tenants\n", "a configuration is a mapping"},
        Mistake{"nested_too_deep", std::string(100, '[') + std::string(100, ']'), "deeper than 16"},
        Mistake{"too_many_values", many_values(20'000), "more than 20000 values"}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(Config, an_archive_in_a_container_needs_no_directory) {
  const auto config =
      parse(std::string{tenant} + "archive: {blob: {account: acc, container: box}}\n"
                                  "store: {directory: s}\n"
                                  "key_vault: {url: 'https://contoso.vault.azure.net'}\n",
            "/etc/sluice");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->archive_blob.container, "box");
  EXPECT_EQ(config->ledger_path, "/etc/sluice/ledger.sqlite");
  EXPECT_EQ(config->azure.credential.type, Credential::Type::automatic);
  EXPECT_EQ(config->azure.cloud, "enterprise");
}

TEST(Config, a_stage_may_have_a_credential_of_its_own) {
  const auto config = parse(whole("azure: {stages: [{stage: collect, credential: {type: "
                                  "managed_identity, client_id: "
                                  "66666666-7777-8888-9999-000000000000}}]}\n"),
                            "/");
  ASSERT_TRUE(config);
  ASSERT_EQ(config->azure.stages.size(), 1U);
  EXPECT_EQ(config->azure.stages[0].stage, "collect");
  EXPECT_EQ(config->azure.stages[0].credential.type, Credential::Type::managed_identity);
  EXPECT_TRUE(parse(whole(""), "/")->azure.stages.empty());
}

TEST(Config, a_ledger_may_be_in_tables) {
  const auto config =
      parse(std::string{tenant} + "archive: {blob: {account: acc, container: box}}\n"
                                  "store: {directory: s}\n"
                                  "ledger: {table: {account: acc, silence: 1m}}\n",
            "/etc/sluice");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->ledger_table.account, "acc");
  EXPECT_EQ(config->ledger_table.prefix, "sluice");
  EXPECT_EQ(config->ledger_table.silence, std::chrono::minutes{1});
}

TEST(Config, names_several_mistakes_at_once_in_the_order_of_the_text) {
  const auto config = parse(whole("polling: {interval: 0s, windw: 1h}\nlog: {level: loud}\n"), "/");
  ASSERT_FALSE(config);
  ASSERT_EQ(config.error().size(), 3U);
  EXPECT_THAT(config.error()[0].message, HasSubstr("interval"));
  EXPECT_THAT(config.error()[1].message, HasSubstr("windw"));
  EXPECT_THAT(config.error()[2].message, HasSubstr("loud"));
}

TEST(Config, names_at_most_twenty_mistakes) {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += fmt::format("unknown_{}: 1\n", i);
  }
  const auto config = parse(text, "/");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().size(), 20U);
}

TEST(Config, reads_every_file_of_the_examples) {
  const auto* source = std::getenv("SLUICE_SOURCE_DIR");
  ASSERT_NE(source, nullptr) << "run it through ctest, or set SLUICE_SOURCE_DIR";
  int files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator{std::filesystem::path{source} / "examples"}) {
    if (entry.path().extension() == ".yaml") {
      const auto text = read_text(entry.path());
      ASSERT_TRUE(text);
      EXPECT_EQ(complaints(*text), "") << entry.path();
      ++files;
    }
  }
  EXPECT_EQ(files, 3);
}

class ConfigSecret : public testing::TestWithParam<std::string_view> {};

TEST_P(ConfigSecret, is_refused_and_never_shown) {
  const auto shown = complaints(GetParam());
  EXPECT_THAT(shown, Not(IsEmpty()));
  EXPECT_THAT(shown, Not(HasSubstr("hunter")));
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    ConfigSecret,
    testing::Values(
        "tenants: [{credential: {type: client_secret, secret: hunter2}}]",
        "tenants: [{credential: {type: client_secret, secret: 'hunter2', idd: 1}}]",
        "tenants:\n  - credential:\n      type: client_secret\n      secret: |\n        hunter2\n",
        "tenants:\n  - credential:\n      type: client_secret\n      secret: \"hunter2\n",
        "tenants:\n  - credential:\n      secret: \"a\n         hunter2\n",
        "client_secret: hunter2",
        "\"password\" : hunter2",
        "api_key: [hunter2, hunter3]",
        "secret: hunter2: y: z"));

TEST(Config, reads_only_files_of_a_sensible_size) {
  auto name = (std::filesystem::temp_directory_path() / "sluice_config_XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const std::filesystem::path folder{name};
  const auto file = folder / "sluice.yaml";
  std::ofstream{file} << "tenants: []\n";
  const auto text = read_text(file);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "tenants: []\n");

  std::ofstream{file} << std::string(1024 * 1024 + 1, '#');
  EXPECT_THAT(read_text(file).error().message(), HasSubstr("larger than 1 MiB"));
  EXPECT_THAT(read_text(folder).error().message(), HasSubstr("not a regular file"));
  EXPECT_THAT(read_text(folder / "none").error().message(), HasSubstr("no such file"));
  std::filesystem::remove_all(folder);
}

} // namespace
} // namespace sluice::config

// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "app/import/automation_variable.hpp"

namespace sluice::app {
namespace {

TEST(AutomationVariables, of_PowerShell_the_client_and_the_service_are_the_same) {
  for (
      const std::string_view text :
      {"\xEF\xBB\xBF"
       R"([{"Name":"TenantId","Value":"contoso","Encrypted":false,"Description":null}])",
       R"({"Name":"TenantId","Value":"contoso","Encrypted":false})",
       R"([{"name":"TenantId","value":"\"contoso\"","isEncrypted":false}])",
       R"([{"id":"/subscriptions/x","name":"TenantId","properties":{"value":"\"contoso\"","isEncrypted":false}}])"}) {
    const auto read = parse_automation_variables(text);
    ASSERT_TRUE(read) << text;
    ASSERT_EQ(read->size(), 1U);
    EXPECT_EQ(read->front().name, "TenantId");
    EXPECT_EQ(read->front().value, "contoso");
    EXPECT_FALSE(read->front().encrypted);
  }
}

TEST(AutomationVariables, what_is_encrypted_has_no_value) {
  const auto read = parse_automation_variables(
      R"([{"Name":"a","Value":null,"Encrypted":true},{"name":"b","isEncrypted":true}])");
  ASSERT_TRUE(read);
  for (const auto& variable : *read) {
    EXPECT_TRUE(variable.encrypted);
    EXPECT_EQ(variable.value, "");
  }
}

TEST(AutomationVariables, other_files_are_refused) {
  for (const std::string_view text :
       {"", "[]", "[1]", "{", R"([{"Value":"x"}])", "\xFF\xFE[\0", R"({"Name":7})"}) {
    const auto read = parse_automation_variables(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().kind(), ErrorKind::invalid_input);
  }
}

} // namespace
} // namespace sluice::app

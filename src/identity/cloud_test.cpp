// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "identity/cloud.hpp"

namespace sluice::identity {
namespace {

struct CloudHosts {
  std::string_view name;
  std::string_view management;
  std::string_view login;
};

class CloudTable : public testing::TestWithParam<CloudHosts> {};

TEST_P(CloudTable, names_the_documented_hosts) {
  const auto cloud = cloud_named(GetParam().name);
  ASSERT_TRUE(cloud);
  EXPECT_EQ(cloud->name, GetParam().name);
  EXPECT_EQ(cloud->management.origin().text(), GetParam().management);
  EXPECT_EQ(cloud->login.origin().text(), GetParam().login);
  EXPECT_EQ(cloud->audience, GetParam().management);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    CloudTable,
    testing::Values(
        CloudHosts{"enterprise", "https://manage.office.com", "https://login.microsoftonline.com"},
        CloudHosts{"gcc", "https://manage-gcc.office.com", "https://login.microsoftonline.com"},
        CloudHosts{"gcc_high", "https://manage.office365.us", "https://login.microsoftonline.us"},
        CloudHosts{"dod", "https://manage.protection.apps.mil", "https://login.microsoftonline.us"},
        CloudHosts{
            "china", "https://manage.office365.cn", "https://login.partner.microsoftonline.cn"}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(CloudTest, an_unknown_name_is_answered_with_the_known_ones) {
  const auto cloud = cloud_named("entreprise");
  ASSERT_FALSE(cloud);
  EXPECT_THAT(cloud.error().hint(), testing::HasSubstr("enterprise, gcc, gcc_high, dod, china"));
}

TEST(CustomCloudTest, takes_plain_http_for_loopback_alone) {
  EXPECT_TRUE(custom_cloud("http://127.0.0.1:8080", "http://[::1]:8080/"));
  EXPECT_TRUE(custom_cloud("https://api.contoso.example", "https://login.contoso.example"));
  for (const auto* other : {"http://api.contoso.example",
                            "http://192.0.2.1",
                            "http://localhost.contoso.example",
                            "https://api.contoso.example/path",
                            "https://api.contoso.example/?query",
                            "api.contoso.example"}) {
    EXPECT_FALSE(custom_cloud(other, "https://login.contoso.example")) << other;
    EXPECT_FALSE(custom_cloud("https://api.contoso.example", other)) << other;
  }
}

TEST(CustomCloudTest, may_have_an_audience_of_its_own) {
  EXPECT_EQ(custom_cloud("http://127.0.0.1:1", "http://127.0.0.1:2")->audience,
            "http://127.0.0.1:1");
  EXPECT_EQ(custom_cloud("http://127.0.0.1:1", "http://127.0.0.1:2", "https://manage.office.com")
                ->audience,
            "https://manage.office.com");
}

} // namespace
} // namespace sluice::identity

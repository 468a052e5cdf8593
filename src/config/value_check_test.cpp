// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "config/value_check.hpp"

namespace sluice::config {
namespace {

TEST(ValueCheck, guids_are_kept_in_lower_case) {
  EXPECT_EQ(parse_guid("ABCDEF00-1111-2222-3333-444444444444"),
            "abcdef00-1111-2222-3333-444444444444");
  for (const auto* text : {"",
                           "{abcdef00-1111-2222-3333-444444444444}",
                           "abcdef0011112222333344444444444400000",
                           "abcdef00-1111-2222-3333-44444444444g",
                           "abcdef00-1111-2222-3333-44444444444"}) {
    EXPECT_EQ(parse_guid(text), std::nullopt) << text;
  }
}

TEST(ValueCheck, endpoints_are_origins) {
  for (const auto* text : {"https://manage.example.com",
                           "https://manage.example.com:8443",
                           "https://[2001:db8::1]:8443",
                           "http://127.0.0.1:8080",
                           "http://localhost:1",
                           "http://[::1]:8080"}) {
    EXPECT_EQ(object_to_endpoint(text), std::nullopt) << text;
  }
}

TEST(ValueCheck, whatever_could_lead_a_token_astray_is_no_endpoint) {
  for (const auto* text : {"",
                           "manage.example.com",
                           "ftp://manage.example.com",
                           "https://",
                           "https://manage.example.com/",
                           "https://manage.example.com/path",
                           "https://manage.example.com?x",
                           "https://manage.example.com#x",
                           "https://user@manage.example.com",
                           "https://user:password@manage.example.com",
                           "https://manage.example.com:0",
                           "https://manage.example.com:65536",
                           "https://manage.example.com:",
                           "https://manage example.com",
                           "https://manage\\.example.com",
                           "https://[::1",
                           "http://192.0.2.1",
                           "http://127.example.com",
                           "http://127.0.0.1.example.com",
                           "http://localhost.example.com"}) {
    EXPECT_NE(object_to_endpoint(text), std::nullopt) << text;
  }
}

TEST(ValueCheck, secrets_are_references) {
  for (const auto* text : {"file:/etc/sluice/secret", "cred:name", "keyvault:KustoAccessAppKey"}) {
    EXPECT_EQ(object_to_secret(text), std::nullopt) << text;
  }
  for (const auto* text : {"",
                           "hunter2",
                           "cred:",
                           "cred:a/b",
                           "keyvault:",
                           "file:",
                           "file:secret",
                           "file:/",
                           "file://host/secret"}) {
    EXPECT_NE(object_to_secret(text), std::nullopt) << text;
  }
}

TEST(ValueCheck, suggestions_are_close_or_none) {
  EXPECT_EQ(closest("intervall", {"window", "interval"}), "interval");
  EXPECT_EQ(closest("Tenant", {"tenants", "rules"}), "tenants");
  EXPECT_EQ(closest("banana", {"window", "interval"}), std::nullopt);
  EXPECT_EQ(closest(std::string(10'000, 'x'), {"window"}), std::nullopt);
}

} // namespace
} // namespace sluice::config

// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gmock/gmock.h>

#include "activity/content.hpp"

namespace sluice::activity {
namespace {

TEST(ContentTypeTest, every_type_is_read_back_from_its_wire_name_in_any_case) {
  for (const auto type : all_content_types) {
    EXPECT_EQ(parse_content_type(wire_name(type)), type);
  }
  EXPECT_EQ(parse_content_type("DLP.ALL"), ContentType::dlp_all);
  EXPECT_EQ(parse_content_type("audit.sharepoint"), ContentType::sharepoint);
  EXPECT_EQ(parse_content_type("Audit.Teams"), std::nullopt);
  EXPECT_EQ(parse_content_type(""), std::nullopt);
}

TEST(TenantIdTest, is_a_guid_in_lower_case) {
  EXPECT_EQ(parse_tenant_id("AAAAAAAA-2222-3333-4444-55555555555F")->text(),
            "aaaaaaaa-2222-3333-4444-55555555555f");
  for (const auto* text : {"",
                           "contoso.example",
                           "aaaaaaaa22223333444455555555555f",
                           "aaaaaaaa-2222-3333-4444-55555555555g",
                           "aaaaaaaa-2222-3333-4444-55555555555f/",
                           "{aaaaaaaa-2222-3333-4444-55555555555f}"}) {
    EXPECT_FALSE(parse_tenant_id(text)) << text;
  }
}

TEST(ContentIdTest, takes_the_forms_that_were_observed) {
  for (const auto* text :
       {"20260829074832071144651$20260829080825181143288$audit_sharepoint$Audit_SharePoint$na0036",
        "492638008028$492638008028$f28ab78ad40140608012736e373933ebspo2015043022$"
        "4a81a7c326fc4aed89c62e6039ab833b$04"}) {
    EXPECT_TRUE(parse_content_id(text)) << text;
  }
}

TEST(ContentIdTest, refuses_what_could_leave_its_place_in_a_path) {
  for (const auto* text : {"",
                           ".",
                           "..",
                           "a..b",
                           "a/b",
                           "a\\b",
                           "a%2fb",
                           "a?b",
                           "a#b",
                           "a b",
                           "a\nb",
                           "a@b",
                           "a:b",
                           "\xC3\xA4"}) {
    EXPECT_FALSE(parse_content_id(text)) << text;
  }
  EXPECT_TRUE(parse_content_id(std::string(512, 'a')));
  EXPECT_FALSE(parse_content_id(std::string(513, 'a')));
  EXPECT_FALSE(parse_content_id(std::string_view{"a\0b", 3}));
}

} // namespace
} // namespace sluice::activity

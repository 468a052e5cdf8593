// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "kql/xml_json.hpp"

namespace sluice::kql {
namespace {

TEST(XmlJson, reads_elements_attributes_and_text) {
  const std::pair<std::string_view, std::string_view> table[] = {
      {"<e/>", R"({"e":null})"},
      {"<e></e>", R"({"e":""})"},
      {"<e>text</e>", R"({"e":"text"})"},
      {R"(<e a="1" b="&lt;"/>)", R"({"e":{"@a":"1","@b":"<"}})"},
      {R"(<e a="1">text</e>)", R"({"e":{"@a":"1","#text":"text"}})"},
      {"<e> <a>1</a>\n<b/> </e>", R"({"e":{"a":"1","b":null}})"},
      {"<e><a>1</a><b/><a>2</a></e>", R"({"e":{"a":["1","2"],"b":null}})"},
      {"<e>x<a/>y</e>", R"({"e":{"#text":["x","y"],"a":null}})"},
      {"<e><![CDATA[<&>]]></e>", R"({"e":"<&>"})"},
      {"<?xml version='1.0'?><e/>", R"({"?xml":{"@version":"1.0"},"e":null})"},
  };
  for (const auto& [xml, json] : table) {
    EXPECT_EQ(xml_to_json(xml), json) << xml;
  }
}

TEST(XmlJson, refuses_what_is_not_well_formed) {
  for (const auto* xml : {"", "text", "<a>", "<a></b>", "<a/><b/>", "<a b=c/>", "<a>&none;</a>"}) {
    EXPECT_FALSE(xml_to_json(xml).has_value()) << xml;
  }
}

TEST(XmlJson, bounds_depth_length_and_entities) {
  std::string deep;
  for (int i = 0; i < 200; ++i) {
    deep += "<a>";
  }
  for (int i = 0; i < 200; ++i) {
    deep += "</a>";
  }
  EXPECT_FALSE(xml_to_json(deep).has_value());
  EXPECT_FALSE(xml_to_json("<a>" + std::string(200'000, 'x') + "</a>").has_value());
  EXPECT_FALSE(xml_to_json("<!DOCTYPE a [<!ENTITY e 'xx'>]><a>&e;</a>").has_value());
}

} // namespace
} // namespace sluice::kql

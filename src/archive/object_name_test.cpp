// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "archive/object_name.hpp"

namespace sluice::archive {
namespace {

const Content ordinary{
    .tenant = "11111111-2222-3333-4444-555555555555",
    .content_type = "Audit.General",
    .content_id =
        "20260713163235123456789$20260713164000000000000$audit_general$Audit_General$na0001",
    .created = parse_iso8601("2026-07-13T16:40:00.1230000Z").value()};

auto with_id(std::string id) -> Content {
  auto content = ordinary;
  content.content_id = std::move(id);
  return content;
}

TEST(ObjectName, an_ordinary_content_has_a_name_that_reads_well) {
  EXPECT_EQ(raw_name(ordinary, Encoding::gzip).value(),
            "raw/11111111-2222-3333-4444-555555555555/Audit.General/2026/07/13/1640001230000-"
            "20260713163235123456789.20260713164000000000000.audit_general.Audit_General.na0001"
            ".json.gz");
  EXPECT_EQ(staged_name(with_id("a$b"), 3).value(),
            "staged/11111111-2222-3333-4444-555555555555/Audit.General/2026/07/13/"
            "1640001230000-a.b.3.ndjson");
}

TEST(ObjectName, every_id_comes_back_from_its_name) {
  using namespace std::string_literals;
  for (const auto& id : {"a"s,
                         "a$b"s,
                         "a.b"s,
                         "../../etc/passwd"s,
                         "a\0b"s,
                         "-rf"s,
                         "=41"s,
                         "a.json"s,
                         "a.gz"s,
                         "\xC3\xA4\xFF"s,
                         "."s,
                         ".."s,
                         std::string(200, 'x')}) {
    for (const auto encoding : {Encoding::identity, Encoding::gzip}) {
      const auto name = raw_name(with_id(id), encoding);
      ASSERT_TRUE(name) << id;
      EXPECT_EQ(std::ranges::count(*name, '/'), 6) << *name;
      const auto parsed = parse_raw_name(*name);
      ASSERT_TRUE(parsed) << *name;
      EXPECT_EQ(parsed->content, with_id(id));
      EXPECT_EQ(parsed->encoding, encoding);
    }
  }
}

TEST(ObjectName, what_cannot_be_in_a_name_is_refused) {
  auto bad_tenant = ordinary;
  auto bad_type = ordinary;
  for (const auto* tenant : {"",
                             "contoso",
                             "../../../../../../../../../../etc/pas",
                             "11111111-2222-3333-4444-55555555555/"}) {
    bad_tenant.tenant = tenant;
    EXPECT_EQ(raw_name(bad_tenant, Encoding::gzip).error().kind(), ErrorKind::invalid_input);
  }
  for (const auto* type :
       {"", ".", "..", "Audit..General", ".Audit", "Audit/General", "Audit General"}) {
    bad_type.content_type = type;
    EXPECT_EQ(staged_name(bad_type, 0).error().kind(), ErrorKind::invalid_input) << type;
  }
  for (const auto& id : {std::string{}, std::string(201, 'x'), std::string(67, '/')}) {
    EXPECT_EQ(raw_name(with_id(id), Encoding::gzip).error().kind(), ErrorKind::invalid_input);
  }
}

TEST(ObjectName, other_names_are_strangers) {
  const auto good = raw_name(with_id("a"), Encoding::identity).value();
  ASSERT_TRUE(parse_raw_name(good));
  auto changed = [&](std::string_view from, std::string_view to) {
    auto name = good;
    return name.replace(name.find(from), from.size(), to);
  };
  for (const auto& name : {std::string{},
                           std::string{"raw"},
                           changed("raw/", "staged/"),
                           changed("raw/", "/raw/"),
                           changed("2026/07/13", "2026/02/30"),
                           changed("2026/07/13", "2026-07-13"),
                           changed("-a.json", "-.json"),
                           changed("-a.json", "-a.txt"),
                           changed("-a.json", "-=61.json"),
                           changed("-a.json", "-=2f.json"),
                           changed("-a.json", "_a.json"),
                           changed("1640", "2540")}) {
    EXPECT_FALSE(parse_raw_name(name)) << name;
  }
}

} // namespace
} // namespace sluice::archive

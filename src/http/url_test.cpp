// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "http/url.hpp"

namespace sluice::http {
namespace {

struct GoodUrl {
  std::string_view name;
  std::string_view text;
  std::string_view rewritten;
};

class UrlAccepts : public testing::TestWithParam<GoodUrl> {};

TEST_P(UrlAccepts, and_writes_in_one_form) {
  const auto url = Url::parse(GetParam().text);
  ASSERT_TRUE(url) << url.error().message();
  EXPECT_EQ(url->text(), GetParam().rewritten);
  EXPECT_EQ(Url::parse(url->text())->text(), GetParam().rewritten);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    UrlAccepts,
    testing::Values(
        GoodUrl{"host_alone", "https://manage.office.com", "https://manage.office.com/"},
        GoodUrl{"own_port", "https://manage.office.com:443/a", "https://manage.office.com/a"},
        GoodUrl{"other_port", "http://127.0.0.1:8080/a?b=c", "http://127.0.0.1:8080/a?b=c"},
        GoodUrl{"upper_case_host", "HTTPS://Manage.Office.COM/A", "https://manage.office.com/A"},
        GoodUrl{"ipv6", "http://[::1]:99/", "http://[::1]:99/"},
        GoodUrl{"dollars", "https://h/a$b$c?x=1$2", "https://h/a$b$c?x=1$2"},
        GoodUrl{"query_without_path", "https://h?a=b", "https://h/?a=b"},
        GoodUrl{"encoded_blank", "https://h/a%20b", "https://h/a%20b"},
        GoodUrl{"dots_in_a_name", "https://h/a..b/.c", "https://h/a..b/.c"}),
    [](const auto& row) { return std::string{row.param.name}; });

struct BadUrl {
  std::string_view name;
  std::string_view text;
};

class UrlRefuses : public testing::TestWithParam<BadUrl> {};

TEST_P(UrlRefuses, what_programs_read_differently) {
  const auto url = Url::parse(GetParam().text);
  ASSERT_FALSE(url) << url->text();
  EXPECT_EQ(url.error().kind(), ErrorKind::invalid_input);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    UrlRefuses,
    testing::Values(BadUrl{"nothing", ""},
                    BadUrl{"other_scheme", "ftp://h/"},
                    BadUrl{"no_scheme", "//h/a"},
                    BadUrl{"one_slash", "https:/h/a"},
                    BadUrl{"no_host", "https:///a"},
                    BadUrl{"user_info", "https://manage.office.com@evil.example/a"},
                    BadUrl{"user_and_password", "https://a:b@h/"},
                    BadUrl{"fragment", "https://evil.example#.manage.office.com/"},
                    BadUrl{"backslash", "https://h\\@evil.example/"},
                    BadUrl{"backslash_in_path", "https://h/a\\b"},
                    BadUrl{"blank", "https://h/a b"},
                    BadUrl{"line_end", "https://h/a\r\nX: y"},
                    BadUrl{"tab_in_host", "https://h\t.example/"},
                    BadUrl{"idn", "https://m\xC3\xA4nage.example/"},
                    BadUrl{"percent_in_host", "https://h%2eexample/"},
                    BadUrl{"port_zero", "https://h:0/"},
                    BadUrl{"port_too_large", "https://h:65536/"},
                    BadUrl{"port_empty", "https://h:/"},
                    BadUrl{"port_not_a_number", "https://h:44x/"},
                    BadUrl{"number_as_host", "http://2130706433/"},
                    BadUrl{"hex_as_host", "http://0x7f.0x1/"},
                    BadUrl{"short_quad", "http://127.1/"},
                    BadUrl{"open_bracket", "http://[::1/"},
                    BadUrl{"ipv6_zone", "http://[fe80::1%25eth0]/"},
                    BadUrl{"not_ipv6", "http://[abc]/"},
                    BadUrl{"text_after_bracket", "http://[::1]x/"},
                    BadUrl{"trailing_dot", "https://manage.office.com./"},
                    BadUrl{"double_slash", "https://h//evil.example/"},
                    BadUrl{"climbs", "https://h/a/../b"},
                    BadUrl{"climbs_encoded", "https://h/a/%2e%2e/b"},
                    BadUrl{"encoded_slash", "https://h/a..%2fb"},
                    BadUrl{"encoded_nul", "https://h/a%00b"},
                    BadUrl{"broken_percent", "https://h/a%2"},
                    BadUrl{"percent_then_text", "https://h/a%zz"}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(UrlTest, is_refused_beyond_8192_bytes) {
  EXPECT_TRUE(Url::parse("https://h/" + std::string(8'182, 'a')));
  EXPECT_FALSE(Url::parse("https://h/" + std::string(8'183, 'a')));
}

TEST(OriginTest, is_scheme_host_and_port) {
  const auto origin = [](std::string_view text) { return Url::parse(text)->origin(); };
  EXPECT_EQ(origin("https://H/a"), origin("https://h:443/b"));
  EXPECT_NE(origin("https://h/"), origin("http://h/"));
  EXPECT_NE(origin("https://h/"), origin("https://h:8443/"));
  EXPECT_NE(origin("https://h/"), origin("https://h.example/"));
}

TEST(OriginTest, knows_loopback_addresses) {
  const auto loopback = [](std::string_view text) {
    return Url::parse(text)->origin().is_loopback();
  };
  EXPECT_TRUE(loopback("http://127.0.0.1/"));
  EXPECT_TRUE(loopback("http://127.9.9.9:1/"));
  EXPECT_TRUE(loopback("http://[::1]/"));
  EXPECT_TRUE(loopback("http://localhost:8080/"));
  EXPECT_FALSE(loopback("http://127.example/"));
  EXPECT_FALSE(loopback("http://localhost.example/"));
  EXPECT_FALSE(loopback("http://192.0.2.1/"));
}

TEST(PercentTest, round_trips_every_byte) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) {
    all += static_cast<char>(byte);
  }
  EXPECT_EQ(percent_decoded(percent_encoded(all)), all);
  EXPECT_EQ(percent_encoded("a b/ä"), "a%20b%2F%C3%A4");
}

TEST(PercentTest, keeps_plus_and_refuses_broken_codes) {
  EXPECT_EQ(percent_decoded("a+b%2B"), "a+b+");
  EXPECT_EQ(percent_decoded("%"), std::nullopt);
  EXPECT_EQ(percent_decoded("%4"), std::nullopt);
  EXPECT_EQ(percent_decoded("%g0"), std::nullopt);
}

TEST(QueryTest, splits_and_joins) {
  const Parameters parameters{{"contenttype", "Audit.General"}, {"nextpage", "1$2"}, {"x", ""}};
  EXPECT_EQ(encoded(parameters), "contenttype=Audit.General&nextpage=1%242&x=");
  EXPECT_EQ(decoded_query("contenttype=Audit.General&nextpage=1$2&x"), parameters);
  EXPECT_EQ(decoded_query("a=%zz"), std::nullopt);
}

} // namespace
} // namespace sluice::http

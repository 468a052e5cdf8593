// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "relevance/cases/case_text.hpp"

namespace sluice::relevance {
namespace {

struct TextCase {
  std::string name;
  std::string (*normal)(std::string_view);
  std::string text;
  std::string expected;
};

auto id_text(std::string_view text) -> std::string {
  return normal_id(text).text();
}

class CaseText : public testing::TestWithParam<TextCase> {};

TEST_P(CaseText, is_made_normal) {
  const auto& [name, normal, text, expected] = GetParam();
  EXPECT_EQ(normal(text), expected);
}

constexpr auto guid = "aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb";

INSTANTIATE_TEST_SUITE_P(
    Table,
    CaseText,
    testing::Values(
        TextCase{"id_in_braces", id_text, " {AAAAAAAA-1111-4222-8333-BBBBBBBBBBBB} ", guid},
        TextCase{"id_as_it_should_be", id_text, guid, guid},
        TextCase{"id_with_a_capital_at_its_end", id_text, "0123456789abcdeF", "0123456789abcdef"},
        TextCase{"id_that_is_short", id_text, "{A 1}", "a1"},
        TextCase{"id_beyond_ascii", id_text, "{\xC3\x84-0123456789}", "\xC3\x84-0123456789"},
        TextCase{"id_with_much_to_drop", id_text, std::string(200, ' ') + guid, guid},
        TextCase{"id_of_zeros_is_none", id_text, "00000000-0000-0000-0000-000000000000", ""},
        TextCase{
            "id_that_is_too_long_is_cut", id_text, std::string(200, 'x'), std::string(128, 'x')},
        TextCase{"investigation_type_is_cut",
                 normal_investigation_id,
                 "urn:UrlVerdictChangeInvestigation:EF7F",
                 "urn:urlverdictchangeinvestig:ef7f"},
        TextCase{"investigation_type_that_is_cut_stays",
                 normal_investigation_id,
                 "urn:UrlVerdictChangeInvestig:ef7f",
                 "urn:urlverdictchangeinvestig:ef7f"},
        TextCase{"other_investigation_id", normal_investigation_id, "AB-12", "ab-12"},
        TextCase{
            "link_to_an_investigation",
            investigation_of_link,
            "https://security.microsoft.com/mtp-investigation/urn:SubmissionInvestigation:ab12",
            "urn:SubmissionInvestigation:ab12"},
        TextCase{"link_with_escapes_and_a_query",
                 investigation_of_link,
                 "https://security.microsoft.com/mtp-investigation/urn%3ASub%3aab12/?tid=1",
                 "urn:Sub:ab12"},
        TextCase{"link_to_something_else",
                 investigation_of_link,
                 "https://security.microsoft.com/alerts/urn",
                 ""},
        TextCase{"alert_in_a_path",
                 alert_of_link,
                 std::string{"https://security.microsoft.com/alerts/fa"} + guid,
                 guid},
        TextCase{"alert_in_a_path_without_letters",
                 alert_of_link,
                 std::string{"https://security.microsoft.com/alerts/"} + guid + "?x=1",
                 guid},
        TextCase{"alert_in_a_parameter",
                 alert_of_link,
                 std::string{"https://protection.office.com/viewalerts?a=1&id="} + guid,
                 guid},
        TextCase{"id_at_the_end_of_another_word_is_none",
                 alert_of_link,
                 std::string{"https://protection.office.com/x?tenantid="} + guid,
                 ""},
        TextCase{
            "name_with_a_zero_width_space", normal_name, "Removed after\u200b", "removed after"},
        TextCase{"name_with_blanks", normal_name, "  Two \u00a0 words\t", "two words"},
        TextCase{"name_in_capitals", normal_name, "\u00c9T\u00c9", "\u00e9t\u00e9"},
        TextCase{"status_with_a_plural", normal_status, "Pending Actions", "pendingaction"},
        TextCase{"status_in_other_words", normal_status, "No-threats found", "nothreatsfound"},
        TextCase{"address_in_brackets",
                 normal_address,
                 "Robin <Robin@Contoso.example>",
                 "robin@contoso.example"},
        TextCase{
            "address_alone", normal_address, " Robin@contoso.example ", "robin@contoso.example"}),
    [](const auto& row) { return row.param.name; });

TEST(Clipped, cuts_before_a_character) {
  EXPECT_EQ(clipped("a\u00e9b", 2), "a");
  EXPECT_EQ(clipped("abc", 3), "abc");
}

} // namespace
} // namespace sluice::relevance

// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/date_time.hpp"
#include "base/json_text.hpp"
#include "base/random.hpp"
#include "relevance/cases/fact_reader.hpp"

namespace sluice::relevance {
namespace {

/// Reads one record as the pipeline does.
class OneRecord final : public record::RecordSink {
public:
  explicit OneRecord(const std::string& json) {
    record::RecordScanner scanner{FactReader::fields(), {.window_bytes = 4096}};
    EXPECT_TRUE(scanner.feed(json, *this));
    EXPECT_TRUE(scanner.finish(*this));
  }
  auto on_record(const record::ScannedRecord& record) -> Result<> override {
    facts = reader_.read(record, "tenant");
    return {};
  }
  auto on_bad_record(const record::BadRecord&) -> Result<> override { return {}; }

  FactReader::Facts facts;

private:
  FactReader reader_;
};

auto investigation(const std::string& members) -> InvestigationFacts {
  const OneRecord read{
      R"({"Id":"r","RecordType":64,"InvestigationId":"urn:SubmissionInvestigation:AB","Status":"Running")" +
      members + "}"};
  EXPECT_TRUE(std::holds_alternative<InvestigationFacts>(read.facts));
  return std::get<InvestigationFacts>(read.facts);
}

auto alert(const std::string& members) -> AlertFacts {
  const OneRecord read{
      R"({"Id":"r","RecordType":40,"AlertId":"{ALERT}","Operation":"AlertEntityGenerated")" +
      members + "}"};
  EXPECT_TRUE(std::holds_alternative<AlertFacts>(read.facts));
  return std::get<AlertFacts>(read.facts);
}

auto with_data(std::string_view data) -> std::string {
  return R"(,"Data":)" + json_quoted(data);
}

TEST(FactReader, passes_over_records_that_cases_are_not_made_of) {
  for (const auto* json : {R"({"Id":"r","RecordType":15})",
                           R"({"RecordType":40,"AlertId":"a"})",
                           R"({"Id":"r","RecordType":40})",
                           R"({"Id":"r","RecordType":64,"InvestigationId":""})",
                           R"({"Id":"r"})"}) {
    EXPECT_TRUE(std::holds_alternative<std::monostate>(OneRecord{json}.facts)) << json;
  }
}

TEST(FactReader, takes_numbers_that_are_texts) {
  const OneRecord read{R"({"Id":"r","RecordType":"86","InvestigationId":"i","RunningTime":"312"})"};
  ASSERT_TRUE(std::holds_alternative<InvestigationFacts>(read.facts));
  EXPECT_EQ(std::get<InvestigationFacts>(read.facts).head.running, 312);
}

TEST(FactReader, the_tenant_stands_in_for_a_missing_organization) {
  EXPECT_EQ(alert("").organization, "tenant");
  EXPECT_EQ(alert(R"(,"OrganizationId":"{O-1}")").organization, "o-1");
}

TEST(FactReader, the_year_one_is_no_time) {
  const auto facts = investigation(
      R"(,"EndTimeUtc":"0001-01-01T00:00:00","StartTimeUtc":"2026-07-01T10:00:00.1230000Z")");
  EXPECT_EQ(facts.head.end, 0);
  EXPECT_EQ(facts.head.start, parse_iso8601("2026-07-01T10:00:00.123Z")->since_year_one.count());
}

TEST(FactReader, times_come_in_several_forms) {
  const auto expected = parse_iso8601("2024-10-31T16:24:41Z")->since_year_one.count();
  for (const auto* text : {"2024-10-31T16:24:41",
                           "2024-10-31T16:24:41Z",
                           "2024-10-31 16:24:41Z",
                           "2024-10-31T16:24:41.0000000Z",
                           "10/31/2024 4:24:41 PM"}) {
    EXPECT_EQ(ticks_of(text), expected) << text;
  }
  for (const auto* text : {"", "yesterday", "0001-01-01T00:00:00", "2024-13-01T00:00:00"}) {
    EXPECT_EQ(ticks_of(text), 0) << text;
  }
}

TEST(FactReader, of_a_key_that_stands_twice_in_data_the_last_one_counts) {
  const auto facts = investigation(with_data(
      R"({"ProviderAlertId":"one","Entities":[{"Type":"mailCluster","QueryTime":"2026-07-01T10:00:00Z",)"
      R"("QueryTime":"7/1/2026 10:00:00 AM"},{"Type":"mailbox","Upn":"Robin@contoso.example"}],)"
      R"("ProviderAlertId":"two"})"));
  EXPECT_EQ(facts.data.alert, "two");
  EXPECT_EQ(facts.data.reporters, ReusedSet<std::string>{"robin@contoso.example"});
}

TEST(FactReader, back_references_lead_to_their_objects) {
  const auto facts = investigation(with_data(
      R"({"$id":"1","Extra":[{"$id":"6","Type":"mailMessage","Subject":"Parcel","NetworkMessageId":"N1"},)"
      R"({"$id":"7","Type":"url","Url":"https://example.com/a"}],)"
      R"("Entities":[{"$ref":"6"},{"$ref":"7"},{"$ref":"99"}]})"));
  EXPECT_EQ(facts.data.subject, "Parcel");
  EXPECT_EQ(facts.data.urls, ReusedSet<std::string>{"https://example.com/a"});
}

TEST(FactReader, references_that_run_in_a_circle_end) {
  const auto facts = investigation(
      with_data(R"({"Entities":[{"$ref":"1"}],"Loop":{"$id":"1","$ref":"1","Type":"mailbox"}})"));
  EXPECT_TRUE(facts.has_data);
}

/// Writes Data with the keys that count and some that do not, in all kinds of values.
class DataWriter {
public:
  explicit DataWriter(std::uint64_t seed) : random_{seed} {}

  auto data() -> std::string {
    std::string entities;
    for (auto left = random_.below(4); left > 0; --left) {
      entities += object(2) + ',';
    }
    return fmt::format(R"({{"Entities":[{}{{}}],"More":{}}})", entities, object(1));
  }

private:
  auto any(const auto& of) -> std::string { return std::string{of[random_.below(of.size())]}; }

  auto object(std::uint64_t depth) -> std::string {
    constexpr std::array keys{"ProviderAlertId",
                              "AlertDisplayName",
                              "ProcessingEndTime",
                              "ExtendedLinks",
                              "Entities",
                              "Entities",
                              "Type",
                              "Type",
                              "Upn",
                              "Url",
                              "Urls",
                              "Files",
                              "Name",
                              "FileHashes",
                              "Subject",
                              "NetworkMessageId",
                              "InternetMessageId",
                              "$id",
                              "$ref",
                              "Href",
                              "Other"};
    constexpr std::array types{"mailMessage", "mailbox", "url", "file", "ip"};
    std::string members;
    for (auto left = random_.below(8); left > 0; --left) {
      members += fmt::format(R"("{}":{},)", any(keys), value(depth));
    }
    return fmt::format(R"({{{}"Type":"{}"}})", members, any(types));
  }
  auto value(std::uint64_t depth) -> std::string {
    constexpr std::array scalars{R"("mailMessage")",
                                 R"("mailbox")",
                                 R"("url")",
                                 R"("file")",
                                 R"("1")",
                                 R"("A-{1}")",
                                 R"("a \"b\" \\ c")",
                                 R"("caf\u00e9")",
                                 R"("\ud83d")",
                                 R"("https:\/\/x")",
                                 R"("a\nb")",
                                 R"("2026-07-01T10:00:00Z")",
                                 "7",
                                 "1.50",
                                 "null",
                                 "true",
                                 "01"};
    const auto kind = random_.below(depth == 0 ? 4 : 10);
    if (kind < 4) {
      // The last one is no JSON, and spoils all of it.
      return scalars[random_.below(random_.below(40) == 0 ? scalars.size() : scalars.size() - 1)];
    }
    std::string items;
    for (auto left = random_.below(4); left > 0; --left) {
      items += value(depth - 1) + (left == 1 ? "" : ",");
    }
    return kind < 7 ? object(depth - 1) : '[' + items + ']';
  }

  Random random_;
};

/// A string in which every character is written as an escape that no service writes.
auto strangely_quoted(std::string_view text) -> std::string {
  std::string quoted;
  for (const char c : text) {
    quoted += c == '"' || c == '\\' ? fmt::format("\\u{:04x}", static_cast<unsigned char>(c))
                                    : std::string(1, c);
  }
  return '"' + quoted + '"';
}

TEST(FactReader, data_says_the_same_however_its_quotes_are_written) {
  DataWriter writer{11};
  std::size_t with_message = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto data = writer.data();
    const auto usual = investigation(with_data(data));
    const auto strange = investigation(R"(,"Data":)" + strangely_quoted(data));
    ASSERT_EQ(usual.data_unreadable, strange.data_unreadable) << data;
    ASSERT_EQ(usual.data, strange.data) << data;
    ASSERT_EQ(usual.linked_alerts, strange.linked_alerts) << data;
    ASSERT_EQ(usual.stamp, strange.stamp) << data;
    with_message += usual.data.subject.empty() ? 0 : 1;
  }
  EXPECT_GT(with_message, 10U);
}

struct DataCase {
  const char* name;
  std::string member;
  bool has_data;
  bool unreadable;
};

class DataForms : public testing::TestWithParam<DataCase> {};

TEST_P(DataForms, are_told_apart) {
  const auto& [name, member, has_data, unreadable] = GetParam();
  const auto facts = investigation(member);
  EXPECT_EQ(facts.has_data, has_data);
  EXPECT_EQ(facts.data_unreadable, unreadable);
  if (has_data) {
    EXPECT_EQ(facts.data.alert, "a1");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    DataForms,
    testing::Values(DataCase{"absent", "", false, false},
                    DataCase{"null", R"(,"Data":null)", false, false},
                    DataCase{"empty", R"(,"Data":"")", false, false},
                    DataCase{"blank", R"(,"Data":"  ")", false, false},
                    DataCase{"text", with_data(R"({"ProviderAlertId":"A1"})"), true, false},
                    DataCase{"object", R"(,"Data":{"ProviderAlertId":"A1"})", true, false},
                    DataCase{"half_a_surrogate_pair",
                             with_data(R"({"ProviderAlertId":"A1","AlertDisplayName":"\ud83d"})"),
                             true,
                             false},
                    DataCase{"no_json", with_data("Message is too long"), false, true},
                    DataCase{"cut_short", with_data(R"({"ProviderAlertId":"A1")"), false, true},
                    DataCase{"array", with_data("[1]"), false, true},
                    DataCase{"number", R"(,"Data":7)", false, true}),
    [](const auto& row) { return std::string{row.param.name}; });

struct ActionsCase {
  const char* name;
  std::string member;
  std::size_t actions;
  bool unreadable;
};

class ActionsForms : public testing::TestWithParam<ActionsCase> {};

TEST_P(ActionsForms, are_told_apart) {
  const auto& [name, member, actions, unreadable] = GetParam();
  const auto facts = investigation(member);
  ASSERT_EQ(facts.actions.size(), actions);
  EXPECT_EQ(facts.actions_unreadable, unreadable);
  if (actions > 0) {
    EXPECT_EQ(facts.actions[0].status, "Pending");
    EXPECT_EQ(facts.related_alerts, (ReusedSet<std::string>{"a1", "a2"}));
  }
}

TEST(FactReader, says_when_a_list_is_longer_than_what_counts) {
  const auto actions = [](std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) {
      list += fmt::format(R"({}{{"ActionId":"{}"}})", i == 0 ? "" : ",", i);
    }
    return investigation(fmt::format(R"(,"Actions":[{}])", list));
  };
  EXPECT_EQ(actions(64).actions.size(), 64U);
  EXPECT_FALSE(actions(64).cut_short);
  EXPECT_EQ(actions(200).actions.size(), 64U);
  EXPECT_TRUE(actions(200).cut_short);
}

constexpr auto action = R"({"ActionStatus":"Pending","RelatedAlertIds":["A1","A2"],"X":1,"X":2})";

INSTANTIATE_TEST_SUITE_P(
    Table,
    ActionsForms,
    testing::Values(
        ActionsCase{"absent", "", 0, false},
        ActionsCase{"null", R"(,"Actions":null)", 0, false},
        ActionsCase{"empty", R"(,"Actions":[])", 0, false},
        ActionsCase{"texts", fmt::format(R"(,"Actions":[{}])", json_quoted(action)), 1, false},
        ActionsCase{"objects", fmt::format(R"(,"Actions":[{}])", action), 1, false},
        ActionsCase{"one_text_of_all",
                    fmt::format(R"(,"Actions":{})", json_quoted(fmt::format("[{}]", action))),
                    1,
                    false},
        ActionsCase{"one_of_them_is_nonsense",
                    fmt::format(R"(,"Actions":["nonsense",{}])", json_quoted(action)),
                    1,
                    true},
        ActionsCase{"nonsense", R"(,"Actions":"nonsense")", 0, true}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(FactReader, data_of_a_mebibyte_is_read_and_what_is_kept_of_it_is_small) {
  std::string entities;
  while (entities.size() < 1'100'000) {
    entities += fmt::format(R"({{"Type":"url","Url":"https://example.com/{}"}},)", entities.size());
  }
  const auto facts = investigation(
      with_data(fmt::format(R"({{"Entities":[{}{{"Type":"mailbox","Upn":"r@contoso.example"}}],)"
                            R"("ProviderAlertId":"a1","AlertDisplayName":"{}"}})",
                            entities,
                            std::string(100'000, 'n'))));
  EXPECT_EQ(facts.data.alert, "a1");
  EXPECT_EQ(facts.data.urls.size(), 64U);
  EXPECT_EQ(facts.data.alert_name.size(), 2048U);
}

TEST(FactReader, an_alert_names_its_report_and_its_investigation) {
  const auto facts = alert(
      R"(,"AlertEntityId":"robin@contoso.example","EntityType":"User")" +
      with_data(
          R"({"etps":"KesMailId:1;RescanVerdict:Phish;SubmissionId:S1;OriginalVerdict:Allow",)"
          R"("aii":"N1","imsgid":"<m@example.com>","ms":"Parcel","sip":null,"cid":"{P1}",)"
          R"("ail":"https://security.microsoft.com/mtp-investigation/urn:X:ab"})"));
  EXPECT_EQ(facts.alert, "alert");
  EXPECT_EQ(facts.entity.reporter, "robin@contoso.example");
  EXPECT_EQ(facts.entity.submission, "s1");
  EXPECT_EQ(facts.entity.rescan_verdict, "Phish");
  EXPECT_EQ(facts.entity.network_message_id, "n1");
  EXPECT_EQ(facts.entity.sender_ip, "");
  EXPECT_EQ(facts.data_policy, "p1");
  EXPECT_EQ(facts.investigation, "urn:X:ab");
}

} // namespace
} // namespace sluice::relevance

// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "kql/compile.hpp"

namespace sluice::kql {
namespace {

constexpr DateTime test_now{Ticks{639'000'000'000'000'000}};

/// The columns that the alert pipeline's own queries name.
class AuditCatalog final : public Catalog {
public:
  AuditCatalog() {
    for (const std::string name : {"Name",
                                   "Severity",
                                   "InvestigationType",
                                   "InvestigationName",
                                   "InvestigationId",
                                   "CreationTime",
                                   "StartTimeUtc",
                                   "LastUpdateTimeUtc",
                                   "EndTimeUtc",
                                   "Operation",
                                   "ResultStatus",
                                   "UserKey",
                                   "ObjectId",
                                   "Data",
                                   "Actions",
                                   "Source",
                                   "Comments",
                                   "Status"}) {
      const auto type = name.find("Time") != std::string::npos ? Type::datetime
                        : name == "Actions"                    ? Type::dynamic
                                                               : Type::string;
      schema_.columns.push_back({name, type});
    }
    schema_.columns.push_back({"RecordType", Type::int64});
    schema_.columns.push_back({"_IngestionTime", Type::datetime, true});
  }
  [[nodiscard]] auto table(std::string_view name) const -> const Schema* override {
    return name == "AuditRecords" ? &schema_ : nullptr;
  }
  [[nodiscard]] auto table_names() const -> std::vector<std::string> override {
    return {"AuditRecords"};
  }

private:
  Schema schema_;
};

auto compile(std::string_view text) {
  return compile_query(text, AuditCatalog{}, {.now = test_now});
}

auto messages(std::string_view text) -> std::string {
  const auto plan = compile(text);
  return plan ? "" : render(plan.error(), text, "");
}

TEST(Compile, a_table_is_read_in_the_columns_that_are_asked_for) {
  const auto plan =
      compile("AuditRecords | where RecordType == 40 | summarize n = count() by Name");
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(print_plan(*plan),
            "summarize n = count() by Name\n"
            "  filter ==(RecordType, 40)\n"
            "    project Name, RecordType\n"
            "      scan AuditRecords\n");
}

TEST(Compile, the_reference_query_compiles_and_keeps_its_columns_in_order) {
  const auto plan = compile(R"(AuditRecords
    | extend IngestionTime=ingestion_time()
    | order by IngestionTime desc
    | project Name,Severity,InvestigationType,InvestigationName,InvestigationId,CreationTime,StartTimeUtc,LastUpdateTimeUtc,EndTimeUtc,Operation,ResultStatus,UserKey,ObjectId,Data,Actions,Source,Comments,Status)");
  ASSERT_TRUE(plan.has_value());
  ASSERT_EQ(plan->output.columns.size(), 18U);
  EXPECT_EQ(plan->output.columns[5], (Column{"CreationTime", Type::datetime}));
  EXPECT_EQ(plan->output.columns[14], (Column{"Actions", Type::dynamic}));
}

TEST(Compile, a_hidden_column_never_reaches_the_result) {
  const auto plan = compile("AuditRecords | where ingestion_time() > ago(1d)");
  ASSERT_TRUE(plan.has_value());
  EXPECT_FALSE(plan->output.hidden().has_value());
}

struct NamesCase {
  std::string_view about;
  std::string_view query;
  std::string_view schema;
};

class ColumnsOf : public testing::TestWithParam<NamesCase> {};

TEST_P(ColumnsOf, a_query_are_named_and_typed_by_the_language) {
  const auto plan = compile(GetParam().query);
  ASSERT_TRUE(plan.has_value()) << messages(GetParam().query);
  EXPECT_EQ(to_text(plan->output), GetParam().schema);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    ColumnsOf,
    testing::Values(
        NamesCase{"aggregates",
                  "AuditRecords | summarize count(), max(RecordType), dcount(Name) by Severity",
                  "(Severity:string, count_:long, max_RecordType:long, dcount_Name:long)"},
        NamesCase{"aggregate_of_expression",
                  "AuditRecords | summarize sum(RecordType + 1)",
                  "(sum_:long)"},
        NamesCase{"conversions_keep_names",
                  "AuditRecords | summarize count() by bin(CreationTime, 1h)",
                  "(CreationTime:datetime, count_:long)"},
        NamesCase{"paths",
                  "AuditRecords | project Actions.a, Actions[0], tolower(Name)",
                  "(Actions_a:dynamic, Actions_0:dynamic, Column1:string)"},
        NamesCase{"print", "print 1, x = 2.5, \"a\"", "(print_0:long, x:real, print_2:string)"},
        NamesCase{"arg_max",
                  "AuditRecords | project Name, RecordType, Status | summarize arg_max(RecordType, "
                  "*) by Name",
                  "(Name:string, RecordType:long, Status:string)"},
        NamesCase{"count_operator", "AuditRecords | count", "(Count:long)"},
        NamesCase{"nested_aggregate",
                  "AuditRecords | summarize a = round(avg(RecordType), 1)",
                  "(a:real)"},
        NamesCase{"reorder",
                  "AuditRecords | project Name, Status, Source | project-reorder S* asc",
                  "(Source:string, Status:string, Name:string)"},
        NamesCase{"rename_away_keep",
                  "AuditRecords | project-rename N = Name | project-keep N, S*, Status | "
                  "project-away Se*",
                  "(N:string, StartTimeUtc:datetime, Source:string, Status:string)"},
        NamesCase{"let_scalar_and_table",
                  "let n = 3; let T = AuditRecords | take n; T | project x = n",
                  "(x:long)"},
        NamesCase{
            "types",
            "print a = 1 / 2, b = 1 / 2.0, c = now() - ago(1d), d = 1d / 1h, e = iff(true, 1, 2.0)",
            "(a:long, b:real, c:timespan, d:real, e:real)"}),
    [](const auto& c) { return std::string{c.param.about}; });

struct RefusalCase {
  std::string_view about;
  std::string_view query;
  std::string_view message;
};

class Mistakes : public testing::TestWithParam<RefusalCase> {};

TEST_P(Mistakes, are_reported_with_their_place) {
  EXPECT_EQ(messages(GetParam().query), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    Mistakes,
    testing::Values(
        RefusalCase{"unknown_column",
                    "AuditRecords | where Severty == \"High\"",
                    "1:22: KS142: unknown column `Severty`\n"
                    "  AuditRecords | where Severty == \"High\"\n"
                    "                       ^~~~~~~\n"
                    "  did you mean `Severity`?\n"},
        RefusalCase{"fork_by_name",
                    "AuditRecords | fork (count) (take 1)",
                    "1:16: SL001: `fork` is not supported yet\n"
                    "  AuditRecords | fork (count) (take 1)\n"
                    "                 ^~~~\n"},
        RefusalCase{"several_at_once",
                    "AuditRecords | where | take -1\n| shake Actions",
                    "1:22: KS006: expected an expression, found `|`\n"
                    "  AuditRecords | where | take -1\n"
                    "                       ^\n"
                    "2:3: KS176: there is no operator `shake`\n"
                    "  | shake Actions\n"
                    "    ^~~~~\n"},
        RefusalCase{"timespan_and_guid",
                    "print 1h + guid(null)",
                    "1:10: KS106: `+` cannot take (timespan, guid)\n"
                    "  print 1h + guid(null)\n"
                    "           ^\n"
                    "  it takes number, number -> wider; decimal, decimal -> decimal; datetime, "
                    "timespan -> datetime; timespan, datetime -> datetime; timespan, timespan -> "
                    "timespan\n"}),
    [](const auto& c) { return std::string{c.param.about}; });

TEST(Compile, ingestion_time_is_refused_once_the_rows_are_no_table_rows) {
  EXPECT_NE(messages("AuditRecords | project Name | extend t = ingestion_time()")
                .find("there is no ingestion time here"),
            std::string::npos);
}

TEST(Compile, what_the_binder_of_the_language_refuses_is_refused) {
  for (const std::string_view query : {"AuditRecords | sort by Actions",
                                       "AuditRecords | summarize count() by Actions",
                                       "AuditRecords | where Actions.flag",
                                       "AuditRecords | where count() > 1",
                                       "AuditRecords | summarize sum(Actions.x)",
                                       "AuditRecords | extend a = 1, a = 2",
                                       "print not 1",
                                       "print \"a\" < \"b\"",
                                       "print ago(7)",
                                       "Unknown | take 1",
                                       "print \"x\" matches regex \"(\"",
                                       "AuditRecords | where RecordType has \"4\""}) {
    EXPECT_FALSE(compile(query).has_value()) << query;
  }
}

TEST(Compile, hostile_depth_and_length_end_in_a_diagnostic) {
  const std::string deep(100'000, '(');
  EXPECT_FALSE(compile("print " + deep).has_value());
  EXPECT_FALSE(compile(deep).has_value());
  std::string minus = "print ";
  for (int i = 0; i < 100'000; ++i) {
    minus += "-(";
  }
  EXPECT_FALSE(compile(minus).has_value());
  std::string sum = "print 1";
  for (int i = 0; i < 100'000; ++i) {
    sum += "+1";
  }
  EXPECT_FALSE(compile(sum).has_value());
  std::string steps = "print 1";
  for (int i = 0; i < 5'000; ++i) {
    steps += "|take 1";
  }
  EXPECT_FALSE(compile(steps).has_value());
  EXPECT_FALSE(compile(std::string(2'000'000, 'x')).has_value());
}

} // namespace
} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <map>

#include <gmock/gmock.h>

#include "pipeline/collect.hpp"
#include "pipeline/deliver.hpp"
#include "pipeline/small_installation.hpp"

namespace sluice::pipeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// What a destination has, and what is to go wrong with it.
struct Shelf {
  std::string identity = "first";
  std::map<std::string, std::vector<std::string>> contents;
  std::vector<std::string> cases = {};
  /// Names and contents of the groups that came, failed ones too.
  std::vector<std::pair<std::string, std::vector<std::string>>> groups = {};
  std::string refused = {}; ///< A content that it never takes.
  int failing_flushes = 0;
  int failing_opens = 0;
  bool failing_cases = false;

  [[nodiscard]] auto records() const -> std::vector<std::string> {
    std::vector<std::string> all;
    for (const auto& [content, records] : contents) {
      all.insert(all.end(), records.begin(), records.end());
    }
    return all;
  }
};

class ShelfDestination final : public destination::Destination {
public:
  explicit ShelfDestination(Shelf& shelf) : shelf_{shelf} {}

  [[nodiscard]] auto name() const -> std::string_view override { return "shelf"; }
  [[nodiscard]] auto identity() const -> std::string override { return shelf_.identity; }
  void begin(std::string_view group) override { shelf_.groups.push_back({std::string{group}, {}}); }
  [[nodiscard]] auto deliver(const destination::Batch& batch) -> Result<> override {
    shelf_.groups.back().second.emplace_back(batch.content);
    taken_[std::string{batch.content}].assign(batch.records.begin(), batch.records.end());
    return {};
  }
  [[nodiscard]] auto deliver_cases(const destination::CaseBatch& batch) -> Result<> override {
    if (shelf_.failing_cases) {
      return Error{ErrorKind::forbidden, "the shelf takes no cases today"};
    }
    for (const auto& told : batch.cases) {
      shelf_.cases.push_back(fmt::format("{}/{}", told.case_id, told.version));
    }
    return {};
  }
  [[nodiscard]] auto flush() -> Result<destination::Delivery> override {
    if (shelf_.failing_flushes > 0) {
      --shelf_.failing_flushes;
      return Error{ErrorKind::unavailable, "the shelf is locked"};
    }
    destination::Delivery delivery;
    const auto& order = shelf_.groups.back().second;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (order[i] == shelf_.refused) {
        delivery.refused.push_back({i, Error{ErrorKind::invalid_input, "not on this shelf"}});
      } else {
        shelf_.contents[order[i]] = std::move(taken_[order[i]]);
      }
    }
    taken_.clear();
    return delivery;
  }

private:
  Shelf& shelf_;
  std::map<std::string, std::vector<std::string>> taken_;
};

class CollectDeliverTest : public testing::Test {
protected:
  void SetUp() override { bell_.close(); }

  void add(std::string id, std::initializer_list<std::string> records) {
    place_.service.contents.push_back({.id = std::move(id),
                                       .created = clock_.now() - Ticks{std::chrono::hours{1}},
                                       .body = fmt::format("[{}]", fmt::join(records, ","))});
  }

  /// Enters all contents of the service in the ledger, as discover does.
  void enter_all() {
    std::vector<ledger::ListedContent> entries;
    for (const auto& content : place_.service.contents) {
      entries.push_back(
          {content.id, content.created, content.created + Ticks{std::chrono::hours{24}}});
    }
    ASSERT_TRUE(place_.ledger->enter({.feed = SmallInstallation::general,
                                      .entries = entries,
                                      .listed_at = clock_.now(),
                                      .complete_until = {}}));
  }

  auto collect() -> Result<> {
    Collect::Options options;
    options.parallel_retrievals = 4;
    options.retry = {.first_wait = std::chrono::milliseconds{1},
                     .longest_wait = std::chrono::milliseconds{2},
                     .most_malformed_retries = 2};
    Collect stage{place_.tenants,
                  *place_.ledger,
                  *place_.archive,
                  place_.rules,
                  options,
                  clock_,
                  place_.progress};
    Doorbell downstream;
    auto result = stage.run(bell_, downstream, {});
    EXPECT_TRUE(downstream.closed());
    return result;
  }

  auto deliver() -> Result<> {
    ManualClock no_waiting{clock_.now()};
    Deliver stage{slots_, *place_.ledger, *place_.archive, {}, no_waiting, place_.progress};
    Doorbell downstream;
    return stage.run(bell_, downstream, {});
  }

  SystemClock clock_;
  SmallInstallation place_{clock_};
  Shelf shelf_;
  std::vector<DestinationSlot> slots_{
      {"shelf",
       [this](const std::stop_token&) -> Result<std::unique_ptr<destination::Destination>> {
         if (shelf_.failing_opens > 0) {
           --shelf_.failing_opens;
           return Error{ErrorKind::unavailable, "somebody else uses the shelf"};
         }
         return std::make_unique<ShelfDestination>(shelf_);
       },
       /*group=*/2}};
  Doorbell bell_;
};

TEST_F(CollectDeliverTest, brings_cases_in_the_order_in_which_they_were_told) {
  const std::vector<ledger::NewCase> told{{"o", "case-b", "{}"}, {"o", "case-a", "{}"}};
  ASSERT_TRUE(place_.ledger->record_correlated(
      {.contents = {}, .state = {}, .cases = told, .findings = {}}, clock_.now()));
  ASSERT_TRUE(deliver());
  ASSERT_TRUE(place_.ledger->record_correlated(
      {.contents = {}, .state = {}, .cases = {&told[0], 1}, .findings = {}}, clock_.now()));
  ASSERT_TRUE(deliver());
  ASSERT_TRUE(deliver());
  EXPECT_THAT(shelf_.cases, testing::ElementsAre("case-b/1", "case-a/1", "case-b/2"));
}

TEST_F(CollectDeliverTest, brings_every_relevant_record_once_and_byte_for_byte) {
  add("c1", {alert("a"), noise("n"), alert("b")});
  add("c2", {alert("b"), alert("c"), alert("c")});
  add("c3", {noise("m")});
  add("c4", {alert("d")});
  enter_all();
  ASSERT_TRUE(collect());
  ASSERT_TRUE(deliver());
  EXPECT_THAT(shelf_.records(),
              UnorderedElementsAre(alert("a"), alert("b"), alert("c"), alert("d")));
  const auto account = place_.account();
  EXPECT_EQ(account.delivered, 4U);
  EXPECT_EQ(account.in_flight(), 0U);
  EXPECT_EQ(account.records, (ledger::RecordCounts{8, 4, 2, 2, 0}));
}

TEST_F(CollectDeliverTest, a_second_run_does_nothing) {
  add("c1", {alert("a")});
  enter_all();
  ASSERT_TRUE(collect());
  ASSERT_TRUE(deliver());
  enter_all();
  ASSERT_TRUE(collect());
  ASSERT_TRUE(deliver());
  EXPECT_THAT(shelf_.records(), ElementsAre(alert("a")));
  EXPECT_EQ(place_.service.count("audit/c1"), 1);
}

TEST_F(CollectDeliverTest, many_contents_at_once) {
  std::vector<std::string> expected;
  for (int i = 0; i < 300; ++i) {
    const auto id = fmt::format("r{}", i);
    add(fmt::format("c{}", i), {alert(id), noise("n"), alert(fmt::format("r{}", (i + 1) % 300))});
    expected.push_back(alert(id));
  }
  enter_all();
  ASSERT_TRUE(collect());
  ASSERT_TRUE(deliver());
  EXPECT_THAT(shelf_.records(), testing::UnorderedElementsAreArray(expected));
}

TEST_F(CollectDeliverTest, contents_that_come_faster_than_they_are_worked_on_come_few_at_once) {
  auto& tenant = place_.tenants.front();
  tenant = std::make_unique<TenantFeed>(
      "contoso", tenant->types, tenant->connection, /*parallel=*/4, /*busy=*/2);
  const auto add_ten = [&](std::string_view name) {
    for (int i = 0; i < 10; ++i) {
      add(fmt::format("{}-{}", name, i), {noise(fmt::format("{}-{}", name, i))});
    }
    enter_all();
  };
  add_ten("slow");
  ASSERT_TRUE(collect());
  EXPECT_EQ(tenant->concurrency.allowed(), 4);
  place_.service.comes_fast = true;
  add_ten("fast");
  ASSERT_TRUE(collect());
  EXPECT_EQ(tenant->concurrency.allowed(), 2);
}

TEST_F(CollectDeliverTest, what_failed_is_tried_again) {
  add("c1", {alert("a")});
  enter_all();
  std::atomic<int> failures{3};
  place_.service.interfere = [&](const std::string&) -> std::optional<http::Response> {
    return failures-- > 0 ? std::optional{http::Response{{503, {}}, ""}} : std::nullopt;
  };
  ASSERT_TRUE(collect());
  ASSERT_TRUE(deliver());
  EXPECT_THAT(shelf_.records(), ElementsAre(alert("a")));
  EXPECT_EQ(place_.progress.failures, 3U);
}

TEST_F(CollectDeliverTest, content_that_the_service_no_longer_has_is_counted_as_lost) {
  add("c1", {alert("a")});
  add("c2", {alert("b")});
  enter_all();
  place_.service.interfere = [](const std::string& url) -> std::optional<http::Response> {
    return url.find("audit/c1") == url.npos
               ? std::nullopt
               : std::optional{http::Response{
                     {400, {}}, R"({"error":{"code":"AF20051","message":"expired"}})"}};
  };
  ASSERT_TRUE(collect());
  EXPECT_EQ(place_.account().expired, 1U);
  EXPECT_EQ(place_.account().collected, 1U);
}

TEST_F(CollectDeliverTest, nonsense_is_set_aside_after_a_few_attempts_and_the_rest_goes_on) {
  add("c1", {alert("a")});
  add("c2", {alert("b")});
  enter_all();
  place_.service.contents[0].body = R"([{"Id":"a","RecordType":40)";
  ASSERT_TRUE(collect());
  ASSERT_TRUE(deliver());
  EXPECT_EQ(place_.account().quarantined, 1U);
  EXPECT_EQ(place_.service.count("audit/c1"), 3);
  EXPECT_THAT(shelf_.records(), ElementsAre(alert("b")));
}

TEST_F(CollectDeliverTest, a_replay_reads_the_archive_and_not_the_service) {
  add("c1", {alert("a")});
  enter_all();
  ASSERT_TRUE(collect());
  ASSERT_TRUE(place_.ledger->request_replay(std::nullopt));
  place_.service.contents.clear();
  ASSERT_TRUE(collect());
  ASSERT_TRUE(deliver());
  EXPECT_THAT(shelf_.records(), ElementsAre(alert("a")));
  EXPECT_EQ(place_.service.count("audit/c1"), 1);
}

TEST_F(CollectDeliverTest, a_destination_that_is_another_one_than_last_time_gets_everything_again) {
  add("c1", {alert("a")});
  add("c2", {alert("b")});
  enter_all();
  ASSERT_TRUE(collect());
  ASSERT_TRUE(deliver());
  shelf_ = {.identity = "second", .contents = {}};
  ASSERT_TRUE(deliver());
  EXPECT_THAT(shelf_.records(), UnorderedElementsAre(alert("a"), alert("b")));
  EXPECT_EQ(place_.account().delivered, 2U);
}

TEST_F(CollectDeliverTest, a_destination_that_fails_once_has_everything_in_the_end) {
  add("c1", {alert("a")});
  add("c2", {alert("b")});
  add("c3", {alert("c")});
  enter_all();
  ASSERT_TRUE(collect());
  shelf_.failing_flushes = 1;
  shelf_.failing_opens = 1;
  ASSERT_TRUE(deliver());
  EXPECT_THAT(shelf_.records(), UnorderedElementsAre(alert("a"), alert("b"), alert("c")));
}

TEST_F(CollectDeliverTest, a_named_group_comes_again_as_it_was_whatever_came_meanwhile) {
  slots_.front().named_groups = true;
  for (const auto* id : {"c1", "c2", "c3"}) {
    add(id, {alert(id)});
  }
  enter_all();
  ASSERT_TRUE(collect());
  shelf_.failing_flushes = 1'000'000;
  ASSERT_FALSE(deliver());
  const auto first = shelf_.groups.front();
  add("c0", {alert("c0")});
  place_.service.contents.back().created = clock_.now() - Ticks{std::chrono::hours{2}};
  enter_all();
  ASSERT_TRUE(collect());
  shelf_.failing_flushes = 0;
  shelf_.groups.clear();
  ASSERT_TRUE(deliver());
  ASSERT_EQ(shelf_.groups.size(), 2U);
  EXPECT_EQ(shelf_.groups.front(), first);
  EXPECT_THAT(shelf_.groups.back().second, ElementsAre("Audit.General/c0", "Audit.General/c3"));
}

TEST_F(CollectDeliverTest, a_named_group_of_cases_comes_again_as_it_was) {
  slots_.front().named_groups = true;
  const std::vector<ledger::NewCase> told{{"o", "case-a", "{}"}, {"o", "case-b", "{}"}};
  const auto tell = [&](std::size_t which) {
    return place_.ledger->record_correlated(
        {.contents = {}, .state = {}, .cases = {&told[which], 1}, .findings = {}}, clock_.now());
  };
  ASSERT_TRUE(tell(0));
  shelf_.failing_cases = true;
  ASSERT_FALSE(deliver());
  ASSERT_TRUE(tell(1));
  shelf_.failing_cases = false;
  ASSERT_TRUE(deliver());
  EXPECT_THAT(shelf_.cases, ElementsAre("case-a/1", "case-b/1"));
  ASSERT_EQ(shelf_.groups.size(), 3U);
  EXPECT_EQ(shelf_.groups[0].first, shelf_.groups[1].first);
}

TEST_F(CollectDeliverTest, what_a_destination_will_never_take_is_quarantined_and_the_rest_goes_on) {
  add("c1", {alert("a")});
  add("c2", {alert("b")});
  enter_all();
  ASSERT_TRUE(collect());
  shelf_.refused = "Audit.General/c1";
  ASSERT_TRUE(deliver());
  EXPECT_THAT(shelf_.records(), ElementsAre(alert("b")));
  EXPECT_EQ(place_.account().quarantined, 1U);
  EXPECT_EQ(place_.account().delivered, 1U);
  EXPECT_EQ(place_.progress.records_delivered, 1U);
}

TEST_F(CollectDeliverTest, a_destination_that_stays_away_ends_a_run_and_loses_nothing) {
  add("c1", {alert("a")});
  enter_all();
  ASSERT_TRUE(collect());
  shelf_.failing_opens = 1'000'000;
  EXPECT_EQ(deliver().error().kind(), ErrorKind::unavailable);
  EXPECT_THAT(shelf_.records(), IsEmpty());
  EXPECT_EQ(place_.account().collected, 1U);
  shelf_.failing_opens = 0;
  ASSERT_TRUE(deliver());
  EXPECT_THAT(shelf_.records(), ElementsAre(alert("a")));
}

TEST_F(CollectDeliverTest, a_destination_that_refuses_holds_up_no_other) {
  Shelf other;
  slots_.insert(slots_.begin(),
                {"forbidden",
                 [](const std::stop_token&) -> Result<std::unique_ptr<destination::Destination>> {
                   return Error{ErrorKind::forbidden, "no entry"};
                 }});
  slots_.push_back(
      {"other",
       [&other](const std::stop_token&) -> Result<std::unique_ptr<destination::Destination>> {
         return std::make_unique<ShelfDestination>(other);
       }});
  add("c1", {alert("a")});
  enter_all();
  ASSERT_TRUE(collect());
  const auto outcome = deliver();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message(), "delivering to forbidden: no entry");
  EXPECT_THAT(shelf_.records(), ElementsAre(alert("a")));
  EXPECT_THAT(other.records(), ElementsAre(alert("a")));
  EXPECT_EQ(place_.account().collected, 1U);
  slots_.erase(slots_.begin());
  ASSERT_TRUE(deliver());
  EXPECT_EQ(place_.account().delivered, 1U);
}

} // namespace
} // namespace sluice::pipeline

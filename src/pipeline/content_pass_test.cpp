// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include <gmock/gmock.h>

#include "pipeline/content_pass.hpp"
#include "pipeline/small_installation.hpp"

namespace sluice::pipeline {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr std::size_t any_size = 1U << 20U;

auto array_of(std::initializer_list<std::string> records) -> std::string {
  return fmt::format("[{}]", fmt::join(records, ","));
}

class ContentPassTest : public testing::Test {
protected:
  auto make(ContentLimits limits = {}) -> ContentPass {
    workspaces_.emplace(place_.rules, limits);
    return {*place_.archive,
            *workspaces_,
            {SmallInstallation::tenant, "Audit.General", item_.key.content_id, item_.created},
            item_.generation,
            /*keep_raw=*/true};
  }

  /// All of `bytes` in pieces of `step`, then the end.
  auto run(ContentPass& pass, std::string_view bytes, std::size_t step = 7)
      -> Result<ledger::CollectedContent> {
    TRY_DO(pass.begin({}));
    while (!bytes.empty()) {
      const auto piece = bytes.substr(0, step);
      TRY_DO(pass.write(std::as_bytes(std::span{piece})));
      bytes.remove_prefix(piece.size());
    }
    return pass.finish(item_);
  }

  auto run(std::string_view bytes, ContentLimits limits = {}) -> Result<ledger::CollectedContent> {
    auto pass = make(limits);
    return run(pass, bytes);
  }

  auto read(const ledger::StoredObject& object) -> std::string {
    return archive::read_whole(
               *place_.archive, {object.name, object.bytes, object.sha256}, any_size)
        .value();
  }

  ManualClock clock_{*parse_iso8601("2026-07-13T10:00:00Z")};
  SmallInstallation place_{clock_};
  std::optional<ContentWorkspaces> workspaces_;
  const ledger::WorkItem item_{.key = {SmallInstallation::general, "1$2"},
                               .created = clock_.now(),
                               .expiration = clock_.now() + Ticks{std::chrono::hours{24}},
                               .attempts = 0,
                               .generation = 0,
                               .raw = std::nullopt};
};

TEST_F(ContentPassTest, keeps_the_bytes_as_they_came_and_stages_what_a_rule_keeps) {
  const auto content = array_of({noise("n"), alert("a"), noise("m"), alert("b")});
  for (const auto& bytes : {content, deflate_gzip(content)}) {
    auto pass = make();
    auto collected = run(pass, bytes);
    ASSERT_TRUE(collected) << collected.error().message();
    EXPECT_EQ(collected->records, 4U);
    EXPECT_EQ(collected->dropped, 2U);
    EXPECT_EQ(collected->quarantined, 0U);
    EXPECT_THAT(collected->claims, ElementsAre("a", "b"));
    ASSERT_THAT(collected->rules, SizeIs(1));
    EXPECT_EQ(collected->rules[0].matched, 2U);
    auto objects = pass.take_objects();
    ASSERT_TRUE(objects.note_in(*collected));
    std::array writers{std::move(objects.raw), std::move(objects.staged)};
    ASSERT_TRUE(place_.archive->commit(writers));
    EXPECT_EQ(read(collected->raw), bytes);
    EXPECT_EQ(read(*collected->staged), alert("a") + "\n" + alert("b") + "\n");
  }
}

TEST_F(ContentPassTest, counts_what_is_no_record_and_goes_on_behind_it) {
  const auto collected = run(
      array_of({"17", alert("a"), R"("text")", noise("n"), R"({"RecordType":40,"x":{"y":tru}})"}));
  ASSERT_TRUE(collected) << collected.error().message();
  EXPECT_EQ(collected->records,
            collected->claims.size() + collected->dropped + collected->quarantined);
  EXPECT_EQ(collected->records, 5U);
  EXPECT_EQ(collected->dropped, 1U);
  EXPECT_EQ(collected->quarantined, 3U);
}

TEST_F(ContentPassTest, an_empty_content_leaves_nothing_to_stage) {
  auto pass = make();
  const auto collected = run(pass, "[]");
  ASSERT_TRUE(collected);
  EXPECT_EQ(collected->records, 0U);
  EXPECT_EQ(pass.take_objects().staged, nullptr);
}

TEST_F(ContentPassTest, records_without_an_id_have_claims_of_their_own) {
  const std::string nameless = R"({"RecordType":40})";
  const auto collected = run(array_of({nameless, nameless, R"({"Id":"","RecordType":40})"}));
  ASSERT_TRUE(collected);
  ASSERT_THAT(collected->claims, SizeIs(3));
  EXPECT_THAT((std::set<std::string>{collected->claims.begin(), collected->claims.end()}),
              SizeIs(3));
  const auto again = run(array_of({nameless}));
  EXPECT_EQ(again->claims[0], collected->claims[0]);
}

TEST_F(ContentPassTest, what_makes_no_sense_is_malformed_and_can_be_set_aside_whole) {
  const auto whole = array_of({alert("a"), alert("b")});
  const auto packed = deflate_gzip(whole);
  auto damaged = packed;
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
  for (const auto& bytes : {whole.substr(0, whole.size() - 1),
                            whole.substr(0, whole.size() / 2),
                            packed.substr(0, packed.size() - 4),
                            damaged,
                            whole + "x",
                            std::string{R"({"error":{"code":"AF50000","message":"no"}})"},
                            std::string{"<html>busy</html>"}}) {
    auto pass = make();
    const auto collected = run(pass, bytes);
    ASSERT_FALSE(collected) << bytes;
    EXPECT_EQ(collected.error().kind(), ErrorKind::malformed) << bytes;
    auto raw = pass.take_raw_writer();
    ASSERT_NE(raw, nullptr) << bytes;
    EXPECT_EQ(raw->finish()->bytes, bytes.size());
  }
}

TEST_F(ContentPassTest, nothing_at_all_is_malformed) {
  EXPECT_EQ(run("").error().kind(), ErrorKind::malformed);
}

TEST_F(ContentPassTest, a_content_over_the_limit_is_refused_as_received_and_as_inflated) {
  const auto content = array_of({noise(std::string(5'000, 'x'))});
  EXPECT_EQ(run(content, {.max_content_bytes = 4'000}).error().kind(), ErrorKind::invalid_input);
  EXPECT_FALSE(run(deflate_gzip(content), {.max_content_bytes = 4'000}));
  EXPECT_TRUE(run(content, {.max_content_bytes = content.size()}));
}

TEST_F(ContentPassTest, a_record_over_the_limit_is_counted_and_left_out) {
  const auto content = array_of({alert(std::string(300'000, 'x')), alert("b")});
  const auto collected = run(content, {.max_record_bytes = 200'000});
  ASSERT_TRUE(collected) << collected.error().message();
  EXPECT_EQ(collected->quarantined, 1U);
  EXPECT_THAT(collected->claims, ElementsAre("b"));
}

TEST_F(ContentPassTest, workspaces_that_nobody_needs_are_few) {
  ContentWorkspaces workspaces{place_.rules, {}};
  const auto most = ContentWorkspaces::most_idle();
  std::vector<std::unique_ptr<ContentWorkspaces::Lease>> leases;
  for (std::size_t i = 0; i < most + 3; ++i) {
    leases.push_back(std::make_unique<ContentWorkspaces::Lease>(workspaces));
  }
  EXPECT_EQ(workspaces.idle(), 0U);
  leases.clear();
  EXPECT_EQ(workspaces.idle(), most);
  const ContentWorkspaces::Lease again{workspaces};
  EXPECT_EQ(workspaces.idle(), most - 1);
}

} // namespace
} // namespace sluice::pipeline

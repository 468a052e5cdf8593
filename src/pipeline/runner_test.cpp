// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <functional>

#include <gtest/gtest.h>

#include "pipeline/runner.hpp"

namespace sluice::pipeline {
namespace {

class ScriptedStage final : public Stage {
public:
  using Script = std::function<Result<>(Doorbell& upstream, const std::stop_token& stop)>;
  explicit ScriptedStage(Script script) : script_{std::move(script)} {}

  [[nodiscard]] auto name() const noexcept -> std::string_view override { return "scripted"; }
  [[nodiscard]] auto run(Doorbell& upstream, Doorbell& /*downstream*/, const std::stop_token& stop)
      -> Result<> override {
    return script_(upstream, stop);
  }

private:
  const Script script_;
};

constexpr auto for_ever = std::chrono::hours{1};

auto ends_at_once(Doorbell& /*upstream*/, const std::stop_token& /*stop*/) -> Result<> {
  return {};
}

auto works_until_stopped(Doorbell& upstream, const std::stop_token& stop) -> Result<> {
  while (!stop.stop_requested()) {
    upstream.wait(for_ever, stop);
  }
  return Error{ErrorKind::cancelled, "stopped"};
}

auto works_until_closed(Doorbell& upstream, const std::stop_token& stop) -> Result<> {
  while (!upstream.closed() && !stop.stop_requested()) {
    upstream.wait(for_ever, stop);
  }
  return stop.stop_requested() ? Result<>{Error{ErrorKind::cancelled, "stopped"}} : Result<>{};
}

auto fails_with(ErrorKind kind) -> ScriptedStage::Script {
  return [kind](Doorbell&, const std::stop_token&) -> Result<> { return Error{kind, "it failed"}; };
}

auto run(ScriptedStage::Script first,
         ScriptedStage::Script second,
         const std::stop_token& stop = {}) -> Result<> {
  ScriptedStage one{std::move(first)};
  ScriptedStage two{std::move(second)};
  const std::array<Stage*, 2> stages{&one, &two};
  return run_stages(stages, Ending::when_done, stop);
}

TEST(RunStages, ends_when_all_stages_have_ended) {
  EXPECT_TRUE(run(ends_at_once, works_until_closed));
}

TEST(RunStages, closes_the_bell_before_the_first_stage) {
  EXPECT_TRUE(run(works_until_closed, works_until_closed));
}

TEST(RunStages, a_stage_whose_work_others_bring_goes_on_until_stopped) {
  std::stop_source stop;
  ScriptedStage stage{[&](Doorbell& upstream, const std::stop_token& token) {
    EXPECT_FALSE(upstream.closed());
    stop.request_stop();
    return works_until_closed(upstream, token);
  }};
  const std::array<Stage*, 1> stages{&stage};
  EXPECT_TRUE(run_stages(stages, Ending::when_stopped, stop.get_token()));
}

TEST(RunStages, a_stage_that_fails_for_good_stops_the_others) {
  for (const auto kind : {ErrorKind::storage, ErrorKind::corrupt, ErrorKind::unauthorized}) {
    const auto result = run(works_until_stopped, fails_with(kind));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind(), kind);
  }
}

TEST(RunStages, a_stage_that_leaves_work_for_later_closes_the_bell_and_the_next_one_finishes) {
  bool finished = false;
  const auto result =
      run(fails_with(ErrorKind::unavailable), [&](Doorbell& upstream, const std::stop_token& stop) {
        auto ended = works_until_closed(upstream, stop);
        finished = ended.has_value();
        return ended;
      });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind(), ErrorKind::unavailable);
  EXPECT_TRUE(finished);
}

TEST(RunStages, tells_the_gravest_error) {
  const auto result =
      run(fails_with(ErrorKind::unavailable), [](Doorbell& upstream, const auto& stop) {
        static_cast<void>(works_until_closed(upstream, stop));
        return Result<>{Error{ErrorKind::storage, "the disk is full"}};
      });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind(), ErrorKind::storage);
}

TEST(RunStages, being_told_to_stop_is_no_error) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(run(works_until_stopped, works_until_stopped, stop.get_token()));
}

} // namespace
} // namespace sluice::pipeline

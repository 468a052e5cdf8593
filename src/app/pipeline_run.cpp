// SPDX-License-Identifier: Apache-2.0
#include "app/pipeline_run.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "app/components.hpp"
#include "app/terminal.hpp"
#include "base/log.hpp"
#include "pipeline/runner.hpp"

namespace sluice::app {
namespace {

auto wants(const PipelineRunOptions& options, std::string_view stage) -> bool {
  return options.stages.empty() || std::ranges::find(options.stages, stage) != options.stages.end();
}

auto make_stages(const config::Config& config,
                 const PipelineRunOptions& options,
                 Components& components) -> std::vector<std::unique_ptr<pipeline::Stage>> {
  auto& [clock,
         progress,
         rules,
         case_rules,
         client,
         azure,
         adx,
         connections,
         tenants,
         archive,
         ledger,
         destinations] = components;
  std::vector<std::unique_ptr<pipeline::Stage>> stages;
  if (wants(options, "discover") && !options.replay) {
    stages.push_back(std::make_unique<pipeline::Discover>(
        tenants, *ledger, discover_options(config, options.once), clock, progress));
  }
  if (wants(options, "collect")) {
    stages.push_back(std::make_unique<pipeline::Collect>(
        tenants, *ledger, *archive, rules, collect_options(config), clock, progress));
  }
  if (wants(options, "correlate")) {
    stages.push_back(std::make_unique<pipeline::Correlate>(
        case_rules, *ledger, *archive, correlate_options(config), clock, progress));
  }
  if (wants(options, "deliver")) {
    stages.push_back(std::make_unique<pipeline::Deliver>(
        destinations, *ledger, *archive, pipeline::Deliver::Options{}, clock, progress));
  }
  return stages;
}

auto progress_text(const pipeline::Progress& p) -> std::string {
  return fmt::format("{} contents found, {} collected ({:.0f} MB), {} records read, {} kept, "
                     "{} delivered",
                     p.contents_found.load(),
                     p.contents_collected.load(),
                     static_cast<double>(p.bytes_received.load()) / 1e6,
                     p.records_read.load(),
                     p.records_kept.load(),
                     p.records_delivered.load());
}

auto summary_text(const pipeline::Progress& p) -> std::string {
  auto text = progress_text(p);
  const auto add = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) {
      text += fmt::format("; {} {}", count, what);
    }
  };
  add(p.records_duplicate, "duplicates left out");
  add(p.cases_told, "versions of cases told");
  add(p.failures, "failed attempts made again");
  add(p.contents_late, "contents came late");
  add(p.contents_expired, "contents LOST: the service no longer had them");
  add(p.contents_quarantined, "contents quarantined");
  add(p.entries_refused, "listing entries refused");
  return text;
}

auto summary_json(const pipeline::Progress& p) -> std::string {
  return fmt::format(
      R"({{"windows_listed":{},"contents_found":{},"contents_late":{},"contents_collected":{},)"
      R"("contents_expired":{},"contents_quarantined":{},"entries_refused":{},"bytes_received":{},)"
      R"("records_read":{},"records_kept":{},"records_duplicate":{},"records_delivered":{},)"
      R"("cases_told":{},"cases_delivered":{},"failed_attempts":{}}})",
      p.windows_listed.load(),
      p.contents_found.load(),
      p.contents_late.load(),
      p.contents_collected.load(),
      p.contents_expired.load(),
      p.contents_quarantined.load(),
      p.entries_refused.load(),
      p.bytes_received.load(),
      p.records_read.load(),
      p.records_kept.load(),
      p.records_duplicate.load(),
      p.records_delivered.load(),
      p.cases_told.load(),
      p.cases_delivered.load(),
      p.failures.load());
}

/// Forgets record ids and versions of cases past their time and takes replayed contents up again.
auto prepare(const config::Config& config,
             Components& components,
             const PipelineRunOptions& options) -> Result<> {
  constexpr auto claim_horizon = std::chrono::hours{24 * 30};
  const auto now = components.clock.now();
  if (wants(options, "discover")) {
    TRY_DO(components.ledger->forget_claims(now, claim_horizon));
  }
  if (wants(options, "correlate")) {
    const auto keep = std::chrono::duration_cast<Ticks>(config.cases.keep);
    TRY_DO(components.ledger->forget_cases(now - keep));
  }
  if (options.replay) {
    TRY(const auto contents, components.ledger->request_replay(std::nullopt));
    log(LogLevel::info,
        "replay",
        "the archive is put through today's rules again",
        {{"contents", static_cast<std::int64_t>(contents)}});
  }
  return {};
}

} // namespace

auto stage_names() -> const std::vector<std::string>& {
  static const std::vector<std::string> names{"discover", "collect", "correlate", "deliver"};
  return names;
}

auto run_pipeline(const config::Config& given,
                  const PipelineRunOptions& options,
                  const std::stop_token& stop) -> PipelineRunOutcome {
  const auto chosen = with_stage_credential(given, options.stages);
  if (!chosen) {
    return {chosen.error(), {}, {}};
  }
  const auto& config = *chosen;
  auto assembled = assemble(config, wants(options, "discover") || wants(options, "collect"));
  if (!assembled) {
    return {std::move(assembled).error(), {}, {}};
  }
  auto& components = **assembled;
  if (auto prepared = prepare(config, components, options); !prepared) {
    return {std::move(prepared), {}, {}};
  }
  const auto stages = make_stages(config, options, components);
  std::vector<pipeline::Stage*> borrowed;
  std::ranges::transform(
      stages, std::back_inserter(borrowed), [](const auto& stage) { return stage.get(); });

  std::jthread reporter{[&](const std::stop_token& ended) {
    ProgressLine line;
    while (components.clock.wait(std::chrono::milliseconds{500}, ended)) {
      line.show(progress_text(components.progress));
    }
  }};
  const auto ending =
      options.once || options.replay ? pipeline::Ending::when_done : pipeline::Ending::when_stopped;
  auto result = pipeline::run_stages(borrowed, ending, stop);
  reporter.request_stop();
  reporter.join();
  return {std::move(result), summary_text(components.progress), summary_json(components.progress)};
}

} // namespace sluice::app

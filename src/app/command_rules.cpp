// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/command.hpp"
#include "app/components.hpp"
#include "app/configuration.hpp"
#include "app/rule_trials.hpp"
#include "base/json_text.hpp"

namespace sluice::app {
namespace {

struct RulesOptions {
  std::string action;
  std::vector<std::filesystem::path> files;
  std::filesystem::path config;
};

/// The rules and kinds of a configuration, or those that hold without one.
struct RulesUnderTest {
  relevance::RuleSet rules;
  relevance::CaseRules case_rules;
};

auto rules_under_test(const config::Config* config) -> Result<RulesUnderTest> {
  RulesUnderTest tested;
  if (config == nullptr) {
    TRY(tested.rules, relevance::RuleSet::compile(relevance::ready_rules().front().rules));
    return tested;
  }
  TRY(tested.rules, compile_rules(*config));
  TRY(tested.case_rules, case_rules(*config));
  return tested;
}

/// Prints the outcomes and says how many tests failed.
auto print_outcomes(const std::vector<RuleTrialOutcome>& outcomes) -> std::size_t {
  std::size_t failed = 0;
  for (const auto& outcome : outcomes) {
    failed += outcome.faults.empty() ? 0 : 1;
    fmt::print("{} - {}\n", outcome.faults.empty() ? "ok" : "not ok", escape_control(outcome.name));
    for (const auto& fault : outcome.faults) {
      fmt::print("  {}\n", escape_control(fault));
    }
  }
  return failed;
}

auto run_tests(const RulesOptions& options) -> Result<ExitCode> {
  std::optional<config::Config> config;
  if (!options.config.empty()) {
    config = load_configuration(options.config);
    if (!config) {
      return ExitCode::config;
    }
  }
  TRY(const auto tested, rules_under_test(config ? &*config : nullptr));
  std::size_t failed = 0;
  std::size_t count = 0;
  for (const auto& file : options.files) {
    TRY(const auto text, config::read_text(file));
    TRY(const auto outcomes, run_rule_trials(text, file.string(), tested.rules, tested.case_rules));
    failed += print_outcomes(outcomes);
    count += outcomes.size();
  }
  fmt::print("{} tests, {} failed\n", count, failed);
  return failed == 0 ? ExitCode::ok : ExitCode::bad_data;
}

} // namespace

auto declare_rules(CLI::App& parser) -> CommandBody {
  auto options = std::make_shared<RulesOptions>();
  parser.add_option("action", options->action, "`test`: run the tests of YAML files")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>{"test"}));
  parser.add_option("files", options->files, "Tests of rules, see docs/cases.md")->required();
  parser.add_option(
      "-c,--config", options->config, "The rules and kinds of this configuration, not the default");
  return [options] {
    const auto ran = run_tests(*options);
    return ran ? *ran : report(ran.error());
  };
}

} // namespace sluice::app

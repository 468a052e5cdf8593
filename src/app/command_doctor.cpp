// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/command.hpp"
#include "app/components.hpp"
#include "app/configuration.hpp"
#include "app/doctor.hpp"
#include "base/json_text.hpp"

namespace sluice::app {
namespace {

void print_json(const Finding& finding) {
  fmt::print(R"({{"subject":{},"good":{},"detail":{},"fix":{}}})"
             "\n",
             json_quoted(finding.subject),
             finding.good,
             json_quoted(finding.detail),
             json_quoted(finding.fix));
}

void print_text(const Finding& finding) {
  fmt::print("{}  {}: {}\n", finding.good ? "good   " : "trouble", finding.subject, finding.detail);
  if (!finding.fix.empty()) {
    fmt::print("         {}\n", finding.fix);
  }
}

} // namespace

auto declare_doctor(CLI::App& parser) -> CommandBody {
  auto file = std::make_shared<std::filesystem::path>("sluice.yaml");
  auto json = std::make_shared<bool>(false);
  declare_config_option(parser, *file);
  parser.add_flag("--json", *json, "One JSON object a finding");
  return [file, json] {
    const auto config = load_configuration(*file);
    if (!config) {
      return ExitCode::config;
    }
    const auto client = connect(*config);
    if (!client) {
      return report(client.error());
    }
    SystemClock clock;
    const auto findings = examine(*config, **client, clock);
    std::ranges::for_each(findings, *json ? print_json : print_text);
    const auto first = std::ranges::find(findings, false, &Finding::good);
    return first == findings.end() ? ExitCode::ok : exit_code_for(first->kind);
  };
}

} // namespace sluice::app

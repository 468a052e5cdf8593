// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "app/exit_code.hpp"

namespace CLI {
class App;
}

namespace sluice::app {

/// Runs a command whose options have been read.
using CommandBody = std::function<auto()->ExitCode>;

/// One command of the command line: a file of its own that declares its options and returns what
/// runs once they were read.
struct Command {
  std::string_view name;
  std::string_view summary;
  /// Shown under the options in `--help`: a few lines to copy.
  std::string_view examples;
  auto (*declare)(CLI::App& parser) -> CommandBody;
};

auto declare_cases(CLI::App& parser) -> CommandBody;
auto declare_demo(CLI::App& parser) -> CommandBody;
auto declare_doctor(CLI::App& parser) -> CommandBody;
auto declare_explain(CLI::App& parser) -> CommandBody;
auto declare_filter(CLI::App& parser) -> CommandBody;
auto declare_import_variables(CLI::App& parser) -> CommandBody;
auto declare_init(CLI::App& parser) -> CommandBody;
auto declare_query(CLI::App& parser) -> CommandBody;
auto declare_replay(CLI::App& parser) -> CommandBody;
auto declare_rules(CLI::App& parser) -> CommandBody;
auto declare_run(CLI::App& parser) -> CommandBody;
auto declare_schema(CLI::App& parser) -> CommandBody;
auto declare_serve(CLI::App& parser) -> CommandBody;
auto declare_simulate(CLI::App& parser) -> CommandBody;
auto declare_status(CLI::App& parser) -> CommandBody;
auto declare_validate(CLI::App& parser) -> CommandBody;

/// All commands, in the order in which `--help` shows them.
[[nodiscard]] auto commands() -> std::span<const Command>;

} // namespace sluice::app

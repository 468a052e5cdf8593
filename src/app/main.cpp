// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <csignal>
#include <exception>
#include <map>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <malloc.h>
#include <sys/prctl.h>

#include "app/command.hpp"

namespace sluice::app {
namespace {

/// Large buffers go back to the system when they are freed, and so does the end of each heap. The C
/// library would keep ever larger ones once the first was freed, and have a heap for each of the
/// first eight threads of every core (documented: mallopt(3)). Most of ours wait for the network,
/// so that one heap for each core will do.
void give_memory_back() {
  constexpr int large = 256 * 1024;
  constexpr int kept = 128 * 1024;
  ::mallopt(M_MMAP_THRESHOLD, large);
  ::mallopt(M_TRIM_THRESHOLD, kept);
  ::mallopt(M_ARENA_MAX, static_cast<int>(std::max(2U, std::thread::hardware_concurrency())));
}

/// Reads the command line and runs the chosen command.
auto run_command_line(int argc, char** argv) -> ExitCode {
  CLI::App root{"Sluice gets the security events that matter out of Microsoft 365.", "sluice"};
  root.set_version_flag("--version", "sluice " SLUICE_VERSION);
  root.require_subcommand(1);
  root.set_help_all_flag("--help-all", "Help for every command");
  std::map<const CLI::App*, CommandBody> bodies;
  for (const auto& command : commands()) {
    auto* parser = root.add_subcommand(std::string{command.name}, std::string{command.summary});
    parser->footer(fmt::format("Examples:\n{}", command.examples));
    bodies.emplace(parser, command.declare(*parser));
  }
  try {
    root.parse(argc, argv);
  } catch (const CLI::Success& asked_for_help) {
    return static_cast<ExitCode>(root.exit(asked_for_help));
  } catch (const CLI::ParseError& error) {
    root.exit(error);
    return ExitCode::usage;
  }
  return bodies.at(root.get_subcommands().front())();
}

} // namespace
} // namespace sluice::app

auto main(int argc, char** argv) -> int {
  using namespace sluice::app;
  ::prctl(PR_SET_DUMPABLE, 0); // Secrets pass through this process: no core files, no ptrace.
  std::signal(SIGPIPE, SIG_IGN);
  give_memory_back();
  try {
    return static_cast<int>(run_command_line(argc, argv));
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return static_cast<int>(ExitCode::internal);
  }
}

// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/command.hpp"
#include "app/import/imported_configuration.hpp"
#include "base/file.hpp"
#include "base/json_text.hpp"

namespace sluice::app {
namespace {

constexpr std::size_t max_export_bytes = std::size_t{1024} * 1024;

auto name_of(ImportFinding::Fate fate) -> std::string_view {
  switch (fate) {
  case ImportFinding::Fate::taken:
    return "taken";
  case ImportFinding::Fate::left_out:
    return "left out";
  case ImportFinding::Fate::missing:
    return "missing";
  case ImportFinding::Fate::unknown:
    break;
  }
  return "unknown";
}

auto import_file(const std::filesystem::path& file) -> ExitCode {
  const auto text = read_file(file, max_export_bytes);
  if (!text) {
    return report(text.error());
  }
  const auto variables = parse_automation_variables(*text).while_doing(file.string());
  if (!variables) {
    return report(variables.error());
  }
  const auto imported = import_variables(*variables);
  for (const auto& finding : imported.findings) {
    fmt::print(stderr,
               "{:<8}  {}: {}\n",
               name_of(finding.fate),
               escape_control(finding.variable),
               escape_control(finding.about));
  }
  fmt::print("{}", imported.yaml);
  return ExitCode::ok;
}

} // namespace

auto declare_import_variables(CLI::App& parser) -> CommandBody {
  auto file = std::make_shared<std::filesystem::path>();
  parser
      .add_option(
          "file",
          *file,
          "Variables of an Azure Automation account as JSON, see docs/migrating-from-runbooks.md")
      ->required();
  return [file] { return import_file(*file); };
}

} // namespace sluice::app

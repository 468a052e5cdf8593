// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/command.hpp"
#include "config/reference.hpp"

namespace sluice::app {

auto declare_schema(CLI::App& parser) -> CommandBody {
  auto as_page = std::make_shared<bool>(false);
  parser.add_flag("--page", *as_page, "The reference page (Markdown) instead of the JSON Schema");
  return [as_page] {
    fmt::print("{}", *as_page ? config::reference_page() : config::json_schema());
    return ExitCode::ok;
  };
}

} // namespace sluice::app

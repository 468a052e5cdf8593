// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/command.hpp"
#include "app/components.hpp"
#include "app/configuration.hpp"

namespace sluice::app {

auto declare_validate(CLI::App& parser) -> CommandBody {
  auto file = std::make_shared<std::filesystem::path>("sluice.yaml");
  declare_config_option(parser, *file);
  return [file] {
    const auto config = load_configuration(*file);
    if (!config) {
      return ExitCode::config;
    }
    if (const auto rules = compile_rules(*config); !rules) {
      report(rules.error());
      return ExitCode::config;
    }
    fmt::print("{}: valid: {} tenant{}, archive {}{}{}\n",
               file->string(),
               config->tenants.size(),
               config->tenants.size() == 1 ? "" : "s",
               config->archive_directory.empty() ? fmt::format("{} of the account {}",
                                                               config->archive_blob.container,
                                                               config->archive_blob.account)
                                                 : config->archive_directory.string(),
               config->store_directory.empty()
                   ? std::string{}
                   : fmt::format(", store {}", config->store_directory.string()),
               config->adx.cluster.empty()
                   ? std::string{}
                   : fmt::format(", database {} of {}", config->adx.database, config->adx.cluster));
    return ExitCode::ok;
  };
}

} // namespace sluice::app

// SPDX-License-Identifier: Apache-2.0
#include "app/configuration.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/exit_code.hpp"

namespace sluice::app {

void declare_config_option(CLI::App& parser, std::filesystem::path& file) {
  parser.add_option("-c,--config", file, "The configuration file")->capture_default_str();
}

auto load_configuration(const std::filesystem::path& file) -> std::optional<config::Config> {
  const auto text = config::read_text(file);
  if (!text) {
    report(text.error());
    return std::nullopt;
  }
  auto parsed = config::parse(*text, std::filesystem::absolute(file).parent_path());
  if (!parsed) {
    fmt::print(stderr, "{}", config::render(parsed.error(), *text, file.string()));
    return std::nullopt;
  }
  configure_log(parsed->log.level, parsed->log.format);
  return *std::move(parsed);
}

auto store_of(const config::Config& config) -> Result<std::filesystem::path> {
  if (config.store_directory.empty()) {
    return Error{ErrorKind::invalid_input, "the configuration has no embedded store"}.with_hint(
        fmt::format("ask the cluster: sluice query --cluster {} --database {} '...'",
                    config.adx.cluster,
                    config.adx.database));
  }
  return config.store_directory;
}

} // namespace sluice::app

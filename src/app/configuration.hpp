// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "config/config.hpp"

namespace CLI {
class App;
}

namespace sluice::app {

/// Declares `-c, --config FILE` on `parser`; `file` receives it. The default is `sluice.yaml`.
void declare_config_option(CLI::App& parser, std::filesystem::path& file);

/// Reads the configuration and sets up logging as it says. Nothing when it has mistakes, which are
/// then on stderr with their places.
[[nodiscard]] auto load_configuration(const std::filesystem::path& file)
    -> std::optional<config::Config>;

} // namespace sluice::app

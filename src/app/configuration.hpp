// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"
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

/// The directory of the embedded store.
/// Errors: invalid_input when the configuration has none, with where to ask instead.
[[nodiscard]] auto store_of(const config::Config& config) -> Result<std::filesystem::path>;

} // namespace sluice::app

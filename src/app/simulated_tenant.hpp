// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "simulator/simulator.hpp"

namespace CLI {
class App;
}

namespace sluice::app {

/// Declares every option of the simulator on `parser`, except those named in `left_out`; `options`
/// receives them. A value that does not fit is refused while the command line is read.
void declare_simulator_options(CLI::App& parser,
                               std::shared_ptr<simulator::SimulatorOptions> options,
                               const std::vector<std::string_view>& left_out);

/// Writes the truth of a tenant to a file.
/// Errors: storage.
[[nodiscard]] auto write_truth(const simulator::Simulator& tenant,
                               const std::filesystem::path& file) -> Result<>;

/// Writes a short text to a new file that only its owner may read. It appears at once and whole.
/// Errors: storage.
[[nodiscard]] auto write_private_file(const std::filesystem::path& file, std::string_view text)
    -> Result<>;

} // namespace sluice::app

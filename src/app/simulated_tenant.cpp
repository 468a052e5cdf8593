// SPDX-License-Identifier: Apache-2.0
#include "app/simulated_tenant.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace sluice::app {
namespace {

/// Gives one value to the simulator's option; what CLI11 shows when it does not fit.
void set_or_refuse(simulator::SimulatorOptions& options,
                   std::string_view name,
                   const std::string& value) {
  if (const auto set = simulator::set_option(options, name, value); !set) {
    throw CLI::ValidationError{fmt::format("--{}", name), set.error().message()};
  }
}

void declare_one(CLI::App& parser,
                 const std::shared_ptr<simulator::SimulatorOptions>& options,
                 const simulator::SimulatorOption& row) {
  const auto name = fmt::format("--{}", row.name);
  const auto sentence = std::string{row.sentence};
  if (row.type == "switch") {
    parser.add_flag_function(
        name,
        [options, &row](std::int64_t) { set_or_refuse(*options, row.name, "true"); },
        sentence);
    return;
  }
  auto* option = parser.add_option_function<std::vector<std::string>>(
      name,
      [options, &row](const std::vector<std::string>& values) {
        for (const auto& value : values) {
          set_or_refuse(*options, row.name, value);
        }
      },
      sentence);
  option->type_name(std::string{row.type})->default_str(std::string{row.fallback});
  option->expected(1, row.repeats ? CLI::detail::expected_max_vector_size : 1);
}

} // namespace

void declare_simulator_options(CLI::App& parser,
                               std::shared_ptr<simulator::SimulatorOptions> options,
                               const std::vector<std::string_view>& left_out) {
  for (const auto& row : simulator::simulator_option_table()) {
    if (std::ranges::find(left_out, row.name) == left_out.end()) {
      declare_one(parser, options, row);
    }
  }
}

auto write_truth(const simulator::Simulator& tenant, const std::filesystem::path& file)
    -> Result<> {
  std::ofstream out{file, std::ios::binary};
  tenant.write_truth(out);
  out.close();
  if (!out) {
    return Error{ErrorKind::storage, fmt::format("{} could not be written", file.string())};
  }
  return {};
}

auto write_private_file(const std::filesystem::path& file, std::string_view text) -> Result<> {
  const auto unfinished = fmt::format("{}.{}", file.string(), ::getpid());
  constexpr auto owner_only = S_IRUSR | S_IWUSR;
  const int descriptor =
      ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, owner_only);
  const bool written = descriptor >= 0 && ::write(descriptor, text.data(), text.size()) ==
                                              static_cast<ssize_t>(text.size());
  if (descriptor >= 0) {
    ::close(descriptor);
  }
  std::error_code failed;
  std::filesystem::rename(unfinished, file, failed);
  if (!written || failed) {
    return Error{ErrorKind::storage, fmt::format("{} could not be written", file.string())};
  }
  return {};
}

} // namespace sluice::app

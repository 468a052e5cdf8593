// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/command.hpp"
#include "app/interrupt.hpp"
#include "app/simulated_tenant.hpp"

namespace sluice::app {
namespace {

struct SimulateOptions {
  std::string listen = "127.0.0.1:8365";
  std::filesystem::path truth;
  std::filesystem::path secret_file;
  std::filesystem::path address_file;
  std::shared_ptr<simulator::SimulatorOptions> tenant =
      std::make_shared<simulator::SimulatorOptions>();
};

auto serve(SimulateOptions& options) -> Result<> {
  const Interrupt interrupt;
  SystemClock clock;
  TRY_DO(simulator::set_option(*options.tenant, "listen", options.listen));
  TRY(const auto tenant, simulator::Simulator::create(std::move(*options.tenant), clock));
  if (!options.truth.empty()) {
    TRY_DO(write_truth(tenant, options.truth));
  }
  if (!options.secret_file.empty()) {
    TRY_DO(write_private_file(options.secret_file, tenant.client_secret().reveal()));
  }
  if (!options.address_file.empty()) {
    TRY_DO(write_private_file(options.address_file, tenant.url()));
  }
  fmt::print(stderr,
             "serving a simulated tenant at {} (report: {}/simulator/report); Ctrl-C ends it\n",
             tenant.url(),
             tenant.url());
  while (clock.wait(std::chrono::hours{1}, interrupt.token())) {
  }
  return {};
}

} // namespace

auto declare_simulate(CLI::App& parser) -> CommandBody {
  auto options = std::make_shared<SimulateOptions>();
  parser.add_option("--listen", options->listen, "HOST:PORT to serve at; port 0 takes a free one")
      ->capture_default_str();
  parser.add_option(
      "--truth", options->truth, "Write what a right collector must find to this file");
  parser.add_option(
      "--secret-file", options->secret_file, "Write the application's secret to this file");
  parser.add_option(
      "--address-file", options->address_file, "Write the address to this file once it serves");
  declare_simulator_options(parser, options->tenant, {"listen", "client-secret"});
  return [options] {
    const auto served = serve(*options);
    return served ? ExitCode::ok : report(served.error());
  };
}

} // namespace sluice::app

// SPDX-License-Identifier: Apache-2.0
#include "simulator/simulator.hpp"

#include <optional>
#include <utility>

#include "simulator/tenant_server.hpp"

namespace sluice::simulator {
namespace {

class TrafficSource final : public ChunkSource {
public:
  explicit TrafficSource(TrafficOptions options) : traffic_{Traffic::create(std::move(options))} {}

  [[nodiscard]] auto chunks(ContentType type) const -> std::span<const Chunk> override {
    return traffic_.chunks(type);
  }
  void render(ContentType type, std::size_t chunk, std::string& out) const override {
    traffic_.render(type, chunk, out);
  }
  void write_truth(std::ostream& out) const { traffic_.write_truth(out); }

private:
  Traffic traffic_;
};

} // namespace

struct Simulator::State {
  std::unique_ptr<TrafficSource> traffic;
  std::unique_ptr<TenantServer> server; ///< Ends before the traffic that it serves.
};

Simulator::Simulator(std::unique_ptr<State> state) : state_{std::move(state)} {}
Simulator::Simulator(Simulator&&) noexcept = default;
auto Simulator::operator=(Simulator&&) noexcept -> Simulator& = default;
Simulator::~Simulator() = default;

auto Simulator::create(SimulatorOptions options, Clock& clock) -> Result<Simulator> {
  const auto started = options.now.value_or(clock.now());
  options.traffic.tenant_id = options.tenant_id;
  options.traffic.start = started - options.traffic.span;
  auto state = std::make_unique<State>();
  state->traffic = std::make_unique<TrafficSource>(options.traffic);
  TRY(state->server, TenantServer::start(std::move(options), started, clock, *state->traffic));
  return Simulator{std::move(state)};
}

auto Simulator::create(SimulatorOptions options, Clock& clock, const ChunkSource& records)
    -> Result<Simulator> {
  const auto started = options.now.value_or(clock.now());
  auto state = std::make_unique<State>();
  TRY(state->server, TenantServer::start(std::move(options), started, clock, records));
  return Simulator{std::move(state)};
}

auto Simulator::url() const -> std::string {
  return state_->server->url();
}

auto Simulator::client_secret() const -> const Secret& {
  return state_->server->client_secret();
}

auto Simulator::now() const -> DateTime {
  return state_->server->now();
}

auto Simulator::report() const -> SimulatorReport {
  return state_->server->report();
}

void Simulator::write_truth(std::ostream& out) const {
  if (state_->traffic) {
    state_->traffic->write_truth(out);
  }
}

void Simulator::stop() {
  state_->server->stop();
}

} // namespace sluice::simulator

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "simulator/feed.hpp"
#include "simulator/journal.hpp"
#include "simulator/options.hpp"

namespace sluice::simulator {

/// A Microsoft 365 tenant at one address: sign-in, the Management Activity API and, at
/// `/simulator/report`, what it has seen so far (JSON, for anyone).
///
/// Use:     `create`; it serves until `stop` or its end.
/// Threads: any.
class Simulator {
public:
  /// `clock` must outlive the simulator; its time, or `options.now` and what passes on it, is the
  /// tenant's.
  /// Errors: invalid_input when the address is taken or a certificate cannot be read.
  [[nodiscard]] static auto create(SimulatorOptions options, Clock& clock) -> Result<Simulator>;
  /// The same with records from elsewhere, which must outlive the simulator too.
  [[nodiscard]] static auto
  create(SimulatorOptions options, Clock& clock, const ChunkSource& records) -> Result<Simulator>;
  Simulator(Simulator&&) noexcept;
  auto operator=(Simulator&&) noexcept -> Simulator&;
  ~Simulator();

  /// Where sign-in and the API are; also the audience of tokens. No slash at the end.
  [[nodiscard]] auto url() const -> std::string;
  [[nodiscard]] auto client_secret() const -> const Secret&;
  /// The tenant's time.
  [[nodiscard]] auto now() const -> DateTime;
  [[nodiscard]] auto report() const -> SimulatorReport;
  /// What a right client must find; see `Traffic::write_truth`. Nothing when the records come from
  /// elsewhere.
  void write_truth(std::ostream& out) const;
  void stop();

private:
  struct State;
  explicit Simulator(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

} // namespace sluice::simulator

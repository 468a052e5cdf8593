// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "archive/archive.hpp"
#include "base/clock.hpp"
#include "ledger/ledger.hpp"
#include "pipeline/progress.hpp"
#include "pipeline/stage.hpp"
#include "relevance/cases/case_intake.hpp"
#include "relevance/cases/correlator.hpp"

namespace sluice::pipeline {

/// Joins the alerts and investigations in staged objects into cases, in the order in which the
/// service created the contents. The correlator's state, the cases that it tells and the position
/// in the input change in one transaction of the ledger, so a death at any moment repeats work and
/// changes nothing.
class Correlate final : public Stage {
public:
  struct Options {
    /// The longest wait for a ring.
    std::chrono::milliseconds interval{std::chrono::seconds{1}};
    /// Contents that are recorded together.
    std::size_t group = 128;
    /// Of the states of open cases that stay in memory; the rest is read from the ledger when a
    /// record is about it.
    std::size_t state_bytes = std::size_t{1} * 1024 * 1024;
  };

  /// What is passed in must outlive the stage.
  Correlate(relevance::CaseRules rules,
            ledger::Ledger& ledger,
            archive::Archive& archive,
            Options options,
            Clock& clock,
            Progress& progress);

  [[nodiscard]] auto name() const noexcept -> std::string_view override { return "correlate"; }
  /// Errors: as for `Stage::run`; corrupt when the state that the ledger kept cannot be read.
  [[nodiscard]] auto run(Doorbell& upstream, Doorbell& downstream, const std::stop_token& stop)
      -> Result<> override;

  /// Correlates everything that is staged and was not correlated yet.
  /// Errors: as `run`.
  [[nodiscard]] auto correlate_staged(const std::stop_token& stop) -> Result<>;

private:
  /// What came of some contents and is not recorded yet.
  struct Gathered {
    std::map<std::string, std::string> state; ///< The last value of each key.
    std::vector<ledger::NewCase> cases;
    std::vector<ledger::CaseFinding> findings;
    std::size_t bytes = 0; ///< Of states and cases.

    void add(relevance::CorrelationChanges changes);
    [[nodiscard]] auto empty() const -> bool {
      return state.empty() && cases.empty() && findings.empty();
    }
  };

  [[nodiscard]] auto take_lead(bool last, const std::stop_token& stop) -> Result<bool>;
  [[nodiscard]] auto restore() -> Result<>;
  [[nodiscard]] auto correlate_group(std::span<const ledger::Delivery> group) -> Result<>;
  [[nodiscard]] auto read(const ledger::Delivery& content) -> Result<>;
  [[nodiscard]] auto pass_over(const ledger::Delivery& content, const Error& error) -> Result<>;
  [[nodiscard]] auto advance() -> Result<>;
  [[nodiscard]] auto record(Gathered gathered, std::span<const ledger::Delivery> contents)
      -> Result<>;

  const relevance::CaseRules rules_;
  ledger::Ledger& ledger_;
  archive::Archive& archive_;
  const Options options_;
  Clock& clock_;
  Progress& progress_;
  /// Staged objects hold records that were small enough to be collected.
  relevance::CaseIntake intake_{{.max_record_bytes = std::size_t{256} * 1024 * 1024}};
  bool leads_ = false; ///< As the ledger said last.
  /// Nothing until the state was restored, and after a failure in the middle of a group.
  std::optional<relevance::Correlator> correlator_;
};

} // namespace sluice::pipeline

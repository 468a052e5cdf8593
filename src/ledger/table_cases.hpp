// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/correlation.hpp"
#include "ledger/table_case_head.hpp"
#include "ledger/table_large_values.hpp"
#include "ledger/table_space.hpp"
#include "ledger/table_workers.hpp"

namespace sluice::ledger::tables {

/// The correlator's part of a ledger in tables: one partition for each epoch, whose head says who
/// may write there (`table_case_head.hpp`). The contents of the last step stand in the head until
/// their rows in the tenants' partitions are gone. State and cases of more than 200,000 bytes have
/// rows for what does not fit (`table_large_values.hpp`).
///
/// Threads: any.
class CaseBook {
public:
  CaseBook(Space& space, Leads& leads) : space_{space}, head_{space, leads} {}

  /// Takes over from the one who led before, and finishes what that one decided. False when another
  /// worker leads.
  [[nodiscard]] auto take_over() -> Result<bool>;
  [[nodiscard]] auto state(const std::function<auto(const StateItem&)->Result<>>& visit)
      -> Result<>;
  [[nodiscard]] auto state_of(std::string_view key) -> Result<std::string>;
  /// Errors: unavailable when another worker leads.
  [[nodiscard]] auto record(const Correlated& correlated, DateTime now) -> Result<>;

private:
  using Changes = RowChanges;

  [[nodiscard]] auto open_head() -> Result<bool>;
  [[nodiscard]] auto settle_contents() -> Result<>;

  [[nodiscard]] auto find_contents(std::span<const Delivery> contents) -> Result<std::string>;
  /// How many parts the rows have that `items` replace; 0 for all while no row has any.
  [[nodiscard]] auto parts_of(std::span<const StateItem> items)
      -> Result<std::vector<std::int64_t>>;
  [[nodiscard]] auto add_state(std::span<const StateItem> items, Changes& changes) -> Result<>;
  [[nodiscard]] auto add_cases(std::span<const NewCase> cases, DateTime now, Changes& changes)
      -> Result<>;
  [[nodiscard]] auto
  add_findings(std::span<const CaseFinding> findings, DateTime now, Changes& changes) -> Result<>;

  Space& space_;
  std::mutex mutex_;
  CaseHead head_;
};

[[nodiscard]] auto uncorrelated_contents(Space& space, std::size_t limit)
    -> Result<std::vector<Delivery>>;
[[nodiscard]] auto correlated_until(Space& space) -> Result<std::optional<DateTime>>;
[[nodiscard]] auto case_epoch(Space& space) -> Result<std::string>;
/// Another epoch, with nothing in it.
[[nodiscard]] auto begin_case_epoch(Space& space) -> Result<>;
[[nodiscard]] auto cases_partition(Space& space) -> Result<std::string>;
[[nodiscard]] auto undelivered_cases(Space& space, std::string_view destination, std::size_t limit)
    -> Result<std::vector<CaseVersion>>;
[[nodiscard]] auto mark_cases_delivered(Space& space,
                                        std::string_view destination,
                                        std::uint64_t sequence) -> Result<>;
/// `destination` has nothing any more.
[[nodiscard]] auto reset_cases(Space& space, std::string_view destination) -> Result<>;
[[nodiscard]] auto forget_cases(Space& space, DateTime before) -> Result<std::uint64_t>;
[[nodiscard]] auto case_findings(Space& space, std::size_t limit)
    -> Result<std::vector<CaseFinding>>;

} // namespace sluice::ledger::tables

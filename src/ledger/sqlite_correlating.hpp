// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/correlation.hpp"
#include "ledger/sqlite_database.hpp"

/// The statements behind `CorrelationLedger`. All of them run within a transaction of the caller.
namespace sluice::ledger::sqlite {

[[nodiscard]] auto uncorrelated(Database& database, std::size_t limit)
    -> Result<std::vector<Delivery>>;
[[nodiscard]] auto correlation_state_of(Database& database, std::string_view key)
    -> Result<std::string>;
[[nodiscard]] auto correlation_state(Database& database,
                                     const std::function<auto(const StateItem&)->Result<>>& visit)
    -> Result<>;
[[nodiscard]] auto record_correlated(Database& database, const Correlated& correlated, DateTime now)
    -> Result<>;
[[nodiscard]] auto correlated_until(Database& database) -> Result<std::optional<DateTime>>;
[[nodiscard]] auto case_epoch(Database& database) -> Result<std::string>;
/// Forgets all that was correlated and begins anew.
[[nodiscard]] auto begin_case_epoch(Database& database) -> Result<>;
[[nodiscard]] auto undelivered_cases(Database& database,
                                     std::string_view destination,
                                     std::size_t limit) -> Result<std::vector<CaseVersion>>;
[[nodiscard]] auto mark_cases_delivered(Database& database,
                                        std::string_view destination,
                                        std::uint64_t sequence) -> Result<>;
[[nodiscard]] auto forget_cases(Database& database, DateTime before) -> Result<std::uint64_t>;
[[nodiscard]] auto case_findings(Database& database, std::size_t limit)
    -> Result<std::vector<CaseFinding>>;

} // namespace sluice::ledger::sqlite

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "azure/table.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "ledger/ledger.hpp"

namespace sluice::ledger {

/// Where the ledger of many machines is.
struct AzureLedgerPlace {
  azure::Table ledger;
  azure::Table claims; ///< Who owns which record id: much more than all the rest.
};

struct AzureLedgerOptions {
  /// A worker that gave no sign of life for so long is dead: others take its work over.
  std::chrono::milliseconds silence{std::chrono::seconds{30}};
  /// Workers that may take one content and never be heard of again before it is quarantined.
  std::uint32_t most_takings = 10;
  /// Only looks: the tables must be there, and reading them is enough of a right.
  bool reader = false;
};

/// Opens the ledger of many machines, in two tables of Azure Table Storage, which
/// are made when they are missing. Any number of processes
/// may have it open; `table_keys.hpp` says how it is laid out.
///
/// A function that changes more than one transaction can is a series of steps, in an order in which
/// a death after each leaves something that the next run completes; a repetition completes it too.
/// `account` is read row by row, so what changes meanwhile may be seen before or after; each
/// content is seen in one state.
///
/// `clock` must outlive it.
/// Errors: those of `azure::Table`.
[[nodiscard]] auto
open_azure_ledger(AzureLedgerPlace place, Clock& clock, const AzureLedgerOptions& options = {})
    -> Result<std::unique_ptr<Ledger>>;

} // namespace sluice::ledger

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "archive/archive.hpp"
#include "base/date_time.hpp"
#include "base/result.hpp"
#include "ledger/ledger.hpp"

namespace sluice::pipeline {

/// Enters every raw content of `archive` in `ledger`, so that collect reads it there and the rules,
/// claims and deliveries come out as before. For a ledger that was lost: the archive alone knows
/// everything that was received. Contents that the ledger knows are left as they are.
/// Returns how many were entered.
/// Errors: storage; those of the ledger.
[[nodiscard]] auto adopt_archive(archive::Archive& archive, ledger::Ledger& ledger, DateTime now)
    -> Result<std::uint64_t>;

} // namespace sluice::pipeline

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/sqlite_database.hpp"

namespace sluice::ledger::sqlite {

/// Brings the tables to the version of this program, in one transaction.
/// Errors: invalid_input when they are of a newer version, or the file is not a ledger at all.
[[nodiscard]] auto migrate(Database& database) -> Result<>;

/// Says whether the tables are of the version of this program, without changing them.
/// Errors: invalid_input when they are not.
[[nodiscard]] auto check_version(Database& database) -> Result<>;

} // namespace sluice::ledger::sqlite

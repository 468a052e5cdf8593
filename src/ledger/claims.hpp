// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "ledger/sqlite_database.hpp"

namespace sluice::ledger::sqlite {

/// Claims the record ids for a content of a tenant and gives up what it claimed before and does not
/// claim now. Returns the positions that another content, or an earlier position, owns.
/// Within a transaction. Errors: those of `Ledger`.
[[nodiscard]] auto claim(Database& database,
                         std::int64_t tenant_no,
                         std::int64_t content_no,
                         std::span<const std::string> record_ids,
                         DateTime now) -> Result<std::vector<std::uint32_t>>;

/// Forgets the claims that at most `limit` delivered contents made before `before`. Returns how
/// many contents and ids it forgot; no contents when there are no more. Within a transaction.
/// Errors: those of `Ledger`.
struct Forgotten {
  std::uint64_t contents = 0;
  std::uint64_t ids = 0;
};
[[nodiscard]] auto forget_claims(Database& database, DateTime before, std::size_t limit)
    -> Result<Forgotten>;

/// Positions as the bytes of a column (four bytes each, lowest first), and back.
[[nodiscard]] auto pack(std::span<const std::uint32_t> positions) -> std::vector<std::byte>;
[[nodiscard]] auto unpack(Blob bytes) -> std::vector<std::uint32_t>;

} // namespace sluice::ledger::sqlite

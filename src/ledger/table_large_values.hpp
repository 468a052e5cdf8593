// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/table_space.hpp"

namespace sluice::ledger::tables {

/// Changes by row, each row once.
using RowChanges = std::map<std::string, azure::TableChange>;

/// Bytes of any kind as a property of a row, up to `most_large_bytes`. What does not fit into the
/// row stands in rows beside it, `bulk|ROW|NUMBER`, of which the property `Parts` says how many
/// there are.
constexpr std::size_t most_large_bytes = std::size_t{16} * 1024 * 1024;

/// Adds what writes `entity` with `bytes` under `name`, in place of a row that had `parts_before`
/// parts. Gives the number of parts.
/// Errors: invalid_input when there are too many bytes; `what` names them.
[[nodiscard]] auto put_large(azure::TableEntity entity,
                             const std::string& name,
                             std::string_view bytes,
                             std::int64_t parts_before,
                             std::string_view what,
                             RowChanges& changes) -> Result<std::int64_t>;
/// The rows of its parts, to be removed with `entity`, which needs its `Parts` alone.
[[nodiscard]] auto removals_of_parts(const azure::TableEntity& entity) -> ChangeGroup;
/// What stands there, parts included.
/// Errors: storage; corrupt when a part is missing.
[[nodiscard]] auto large_of(const Space& space,
                            const azure::TableEntity& entity,
                            const std::string& name) -> Result<std::string>;

} // namespace sluice::ledger::tables

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::kusto {

/// Rows that a cluster is to take, all or none.
struct Rows {
  std::string table;
  std::string mapping; ///< The name of one of the table's JSON mappings.
  /// JSON objects with line ends between them.
  std::string_view objects;
  /// Names the rows for good: a table takes the rows of one tag once (`ingest-by:`). Letters,
  /// digits and `-`.
  std::string tag;
};

/// What became of rows that are in their table now.
enum class Ingested : std::uint8_t {
  streamed,
  queued,
  skipped, ///< They were there: an earlier attempt had succeeded.
};

} // namespace sluice::kusto

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kql/schema.hpp"
#include "kql/value.hpp"

/// Files that queries name, as text that somebody has at hand: nothing is fetched.
namespace sluice::kql {

/// The text for what `externaldata` calls by its address, and `_GetWatchlist` by `watchlist:` and
/// its name; nothing when there is none.
using LocalCopies = std::function<std::optional<std::string>(std::string_view address)>;

/// How a text is cut into rows.
struct FileFormat {
  /// csv, tsv, psv, scsv (`;`), txt (a column of lines), raw (one value), json, multijson; empty:
  /// as the address ends, else csv.
  std::string name;
  bool ignores_first = false; ///< The first row is a header.
};

/// The rows of a text in the types of `columns`: fields by their place, members of JSON objects by
/// their name. What is missing or does not fit is null.
/// Errors: invalid_input for a format that is not served, and for JSON that is none.
[[nodiscard]] auto read_rows(std::string_view text, const Schema& columns, const FileFormat& format)
    -> Result<std::vector<std::vector<Value>>>;

/// The names in the first line of a CSV text.
[[nodiscard]] auto csv_header(std::string_view text) -> std::vector<std::string>;

} // namespace sluice::kql

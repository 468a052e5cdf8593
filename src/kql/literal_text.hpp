// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "kql/type.hpp"
#include "kql/value.hpp"

namespace sluice::kql {

struct NumberLiteral {
  std::optional<Value> value; ///< Nothing when the text is no number after all (`12abc`).
  std::size_t length = 0;
};

/// Reads the number or timespan that `text` begins with (a digit): `42`, `0x2A`, `1.5e3`, `1d`,
/// `1.5h`, `10microseconds`.
[[nodiscard]] auto read_number_literal(std::string_view text) -> NumberLiteral;

/// How many bytes there are before the `)` that closes `datetime(`; strings and brackets inside are
/// passed over. Nothing when it is not closed.
[[nodiscard]] auto typed_literal_length(std::string_view inside) -> std::optional<std::size_t>;

/// The value of `datetime(inside)`, `dynamic(inside)` and so on; nothing when it cannot be read.
/// `null` is read for every type.
[[nodiscard]] auto read_typed_literal(Type type, std::string_view inside) -> std::optional<Value>;

/// How many bytes the blank takes that `text` begins with, Unicode's and marks without width too; 0
/// when it begins with none.
[[nodiscard]] auto blank_width(std::string_view text) -> std::size_t;

/// Whether `datetime(inside)` depends on the day of the query: `now`, or a quoted time alone
/// (`"8:00 AM"`).
[[nodiscard]] auto depends_on_now(std::string_view inside) -> bool;

} // namespace sluice::kql

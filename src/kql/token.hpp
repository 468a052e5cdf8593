// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "kql/span.hpp"
#include "kql/value.hpp"

namespace sluice::kql {

enum class TokenKind : std::uint8_t {
  name,        ///< `Severity`, keywords too: the language has hardly any reserved words.
  quoted_name, ///< `['two words']`; `value` holds the name.
  literal,     ///< Any constant; `value` holds it.
  symbol,      ///< `==`, `(`, `..`, `!has`, `in~`: operators and punctuation.
  end,
};

struct Token {
  TokenKind kind = TokenKind::end;
  Span span;
  std::string_view text; ///< The token as it stands in the query.
  Value value;
};

} // namespace sluice::kql

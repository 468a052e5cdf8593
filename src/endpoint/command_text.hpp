// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kql/value.hpp"

namespace sluice::endpoint {

/// One word of a command.
struct CommandWord {
  enum class Kind {
    word,    ///< `show`, `create-merge`, `T`
    name,    ///< `['my table']`
    literal, ///< A constant; `value` holds it.
    symbol,  ///< `(`, `=`, `,`
  };
  Kind kind = Kind::symbol;
  std::string text; ///< A name without its quotes.
  kql::Value value;
};

/// A command cut into words: `.create-merge table T (a: string)` begins with `create-merge`.
///
/// Use:     `parse`, then ask and take words from the front.
/// Threads: one at a time.
class CommandText {
public:
  /// `text` begins with a dot, and outlives the object.
  /// Errors: invalid_input when it cannot be read.
  [[nodiscard]] static auto parse(std::string_view text) -> Result<CommandText>;

  /// Takes the words of `phrase` (blanks between them) when they stand in front, in any case.
  auto accept(std::string_view phrase) -> bool;
  /// Errors: invalid_input when they do not.
  [[nodiscard]] auto expect(std::string_view phrase) -> Result<>;
  /// Takes the name of an entity: a word or a quoted one, or a text.
  /// Errors: invalid_input when there is none.
  [[nodiscard]] auto name() -> Result<std::string>;
  /// Takes a text.
  /// Errors: as `name`.
  [[nodiscard]] auto text() -> Result<std::string>;
  /// Takes any word; nothing at the end.
  auto next() -> std::optional<CommandWord>;
  [[nodiscard]] auto at_end() const noexcept -> bool { return at_ == words_.size(); }

  /// What stands behind the command's own `|`, and so is a query over its rows.
  [[nodiscard]] auto query() const noexcept -> std::string_view { return query_; }
  /// What stands behind `<|`, as it is.
  [[nodiscard]] auto data() const noexcept -> std::string_view { return data_; }

private:
  std::vector<CommandWord> words_;
  std::size_t at_ = 0;
  std::string_view query_;
  std::string_view data_;
};

} // namespace sluice::endpoint

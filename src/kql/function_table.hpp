// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "kql/type.hpp"
#include "kql/value.hpp"

/// One row for each scalar function and operator, one for each aggregate. Binder, evaluator, the
/// store's SQL and the documentation all read these rows; nothing else knows a function by name.
///
/// To add a function: a row in the table of its family (`function/<family>.cpp`) and a case in
/// `tests/kql/`.
namespace sluice::kql {

/// Longer texts are cut and longer dynamic values become null, as the engine limits them
/// (documented).
inline constexpr std::size_t max_text_bytes = 1024 * 1024;

/// What an evaluation may depend on besides its arguments.
struct EvaluationContext {
  /// Constant within one query, or one batch of records.
  DateTime now{};
  /// Rules: a missing field is unknown rather than empty (see `predicate.hpp`).
  bool missing_is_unknown = false;
};

/// Which page of the documentation a row belongs to.
enum class Family : std::uint8_t {
  comparison,
  logic,
  arithmetic,
  text,
  conversion,
  dynamic,
  time,
  network,
  series,
  geo,
};

/// A scalar function or operator.
struct Function {
  /// The spelling in plans and documentation: `has`, `==`, `strcat`, `[]` for member access.
  std::string_view name;
  /// Further spellings that mean the same, such as `todynamic`.
  std::vector<std::string_view> other_names;
  Family family;
  /// Parameters and result; forms are separated by `;`. A parameter is a type's name, `any`,
  /// `number`, `integer`, `same` (all of these take their common type), `[x]` if it may be left
  /// out, `x...` if it may repeat. The result is a type's name, `first` (the first argument's),
  /// `same`, or `wider` (the wider number, at least long).
  /// `"string, long, [long] -> string"`
  std::string_view signature;
  /// One sentence.
  std::string_view about;
  /// An expression; the answer follows ` => `.
  std::string_view example;
  /// Wants arguments of the types that the signature allows (the binder sees to that), null and
  /// absent ones among them; gives a value of the expression's type or null. Never throws, keeps
  /// nothing. Threads: all at once. The result may borrow from the arguments.
  auto (*evaluate)(std::span<const Value> arguments, EvaluationContext& context) -> Value;
  /// An unnamed column made by this keeps its argument's name (`tostring(x)` is `x`).
  bool keeps_name = false;
  /// Looks at absent arguments itself; all others answer absent as soon as one argument is.
  bool sees_absent = false;
  /// Written between or before its operands: not callable by name.
  bool is_operator = false;
  /// Bounds its result itself, so that `max_text_bytes` does not.
  bool may_be_long = false;
};

/// An aggregate function of `summarize`.
struct Aggregate {
  std::string_view name;
  std::vector<std::string_view> other_names;
  /// As in `Function`. `arg_max` and its kind: the first argument decides, the others come along.
  std::string_view signature;
  std::string_view about;
  std::string_view example;
  /// What an unnamed result is called: this, then `_`, then the argument's column name. Empty: the
  /// argument's name alone (`arg_max`, `take_any`).
  std::string_view column_prefix;
};

/// All rows, by family.
[[nodiscard]] auto functions() -> std::span<const Function>;
[[nodiscard]] auto aggregates() -> std::span<const Aggregate>;

/// By any spelling; null when there is none. Operators are found by their own spelling (`==`).
[[nodiscard]] auto find_function(std::string_view name) -> const Function*;
[[nodiscard]] auto find_aggregate(std::string_view name) -> const Aggregate*;

/// Calls `function.evaluate` with what holds for all functions: unless it `sees_absent`, an absent
/// argument makes the result absent (rules) or is passed on as null (queries). Both back ends call
/// functions through this. `result` is the expression's type.
[[nodiscard]] auto call(const Function& function,
                        Type result,
                        std::span<const Value> arguments,
                        EvaluationContext& context) -> Value;

} // namespace sluice::kql

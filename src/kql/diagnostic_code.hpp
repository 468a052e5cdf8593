// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::kql {

/// What kind of mistake a diagnostic tells of; `code_rows` says what each stands for. Stable, for
/// programs.
enum class Code : std::uint8_t {
  // Of the text.
  unclosed,
  malformed,
  unexpected,
  expected,
  missing_expression,
  column_needs_text,
  star_needs_text,
  ambiguous_star,
  reserved_name,
  unknown_operator,
  unknown_type,
  unknown_directive,
  needs_argument_list,
  too_long,
  too_deep,
  // Of names.
  unknown_name,
  unknown_table,
  unknown_function,
  unknown_plugin,
  duplicate_column,
  duplicate_variable,
  not_on_both_sides,
  bad_join_condition,
  bad_join_operand,
  expected_column,
  expected_renaming,
  missing_columns,
  no_columns,
  misplaced_star,
  misplaced_aggregate,
  misplaced_index,
  // Of types and arguments.
  wrong_operands,
  wrong_type,
  wrong_expression_type,
  type_not_allowed,
  argument_count,
  argument_range,
  missing_argument,
  not_constant,
  not_integer,
  not_number,
  not_summable,
  not_orderable,
  not_one_of,
  no_common_type,
  join_types,
  join_on_dynamic,
  not_several_values,
  nameless_values,
  value_count,
  expected_value,
  expected_rows,
  needs_rows,
  not_reachable,
  // Sluice's own.
  not_supported,
  no_local_copy,
  bad_file,
  no_order,
  misplaced_row_function,
  bad_regex,
  bad_format,
  bad_range,
  needs_data,
  no_answer,
  too_large,
  no_ingestion_time,
  no_parameter_value,
  no_query,
  assertion,
};

struct CodeRow {
  Code code;
  std::string_view number; ///< `KS...` as the language's own tools say, else `SL...`.
  std::string_view about;  ///< The situation, in a few words.
};

/// All codes, in the order of the enumeration. The numbers that begin with KS are those of
/// Kusto.Language, the library behind the editors of the language, for the same situation.
[[nodiscard]] auto code_rows() noexcept -> std::span<const CodeRow>;

/// Whether the number is one of the language's own.
[[nodiscard]] auto is_official(Code code) noexcept -> bool;

/// `KS142`
[[nodiscard]] auto to_text(Code code) noexcept -> std::string_view;

} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0
#include "kql/diagnostic_code.hpp"

#include <array>
#include <cstddef>

namespace sluice::kql {
namespace {

constexpr auto rows = std::to_array<CodeRow>({
    {Code::unclosed, "KS001", "A text has no end."},
    {Code::malformed, "KS004", "A literal is not one of its type."},
    {Code::unexpected, "KS002", "Something stands where nothing of its kind can."},
    {Code::expected, "KS005", "Another word or sign must stand here."},
    {Code::missing_expression, "KS006", "An expression, a name or a clause is missing."},
    {Code::column_needs_text, "KS101", "In `parse`, two columns without a text between them."},
    {Code::star_needs_text, "KS102", "In `parse`, `*` without a text behind it."},
    {Code::ambiguous_star, "KS103", "In `parse`, `*` behind a column of unknown length."},
    {Code::reserved_name, "KS228", "A word of the language used as a name, without brackets."},
    {Code::unknown_operator, "KS176", "There is no such operator."},
    {Code::unknown_type, "KS160", "There is no such type."},
    {Code::unknown_directive, "KS250", "A line that begins with `#`."},
    {Code::needs_argument_list, "KS117", "A function without its brackets."},
    {Code::too_long, "KS244", "The text is too long."},
    {Code::too_deep, "KS245", "The text is nested too deeply."},
    {Code::unknown_name, "KS142", "No column or constant has this name."},
    {Code::unknown_table, "KS204", "No table has this name."},
    {Code::unknown_function, "KS211", "No function has this name."},
    {Code::unknown_plugin, "KS124", "No plugin of `evaluate` has this name."},
    {Code::duplicate_column, "KS171", "Two columns would have one name."},
    {Code::duplicate_variable, "KS201", "Two `let` statements have one name."},
    {Code::not_on_both_sides, "KS145", "A side of the join lacks the column."},
    {Code::bad_join_condition, "KS182", "A join compares something else than columns."},
    {Code::bad_join_operand, "KS183", "A side of a comparison in `on` names no side's column."},
    {Code::expected_column, "KS109", "Only the name of a column may stand here."},
    {Code::expected_renaming, "KS110", "Only `new = old` may stand here."},
    {Code::missing_columns, "KS249", "The rows lack a column that is asked of them."},
    {Code::no_columns, "KS190", "The rows have no column."},
    {Code::misplaced_star, "KS191", "`*` may not stand here."},
    {Code::misplaced_aggregate, "KS144", "An aggregate outside `summarize` and its like."},
    {Code::misplaced_index, "KS147", "Brackets behind a value that is not dynamic."},
    {Code::wrong_operands, "KS106", "The operator does not take values of these types."},
    {Code::wrong_type, "KS107", "The function does not take a value of this type."},
    {Code::wrong_expression_type, "KS141", "A value of one type alone may stand here."},
    {Code::type_not_allowed, "KS116", "Rows have no order and no groups by a value of this type."},
    {Code::argument_count, "KS119", "The function takes another number of arguments."},
    {Code::argument_range, "KS120", "The function takes more arguments, or fewer."},
    {Code::missing_argument, "KS197", "A parameter is given no value."},
    {Code::not_constant, "KS129", "Only a constant may stand here."},
    {Code::not_integer, "KS134", "Only a whole number may stand here."},
    {Code::not_number, "KS137", "Only a number may stand here."},
    {Code::not_summable, "KS138", "Only a number, a timespan or a datetime may stand here."},
    {Code::not_orderable, "KS206", "Only a value that has an order may stand here."},
    {Code::not_one_of, "KS140", "Only one of a few words may stand here."},
    {Code::no_common_type, "KS232", "The values have no type in common."},
    {Code::join_types, "KS227", "The columns of a join have different types."},
    {Code::join_on_dynamic, "KS241", "A column of a join is dynamic."},
    {Code::not_several_values, "KS149", "Several names for one value."},
    {Code::nameless_values, "KS150", "More names than values."},
    {Code::value_count, "KS173", "The values do not fill whole rows."},
    {Code::expected_value, "KS108", "Rows stand where a value must."},
    {Code::expected_rows, "KS111", "A value stands where rows must."},
    {Code::needs_rows, "KS174", "An operator without rows before it."},
    {Code::not_reachable, "KS207", "It is in another cluster or database."},
    {Code::not_supported, "SL001", "It is part of the language, and not served here."},
    {Code::no_local_copy, "SL002", "A file or watch-list has no local copy."},
    {Code::bad_file, "SL003", "A local copy cannot be read."},
    {Code::no_order, "SL004", "The rows have no order that the function could follow."},
    {Code::misplaced_row_function, "SL005", "A function over rows in their order, elsewhere."},
    {Code::bad_regex, "SL006", "The text is not a regular expression."},
    {Code::bad_format, "SL007", "The text is not a format."},
    {Code::bad_range, "SL008", "The range has no end, or too many rows."},
    {Code::needs_data, "SL009", "Only the rows can tell which columns there are."},
    {Code::no_answer, "SL010", "The rows that tell the columns could not be read."},
    {Code::too_large, "SL011", "The query has more of something than is served."},
    {Code::no_ingestion_time, "SL012", "There is no ingestion time here."},
    {Code::no_parameter_value, "SL013", "A parameter of the query has no value."},
    {Code::no_query, "SL014", "There are statements and no query, or nothing at all."},
    {Code::assertion, "SL015", "The condition of an `assert` does not hold."},
});

constexpr auto are_in_order = [] {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<std::size_t>(rows[i].code) != i) {
      return false;
    }
  }
  return rows.size() == static_cast<std::size_t>(Code::assertion) + 1;
}();
static_assert(are_in_order);

} // namespace

auto code_rows() noexcept -> std::span<const CodeRow> {
  return rows;
}

auto is_official(Code code) noexcept -> bool {
  return to_text(code).starts_with("KS");
}

auto to_text(Code code) noexcept -> std::string_view {
  return rows[static_cast<std::size_t>(code)].number;
}

} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0
#include "store/sql_native.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/date_time.hpp"
#include "store/sql.hpp"

namespace sluice::store {
namespace {

using kql::Expression;
using kql::Type;
using MaybeSql = std::optional<std::string>;

auto as_call(const Expression& expression, std::string_view function) -> const kql::Call* {
  const auto* call = std::get_if<kql::Call>(&expression.node);
  return call != nullptr && call->function->name == function ? call : nullptr;
}

auto as_literal(const Expression& expression) -> const kql::Value* {
  const auto* literal = std::get_if<kql::Literal>(&expression.node);
  return literal == nullptr || literal->value.is_null() ? nullptr : &literal->value;
}

/// A text that SQL can have between quotes.
auto as_text(const Expression& expression) -> std::optional<std::string_view> {
  const auto* value = as_literal(expression);
  if (value == nullptr || expression.type != Type::string ||
      value->text().find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  return value->text();
}

/// A constant as SQL, if SQL compares it as the language does.
auto constant(const Expression& expression, Type wanted) -> MaybeSql {
  const auto* value = as_literal(expression);
  const bool fits =
      expression.type == wanted || (kql::is_integer(expression.type) && kql::is_integer(wanted));
  if (value == nullptr || !fits) {
    return std::nullopt;
  }
  switch (wanted) {
  case Type::int32:
  case Type::int64:
  case Type::datetime:
  case Type::timespan:
    return fmt::format("{}", value->as_integer());
  case Type::string:
    if (const auto text = as_text(expression)) {
      return sql_quoted(*text);
    }
    return std::nullopt;
  default:
    return std::nullopt;
  }
}

/// `value op constant`.
auto comparison(const Expression& expression) -> MaybeSql {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> operators{{
      {"==", "="},
      {"!=", "IS DISTINCT FROM"},
      {"<", "<"},
      {"<=", "<="},
      {">", ">"},
      {">=", ">="},
  }};
  for (const auto& [name, sql] : operators) {
    const auto* call = as_call(expression, name);
    if (call == nullptr || call->arguments.size() != 2) {
      continue;
    }
    const auto left = native_value(*call->arguments[0]);
    const auto right = constant(*call->arguments[1], call->arguments[0]->type);
    if (left && right) {
      return fmt::format("{} {} {}", *left, sql, *right);
    }
  }
  return std::nullopt;
}

/// `value in (constants)`; a null is in no list.
auto membership(const Expression& expression) -> MaybeSql {
  const auto* in = as_call(expression, "in");
  const auto* call = in != nullptr ? in : as_call(expression, "!in");
  if (call == nullptr || call->arguments.size() < 2) {
    return std::nullopt;
  }
  const auto value = native_value(*call->arguments[0]);
  if (!value) {
    return std::nullopt;
  }
  std::string list;
  for (std::size_t i = 1; i < call->arguments.size(); ++i) {
    const auto item = constant(*call->arguments[i], call->arguments[0]->type);
    if (!item) {
      return std::nullopt;
    }
    list += (list.empty() ? "" : ", ") + *item;
  }
  return in != nullptr ? fmt::format("{} IN ({})", *value, list)
                       : fmt::format("{0} IS NULL OR {0} NOT IN ({1})", *value, list);
}

/// No character folds to a digit or sign of ASCII but itself: among these, case does not matter.
auto has_no_case(std::string_view text) -> bool {
  return std::ranges::all_of(text, [](char c) {
    return static_cast<unsigned char>(c) < 0x80 && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z');
  });
}

struct TextSearch {
  std::string sql;
  bool is_negated = false;
};

/// `column startswith constant` and its kind, where it is a matter of bytes.
auto text_search(const Expression& expression) -> std::optional<TextSearch> {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> functions{{
      {"startswith", "starts_with"},
      {"endswith", "ends_with"},
      {"contains", "contains"},
  }};
  const auto* call = std::get_if<kql::Call>(&expression.node);
  if (call == nullptr || call->arguments.size() != 2 || call->arguments[0]->type != Type::string) {
    return std::nullopt;
  }
  std::string_view name = call->function->name;
  const bool is_negated = name.starts_with('!');
  name.remove_prefix(is_negated ? 1 : 0);
  const bool minds_case = name.ends_with("_cs");
  name.remove_suffix(minds_case ? 3 : 0);
  const auto* const function = std::ranges::find(functions, name, [](auto& f) { return f.first; });
  const auto text = native_value(*call->arguments[0]);
  const auto wanted = as_text(*call->arguments[1]);
  if (function == functions.end() || !text || !wanted || wanted->empty() ||
      !(minds_case || has_no_case(*wanted))) {
    return std::nullopt;
  }
  return TextSearch{fmt::format("{}({}, {})", function->second, *text, sql_quoted(*wanted)),
                    is_negated};
}

/// `bin` of a time, which is never before the year 1.
auto bin_of_time(const Expression& expression) -> MaybeSql {
  if (expression.type != Type::datetime) {
    return std::nullopt;
  }
  std::int64_t width = 0;
  const auto* call = as_call(expression, "bin");
  if (call != nullptr && call->arguments.size() == 2) {
    const auto* size = as_literal(*call->arguments[1]);
    width = size != nullptr && size->type() == Type::timespan ? size->as_integer() : 0;
  } else if (call = as_call(expression, "startofday");
             call != nullptr && call->arguments.size() == 1) {
    width = std::chrono::duration_cast<Ticks>(std::chrono::days{1}).count();
  }
  const auto time = width <= 0 ? std::nullopt : native_value(*call->arguments[0]);
  return time ? MaybeSql{fmt::format("({0} - {0} % {1})", *time, width)} : std::nullopt;
}

auto is_ascii(std::string_view text) -> bool {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

} // namespace

auto native_sieve(const Expression& expression) -> MaybeSql {
  constexpr auto searches = std::to_array<std::string_view>(
      {"has", "hasprefix", "hassuffix", "contains", "startswith", "endswith", "=~"});
  const auto* call = std::get_if<kql::Call>(&expression.node);
  if (call == nullptr || std::ranges::find(searches, call->function->name) == searches.end() ||
      call->arguments[0]->type != Type::string) {
    return std::nullopt;
  }
  const auto text = native_value(*call->arguments[0]);
  const auto wanted = as_text(*call->arguments[1]);
  if (!text || !wanted || wanted->empty() || !is_ascii(*wanted)) {
    return std::nullopt;
  }
  std::string lower;
  std::ranges::transform(*wanted, std::back_inserter(lower), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  auto sql = fmt::format("contains(lower({}), {})", *text, sql_quoted(lower));
  // The only characters outside of ASCII that fold to a letter of it, where SQL has them stay.
  for (const auto& [letter, other] : {std::pair{'s', "\xC5\xBF"}, {'k', "\xE2\x84\xAA"}}) {
    if (lower.find(letter) != std::string::npos) {
      sql += fmt::format(" OR contains({}, '{}')", *text, other);
    }
  }
  return "(" + sql + ")";
}

auto native_value(const Expression& expression) -> MaybeSql {
  if (const auto* column = std::get_if<kql::ColumnRef>(&expression.node)) {
    return fmt::format("c{}", column->index);
  }
  if (const auto search = text_search(expression)) {
    // An outer join leaves null where a text is "".
    return fmt::format("({}coalesce({}, false))", search->is_negated ? "NOT " : "", search->sql);
  }
  return bin_of_time(expression);
}

auto native_condition(const Expression& expression) -> MaybeSql {
  if (const auto search = text_search(expression); search && !search->is_negated) {
    return search->sql;
  }
  if (const auto member = membership(expression)) {
    return member;
  }
  if (const auto compared = comparison(expression)) {
    return compared;
  }
  return expression.type == Type::boolean ? native_value(expression) : std::nullopt;
}

} // namespace sluice::store

// SPDX-License-Identifier: Apache-2.0
#include <cstddef>

#include "kql/case_fold.hpp"
#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"
#include "kql/function/families.hpp"

namespace sluice::kql {
namespace {

using Arguments = std::span<const Value>;

/// `decisive` (false for and, true for or) settles it, wherever it stands.
template <bool decisive>
auto connect(Arguments a, EvaluationContext&) -> Value {
  bool unknown = false;
  for (const auto& value : a) {
    if (value.is_null()) {
      unknown = true;
    } else if (value.as_boolean() == decisive) {
      return Value::boolean(decisive);
    }
  }
  return unknown ? Value::null(Type::boolean) : Value::boolean(!decisive);
}

auto negate(Arguments a, EvaluationContext&) -> Value {
  return a[0].is_null() ? Value::null(Type::boolean) : Value::boolean(!a[0].as_boolean());
}

/// iff and case: a rule's unknown condition makes the whole unknown, not its second branch.
auto choose(Arguments a, EvaluationContext& context) -> Value {
  for (std::size_t i = 0; i + 1 < a.size(); i += 2) {
    if (a[i].is_absent() && context.missing_is_unknown) {
      return Value::absent(a.back().type());
    }
    if (!a[i].is_null() && a[i].as_boolean()) {
      return a[i + 1];
    }
  }
  return a.back();
}

auto is_blank(const Value& value) -> bool {
  return value.is_null() || ((value.type() == Type::string || value.type() == Type::dynamic) &&
                             to_text(value).empty());
}

auto coalesce(Arguments a, EvaluationContext&) -> Value {
  for (const auto& value : a) {
    const bool is_missing = value.type() == Type::string ? value.text().empty() : value.is_null();
    if (!is_missing) {
      return value;
    }
  }
  return Value::null(a.back().type());
}

template <bool wanted>
auto empty(Arguments a, EvaluationContext&) -> Value {
  return Value::boolean(is_blank(a[0]) == wanted);
}

template <bool wanted>
auto null(Arguments a, EvaluationContext& context) -> Value {
  // A text is never null in the language; a rule may still ask whether the field is there.
  const bool is_null =
      a[0].type() == Type::string && !context.missing_is_unknown ? false : a[0].is_null();
  return Value::boolean(is_null == wanted);
}

} // namespace

auto logic_functions() -> std::vector<Function> {
  constexpr auto logic = Family::logic;
  std::vector<Function> rows{
      {"and",
       {},
       logic,
       "bool... -> bool",
       "All are true.",
       "true and false => false",
       connect<false>},
      {"or",
       {},
       logic,
       "bool... -> bool",
       "At least one is true.",
       "true or false => true",
       connect<true>},
      {"not",
       {},
       logic,
       "bool -> bool",
       "The opposite; not of null is null.",
       "not(true) => false",
       negate},
      {"iff",
       {"iif"},
       logic,
       "bool, same, same -> same",
       "The second argument if the first is true, else the third.",
       "iff(1 > 2, \"a\", \"b\") => b",
       choose},
      {"case",
       {},
       logic,
       "(bool, same)..., same -> same",
       "The value behind the first condition that is true, else the last.",
       "case(false, 1, true, 2, 3) => 2",
       choose},
      {"coalesce",
       {},
       logic,
       "same... -> same",
       "The first that is not null (a text: not empty).",
       "coalesce(\"\", \"b\") => b",
       coalesce},
      {"isempty",
       {},
       logic,
       "any -> bool",
       "Null or an empty text.",
       "isempty(\"\") => true",
       empty<true>},
      {"isnotempty",
       {"notempty"},
       logic,
       "any -> bool",
       "Neither null nor an empty text.",
       "isnotempty(\"\") => false",
       empty<false>},
      {"isnull",
       {},
       logic,
       "any -> bool",
       "Null; a text never is.",
       "isnull(int(null)) => true",
       null<true>},
      {"isnotnull",
       {"notnull"},
       logic,
       "any -> bool",
       "Not null.",
       "isnotnull(\"\") => true",
       null<false>},
  };
  for (auto& row : rows) {
    row.sees_absent = row.name != "not";
    row.is_operator = row.name == "and" || row.name == "or";
  }
  return rows;
}

} // namespace sluice::kql

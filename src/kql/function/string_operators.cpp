// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <re2/re2.h>

#include "kql/case_fold.hpp"
#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"
#include "kql/function/families.hpp"
#include "kql/text_match.hpp"

namespace sluice::kql {
namespace {

using Arguments = std::span<const Value>;

enum class How : std::uint8_t { equal, has, prefix, suffix, contains, starts, ends };

auto holds(How how, Case letters, std::string_view text, std::string_view wanted) -> bool {
  switch (how) {
  case How::equal:
    return equal_folded(text, wanted);
  case How::has:
    return has(text, wanted, letters, {});
  case How::prefix:
    return has(text, wanted, letters, {true, false});
  case How::suffix:
    return has(text, wanted, letters, {false, true});
  case How::contains:
    return contains(text, wanted, letters);
  case How::starts:
    return starts_with(text, wanted, letters);
  case How::ends:
    return ends_with(text, wanted, letters);
  }
  return false;
}

template <How how, Case letters, bool wanted>
auto match(Arguments a, EvaluationContext&) -> Value {
  return Value::boolean(holds(how, letters, a[0].text(), a[1].text()) == wanted);
}

/// Asks about every text that the arguments hold, those inside dynamic arrays too, until `found`.
template <class Found>
auto any_text(Arguments wanted, Found found) -> bool {
  return std::any_of(wanted.begin(), wanted.end(), [&](const Value& value) {
    if (value.type() != Type::dynamic || json_kind(value.text()) != JsonKind::array) {
      return found(to_text(value));
    }
    for (JsonItems item{value.text()}; item.next();) {
      if (found(json_to_text(item.value()))) {
        return true;
      }
    }
    return false;
  });
}

auto has_any(Arguments a, EvaluationContext&) -> Value {
  return Value::boolean(any_text(a.subspan(1), [&](std::string_view wanted) {
    return has(a[0].text(), wanted, Case::folded, {});
  }));
}

auto has_all(Arguments a, EvaluationContext&) -> Value {
  return Value::boolean(!any_text(a.subspan(1), [&](std::string_view wanted) {
    return !has(a[0].text(), wanted, Case::folded, {});
  }));
}

auto matches_regex(Arguments a, EvaluationContext&) -> Value {
  const auto expression = regular_expression(a[1].text());
  return expression == nullptr ? Value::null(Type::boolean)
                               : Value::boolean(re2::RE2::PartialMatch(a[0].text(), *expression));
}

constexpr std::string_view form = "string, string -> bool";

/// The four spellings of one kind of match: plain and negated, case set aside and minded.
template <How how>
void add_match(std::vector<Function>& rows,
               const std::array<std::string_view, 4>& names,
               std::string_view about,
               std::string_view example) {
  constexpr std::string_view opposite = "The opposite of the form without `!`.";
  constexpr std::string_view minded = "The same, upper and lower case being different.";
  const std::array<std::pair<std::string_view, decltype(Function::evaluate)>, 4> meanings{{
      {about, match<how, Case::folded, true>},
      {opposite, match<how, Case::folded, false>},
      {minded, match<how, Case::matters, true>},
      {opposite, match<how, Case::matters, false>},
  }};
  for (std::size_t i = 0; i < names.size(); ++i) {
    rows.push_back({names[i],
                    {},
                    Family::text,
                    form,
                    meanings[i].first,
                    i == 0 ? example : std::string_view{},
                    meanings[i].second});
  }
}

} // namespace

auto string_operators() -> std::vector<Function> {
  constexpr auto text = Family::text;
  std::vector<Function> rows{
      {"=~",
       {},
       text,
       form,
       "Equal, case set aside (Unicode simple folding).",
       "\"CAFÉ\" =~ \"café\" => true",
       match<How::equal, Case::folded, true>},
      {"!~",
       {},
       text,
       form,
       "Not equal, case set aside.",
       "\"a\" !~ \"A\" => false",
       match<How::equal, Case::folded, false>},
      {"has_any",
       {},
       text,
       "string, any... -> bool",
       "Has at least one of the words.",
       "\"red car\" has_any (\"blue\", \"red\") => true",
       has_any},
      {"has_all",
       {},
       text,
       "string, any... -> bool",
       "Has all of the words.",
       "\"red car\" has_all (\"car\", \"red\") => true",
       has_all},
      {"matches regex",
       {},
       text,
       form,
       "A match of the regular expression (RE2) is somewhere in it.",
       "\"a1\" matches regex @\"\\d\" => true",
       matches_regex},
  };
  add_match<How::has>(rows,
                      {"has", "!has", "has_cs", "!has_cs"},
                      "Holds the text as a whole word: no letter or digit touches it.",
                      "\"alpha_beta\" has \"ALPHA\" => true");
  add_match<How::prefix>(rows,
                         {"hasprefix", "!hasprefix", "hasprefix_cs", "!hasprefix_cs"},
                         "Holds the text at the beginning of a word.",
                         "\"alphabet soup\" hasprefix \"alpha\" => true");
  add_match<How::suffix>(rows,
                         {"hassuffix", "!hassuffix", "hassuffix_cs", "!hassuffix_cs"},
                         "Holds the text at the end of a word.",
                         "\"alphabet soup\" hassuffix \"bet\" => true");
  add_match<How::contains>(rows,
                           {"contains", "!contains", "contains_cs", "!contains_cs"},
                           "Holds the text anywhere.",
                           "\"50% off\" contains \"0%\" => true");
  add_match<How::starts>(rows,
                         {"startswith", "!startswith", "startswith_cs", "!startswith_cs"},
                         "Begins with the text.",
                         "\"Abc\" startswith \"ab\" => true");
  add_match<How::ends>(rows,
                       {"endswith", "!endswith", "endswith_cs", "!endswith_cs"},
                       "Ends with the text.",
                       "\"abC\" endswith \"bc\" => true");
  for (auto& row : rows) {
    row.is_operator = true;
  }
  return rows;
}

} // namespace sluice::kql

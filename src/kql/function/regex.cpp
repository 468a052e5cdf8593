// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <re2/re2.h>

#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"
#include "kql/function/families.hpp"
#include "kql/text_match.hpp"

namespace sluice::kql {
namespace {

using Arguments = std::span<const Value>;
using re2::RE2;
using re2::StringPiece;

auto view(const StringPiece& piece) -> std::string_view {
  return piece.data() == nullptr ? std::string_view{}
                                 : std::string_view{piece.data(), piece.size()};
}

/// Finds the first match from `from` on; groups[0] is the whole of it.
auto find(const RE2& expression,
          std::string_view text,
          std::size_t from,
          std::vector<StringPiece>& groups) -> bool {
  groups.assign(static_cast<std::size_t>(expression.NumberOfCapturingGroups()) + 1, {});
  return expression.Match(StringPiece{text},
                          from,
                          text.size(),
                          RE2::UNANCHORED,
                          groups.data(),
                          static_cast<int>(groups.size()));
}

/// Where to look on after a match; an empty match moves one code point.
auto after_match(std::string_view text, const StringPiece& whole) -> std::size_t {
  auto at = static_cast<std::size_t>(whole.data() - text.data()) + whole.size();
  if (whole.empty()) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) {
      ++at;
    }
  }
  return at;
}

auto extract(Arguments a, EvaluationContext&) -> Value {
  const auto expression = regular_expression(a[0].text());
  std::vector<StringPiece> groups;
  if (expression == nullptr || a[1].is_null() || !find(*expression, a[2].text(), 0, groups)) {
    return Value::string("");
  }
  const auto group = a[1].as_integer();
  const bool exists = group >= 0 && group < static_cast<std::int64_t>(groups.size());
  return exists ? Value::string(std::string{view(groups[static_cast<std::size_t>(group)])})
                : Value::string("");
}

/// The groups that an array names, by number or by name, behind the whole match.
auto chosen(const RE2& expression, const Value& wanted, const std::vector<StringPiece>& groups)
    -> std::vector<StringPiece> {
  std::vector<StringPiece> some{groups.front()};
  for (JsonItems item{wanted.text()}; item.next();) {
    const auto name = expression.NamedCapturingGroups().find(json_to_text(item.value()));
    const auto number = name != expression.NamedCapturingGroups().end()
                            ? std::int64_t{name->second}
                            : parse_long(item.value()).value_or(-1);
    if (number >= 0 && number < static_cast<std::int64_t>(groups.size())) {
      some.push_back(groups[static_cast<std::size_t>(number)]);
    }
  }
  return some;
}

void append_groups(std::string& json, const std::vector<StringPiece>& groups) {
  const auto quoted = [](const StringPiece& p) { return to_json(Value::borrowed_string(view(p))); };
  json += json.size() > 1 ? "," : "";
  if (groups.size() <= 2) {
    json += quoted(groups.back());
    return;
  }
  json += '[';
  for (std::size_t i = 1; i < groups.size(); ++i) {
    json += i > 1 ? "," : "";
    json += quoted(groups[i]);
  }
  json += ']';
}

auto extract_all(Arguments a, EvaluationContext&) -> Value {
  const auto expression = regular_expression(a[0].text());
  if (expression == nullptr || expression->NumberOfCapturingGroups() == 0) {
    return Value::null(Type::dynamic);
  }
  const bool chooses = a.size() > 2;
  const auto text = a.back().text();
  std::string json = "[";
  std::vector<StringPiece> groups;
  for (std::size_t from = 0; from <= text.size() && json.size() < max_text_bytes &&
                             find(*expression, text, from, groups);) {
    append_groups(json, chooses ? chosen(*expression, a[1], groups) : groups);
    from = after_match(text, groups[0]);
  }
  return json.size() == 1 ? Value::null(Type::dynamic) : Value::dynamic(json + "]");
}

auto replace_regex(Arguments a, EvaluationContext&) -> Value {
  const auto expression = regular_expression(a[1].text());
  std::string out{a[0].text()};
  if (expression != nullptr) {
    RE2::GlobalReplace(&out, *expression, StringPiece{a[2].text()});
  }
  return Value::string(std::move(out));
}

auto count_of(Arguments a, EvaluationContext&) -> Value {
  const auto text = a[0].text();
  const auto wanted = a[1].text();
  std::int64_t count = 0;
  if (a.size() > 2 && a[2].text() == "regex") {
    const auto expression = regular_expression(wanted);
    std::vector<StringPiece> groups;
    for (std::size_t from = 0;
         expression != nullptr && from <= text.size() && find(*expression, text, from, groups);) {
      ++count;
      from = after_match(text, groups[0]);
    }
    return Value::int64(count);
  }
  for (auto at = wanted.empty() ? std::string_view::npos : text.find(wanted);
       at != std::string_view::npos;
       at = text.find(wanted, at + 1)) {
    ++count;
  }
  return Value::int64(count);
}

/// The text without what the pattern matches at its ends.
auto trim_with(Arguments a, bool front, bool back) -> Value {
  auto text = a[1].text();
  const auto pattern = "(?:" + std::string{a[0].text()} + ")";
  const auto at_front = regular_expression("^" + pattern);
  const auto at_back = regular_expression(pattern + "$");
  std::vector<StringPiece> groups;
  if (front && at_front != nullptr && find(*at_front, text, 0, groups)) {
    text.remove_prefix(groups[0].size());
  }
  if (back && at_back != nullptr && find(*at_back, text, 0, groups)) {
    text.remove_suffix(groups[0].size());
  }
  return Value::borrowed_string(text);
}

auto trim(Arguments a, EvaluationContext&) -> Value {
  return trim_with(a, true, true);
}
auto trim_start(Arguments a, EvaluationContext&) -> Value {
  return trim_with(a, true, false);
}
auto trim_end(Arguments a, EvaluationContext&) -> Value {
  return trim_with(a, false, true);
}

} // namespace

auto regex_functions() -> std::vector<Function> {
  constexpr auto text = Family::text;
  return {
      {"extract",
       {},
       text,
       "string, long, string -> string",
       "The group of that number (0: all) in the first match; \"\" without one.",
       "extract(@\"(\\d+)\", 1, \"a12\") => 12",
       extract},
      {"extract_all",
       {"extractall"},
       text,
       "string, string -> dynamic; string, dynamic, string -> dynamic",
       "All matches: of one group an array of texts, of several an array of arrays.",
       "extract_all(@\"(\\d)\", \"1a2\") => [\"1\",\"2\"]",
       extract_all},
      {"replace_regex",
       {"replace"},
       text,
       "string, string, string -> string",
       "Every match replaced; `\\1` is the first group.",
       "replace_regex(\"a1\", @\"\\d\", \"-\") => a-",
       replace_regex},
      {"countof",
       {},
       text,
       "string, string, [string] -> long",
       "How often the second occurs in the first, overlaps too (kind \"regex\": without).",
       "countof(\"aaa\", \"aa\") => 2",
       count_of},
      {"trim",
       {},
       text,
       "string, string -> string",
       "Without matches of the pattern at its ends.",
       "trim(\"-\", \"-a-\") => a",
       trim},
      {"trim_start",
       {},
       text,
       "string, string -> string",
       "Without a match at its beginning.",
       "trim_start(\"-\", \"-a-\") => a-",
       trim_start},
      {"trim_end",
       {},
       text,
       "string, string -> string",
       "Without a match at its end.",
       "trim_end(\"-\", \"-a-\") => -a",
       trim_end},
  };
}

} // namespace sluice::kql

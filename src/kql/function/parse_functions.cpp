// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include <re2/re2.h>

#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"
#include "kql/function/families.hpp"
#include "kql/text_match.hpp"

/// What the operators `parse` and `parse-kv` are made of.
namespace sluice::kql {
namespace {

using Arguments = std::span<const Value>;
using re2::RE2;
using re2::StringPiece;

auto view(const StringPiece& piece) -> std::string_view {
  return piece.data() == nullptr ? std::string_view{}
                                 : std::string_view{piece.data(), piece.size()};
}

auto trimmed(std::string_view text) -> std::string_view {
  const auto begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos
             ? std::string_view{}
             : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

/// Takes the next word off the front.
auto next_word(std::string_view& words) -> std::string_view {
  const auto end = std::min(words.find(' '), words.size());
  const auto word = words.substr(0, end);
  words.remove_prefix(std::min(end + 1, words.size()));
  return word;
}

/// What the groups of the expression hold, as an array; null when it does not match. The third
/// argument says what types they must have, and whether one that has not spoils the rest.
auto parse_text(Arguments a, EvaluationContext&) -> Value {
  const auto expression = regular_expression(a[1].text());
  if (expression == nullptr) {
    return Value{};
  }
  std::vector<StringPiece> groups(static_cast<std::size_t>(expression->NumberOfCapturingGroups()) +
                                  1);
  if (!expression->Match(a[0].text(),
                         0,
                         a[0].text().size(),
                         RE2::UNANCHORED,
                         groups.data(),
                         static_cast<int>(groups.size()))) {
    return Value{};
  }
  const auto& names = expression->NamedCapturingGroups();
  auto words = a[2].text();
  const bool is_strict = next_word(words) == "strict";
  std::string json = "[";
  for (std::size_t i = 0; !words.empty(); ++i) {
    const auto type = parse_type(next_word(words)).value_or(Type::string);
    const auto group = names.find("column" + std::to_string(i));
    const auto text =
        group == names.end()
            ? Value::string("")
            : Value::borrowed_string(view(groups[static_cast<std::size_t>(group->second)]));
    const bool is_null = convert(Value::borrowed_string(trimmed(text.text())), type).is_null() &&
                         type != Type::string;
    if (is_null && is_strict) {
      return Value{};
    }
    json += i > 0 ? "," : "";
    json += is_null                ? "null"
            : type == Type::string ? to_json(text)
                                   : to_json(Value::borrowed_string(trimmed(text.text())));
  }
  return Value::dynamic(json + "]");
}

/// How `parse-kv` cuts a text.
struct KvFormat {
  explicit KvFormat(std::string_view options)
      : pairs{option(options, "pair_delimiter", " ")},
        keys{option(options, "kv_delimiter", "=")},
        quotes{option(options, "quote", "")},
        escape{option(options, "escape", "")},
        regex{option(options, "regex", "")},
        greedy{option(options, "greedy", "") == "true"} {}

  static auto option(std::string_view options, std::string_view name, std::string_view standard)
      -> std::string {
    const auto found = json_member(options, name);
    return found.empty() ? std::string{standard} : json_to_text(found);
  }

  std::string pairs;
  std::string keys;
  std::string quotes;
  std::string escape;
  std::string regex;
  bool greedy;
};

/// Takes a value off the front: up to `end`, or what stands in quotes.
auto take_value(std::string_view& rest, const KvFormat& format, std::string_view end)
    -> std::string {
  const char open = format.quotes.empty() ? '\0' : format.quotes.front();
  const char close = format.quotes.size() > 1 ? format.quotes[1] : open;
  if (open != '\0' && !rest.empty() && rest.front() == open) {
    std::string value;
    std::size_t i = 1;
    for (; i < rest.size() && rest[i] != close; ++i) {
      const bool escapes = !format.escape.empty() && rest[i] == format.escape.front();
      i += escapes && i + 1 < rest.size() ? 1 : 0;
      value += rest[i];
    }
    rest.remove_prefix(std::min(i + 1, rest.size()));
    const auto next = end.empty() ? std::string_view::npos : rest.find(end);
    rest.remove_prefix(next == std::string_view::npos ? rest.size() : next + end.size());
    return value;
  }
  const auto at = end.empty() ? std::string_view::npos : rest.find(end);
  auto value = std::string{rest.substr(0, at)};
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + end.size());
  return value;
}

/// The values of the keys that the second argument lists, in that order; of several with one key
/// the first.
auto parse_kv(Arguments a, EvaluationContext&) -> Value {
  const KvFormat format{a[2].text()};
  auto rest = a[0].text();
  std::string found = "{";
  while (!rest.empty()) {
    const auto end = rest.find(format.keys);
    const auto pair_end = rest.find(format.pairs);
    if (end == std::string_view::npos) {
      break;
    }
    if (pair_end < end) { // No key in this piece.
      rest.remove_prefix(pair_end + format.pairs.size());
      continue;
    }
    const auto key = trimmed(rest.substr(0, end));
    rest.remove_prefix(end + format.keys.size());
    const auto value = take_value(rest, format, format.pairs);
    found += (found.size() > 1 ? "," : "") + to_json(Value::borrowed_string(key)) + ":" +
             to_json(Value::string(value));
  }
  found += "}";
  std::string json = "[";
  for (JsonItems name{a[1].text()}; name.next();) {
    const auto value = json_member(found, json_unquoted(name.value()));
    json += json.size() > 1 ? "," : "";
    json += value.empty() ? std::string_view{"null"} : value;
  }
  return Value::dynamic(json + "]");
}

} // namespace

auto parse_functions() -> std::vector<Function> {
  std::vector<Function> rows{
      {"parse_text",
       {},
       Family::text,
       "string, string, string -> dynamic",
       "What `parse` finds: the groups of a regular expression.",
       "",
       parse_text},
      {"parse_kv",
       {},
       Family::text,
       "string, dynamic, dynamic -> dynamic",
       "What `parse-kv` finds: the values of some keys.",
       "",
       parse_kv},
  };
  for (auto& row : rows) {
    row.is_operator = true;
  }
  return rows;
}

} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "kql/case_fold.hpp"
#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"
#include "kql/function/families.hpp"

namespace sluice::kql {
namespace {

using Arguments = std::span<const Value>;

auto any_null(Arguments a) -> bool {
  return std::any_of(a.begin(), a.end(), [](const Value& v) { return v.is_null(); });
}

auto concatenate(Arguments a, EvaluationContext&) -> Value {
  std::string out;
  for (const auto& value : a) {
    out += to_text(value);
  }
  return Value::string(std::move(out));
}

auto concatenate_between(Arguments a, EvaluationContext&) -> Value {
  std::string out;
  for (std::size_t i = 1; i < a.size(); ++i) {
    out += i > 1 ? a[0].text() : "";
    out += to_text(a[i]);
  }
  return Value::string(std::move(out));
}

auto length(Arguments a, EvaluationContext&) -> Value {
  return Value::int64(static_cast<std::int64_t>(code_point_count(a[0].text())));
}

auto byte_length(Arguments a, EvaluationContext&) -> Value {
  return Value::int64(static_cast<std::int64_t>(a[0].text().size()));
}

auto lower(Arguments a, EvaluationContext&) -> Value {
  return Value::string(to_lower(a[0].text()));
}

auto upper(Arguments a, EvaluationContext&) -> Value {
  return Value::string(to_upper(a[0].text()));
}

/// `count` code points off the front.
auto without_front(std::string_view text, std::int64_t count) -> std::string_view {
  for (; count > 0 && !text.empty(); --count) {
    text.remove_prefix(decode(text).bytes);
  }
  return text;
}

auto substring(Arguments a, EvaluationContext&) -> Value {
  if (any_null(a)) {
    return Value::string("");
  }
  const auto text = a[0].text();
  auto start = a[1].as_integer();
  if (start < 0) {
    start += static_cast<std::int64_t>(code_point_count(text));
    if (start < 0) {
      return Value::string("");
    }
  }
  const auto tail = without_front(text, start);
  if (a.size() < 3) {
    return Value::borrowed_string(tail);
  }
  const auto rest = without_front(tail, a[2].as_integer());
  return Value::borrowed_string(tail.substr(0, tail.size() - rest.size()));
}

auto index_of(Arguments a, EvaluationContext&) -> Value {
  const auto text = a[0].text();
  const auto wanted = a[1].text();
  if (wanted.empty() || any_null(a)) {
    return Value::null(Type::int64);
  }
  const auto total = static_cast<std::int64_t>(code_point_count(text));
  auto start = a.size() > 2 ? a[2].as_integer() : 0;
  start = start < 0 ? std::max<std::int64_t>(start + total, 0) : start;
  auto tail = without_front(text, start);
  if (a.size() > 3 && a[3].as_integer() >= 0) {
    tail = tail.substr(0, tail.size() - without_front(tail, a[3].as_integer()).size());
  }
  auto at = tail.find(wanted);
  for (auto occurrence = a.size() > 4 ? a[4].as_integer() : 1;
       occurrence > 1 && at != std::string_view::npos;
       --occurrence) {
    at = tail.find(wanted, at + 1);
  }
  if (at == std::string_view::npos) {
    return Value::int64(-1);
  }
  return Value::int64(std::min(start, total) +
                      static_cast<std::int64_t>(code_point_count(tail.substr(0, at))));
}

auto replaced(std::string_view text, std::string_view from, std::string_view to) -> std::string {
  std::string out;
  while (!from.empty()) {
    const auto at = text.find(from);
    if (at == std::string_view::npos || out.size() > max_text_bytes) {
      break;
    }
    out.append(text.substr(0, at)).append(to);
    text.remove_prefix(at + from.size());
  }
  return out.append(text);
}

auto replace_string(Arguments a, EvaluationContext&) -> Value {
  return Value::string(replaced(a[0].text(), a[1].text(), a[2].text()));
}

auto split(Arguments a, EvaluationContext&) -> Value {
  const auto delimiter = a[1].text();
  auto rest = a[0].text();
  std::string json = "[";
  auto wanted = a.size() > 2 && !a[2].is_null() ? a[2].as_integer() : -1;
  for (bool more = true; more;) {
    const auto at = delimiter.empty() ? std::string_view::npos : rest.find(delimiter);
    more = at != std::string_view::npos;
    const auto part = more ? rest.substr(0, at) : rest;
    rest.remove_prefix(more ? at + delimiter.size() : rest.size());
    if (a.size() > 2 && wanted-- != 0) {
      continue;
    }
    json += json.size() > 1 ? "," : "";
    json += to_json(Value::borrowed_string(part));
  }
  return json.size() == 1 && a.size() > 2 ? Value::null(Type::dynamic) : Value::dynamic(json + "]");
}

auto reverse(Arguments a, EvaluationContext&) -> Value {
  const auto text = to_text(a[0]);
  std::string_view rest = text;
  std::string out;
  while (!rest.empty()) {
    const auto bytes = decode_last(rest).bytes;
    out += rest.substr(rest.size() - bytes);
    rest.remove_suffix(bytes);
  }
  return Value::string(std::move(out));
}

auto repeat(Arguments a, EvaluationContext&) -> Value {
  const auto text = to_text(a[0]);
  const auto delimiter = a.size() > 2 ? to_text(a[2]) : "";
  std::string out;
  for (std::int64_t i = 0; !a[1].is_null() && i < a[1].as_integer(); ++i) {
    if (out.size() > max_text_bytes || i > 1024) {
      break;
    }
    out += i > 0 ? delimiter : "";
    out += text;
  }
  return Value::string(std::move(out));
}

constexpr std::string_view hexadecimal = "0123456789abcdef";

auto is_unreserved(char c) -> bool {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_' || c == '.' || c == '~';
}

auto url_encode(Arguments a, EvaluationContext&) -> Value {
  std::string out;
  for (const char c : a[0].text()) {
    if (is_unreserved(c)) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', hexadecimal[byte >> 4U], hexadecimal[byte & 15U]};
    }
  }
  return Value::string(std::move(out));
}

auto hex_digit(char c) -> int {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

auto url_decode(Arguments a, EvaluationContext&) -> Value {
  const auto text = a[0].text();
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                           hex_digit(text[i + 2]) >= 0;
    if (is_escape) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return Value::string(std::move(out));
}

} // namespace

auto text_functions() -> std::vector<Function> {
  constexpr auto text = Family::text;
  return {
      {"strcat",
       {},
       text,
       "any... -> string",
       "All arguments as text, one after another.",
       "strcat(\"a\", 1) => a1",
       concatenate},
      {"strcat_delim",
       {},
       text,
       "string, any... -> string",
       "The arguments as text with the first between them.",
       "strcat_delim(\"-\", 1, 2) => 1-2",
       concatenate_between},
      {"strlen",
       {},
       text,
       "string -> long",
       "How many code points.",
       "strlen(\"café\") => 4",
       length},
      {"string_size",
       {},
       text,
       "string -> long",
       "How many bytes as UTF-8.",
       "string_size(\"café\") => 5",
       byte_length},
      {"tolower", {}, text, "string -> string", "In lower case.", "tolower(\"Abc\") => abc", lower},
      {"toupper", {}, text, "string -> string", "In upper case.", "toupper(\"Abc\") => ABC", upper},
      {"substring",
       {},
       text,
       "string, long, [long] -> string",
       "From an index (counted from 0; negative: from the end), for a length.",
       "substring(\"abcd\", 1, 2) => bc",
       substring},
      {"indexof",
       {},
       text,
       "string, string, [long], [long], [long] -> long",
       "Where the second text begins in the first; -1 if it does not.",
       "indexof(\"abc\", \"c\") => 2",
       index_of},
      {"replace_string",
       {},
       text,
       "string, string, string -> string",
       "Every second text replaced by the third.",
       "replace_string(\"a.b\", \".\", \"-\") => a-b",
       replace_string},
      {"split",
       {},
       text,
       "string, string, [long] -> dynamic",
       "The parts between the delimiters, or an array of the one at an index.",
       "split(\"a,b\", \",\") => [\"a\",\"b\"]",
       split,
       true},
      {"reverse", {}, text, "any -> string", "Backwards.", "reverse(\"abc\") => cba", reverse},
      {"strrep",
       {},
       text,
       "any, long, [any] -> string",
       "The first so many times, the third between.",
       "strrep(\"ab\", 2) => abab",
       repeat},
      {"url_encode",
       {},
       text,
       "string -> string",
       "Percent-encoded.",
       "url_encode(\"a b/\") => a+b%2f",
       url_encode},
      {"url_decode",
       {},
       text,
       "string -> string",
       "Percent-encoding undone.",
       "url_decode(\"a%20b\") => a b",
       url_decode},
  };
}

} // namespace sluice::kql

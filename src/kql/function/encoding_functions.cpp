// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <openssl/evp.h>
#include <re2/re2.h>

#include "kql/case_fold.hpp"
#include "kql/conversion.hpp"
#include "kql/function/arguments.hpp"
#include "kql/function/families.hpp"
#include "kql/string_literal.hpp"
#include "kql/text_match.hpp"

/// Texts in other forms: digests, addresses of pages, tables of values.
namespace sluice::kql {
namespace {

/// The digest in hexadecimal.
template <const EVP_MD* (*algorithm)()>
auto digest(Arguments a, EvaluationContext&) -> Value {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  const auto text = to_text(a[0]);
  if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, algorithm(), nullptr) != 1) {
    return Value::string("");
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += digits[bytes[i] >> 4U];
    hex += digits[bytes[i] & 15U];
  }
  return Value::string(std::move(hex));
}

auto quoted(std::string_view text) -> std::string {
  return to_json(Value::borrowed_string(text));
}

/// `k1=v1&k2=v2` as a bag of texts.
auto query_bag(std::string_view query) -> std::string {
  std::string json = "{";
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const auto equals = pair.find('=');
    if (pair.empty()) {
      continue;
    }
    json += json.size() > 1 ? "," : "";
    json += quoted(pair.substr(0, equals)) + ":";
    json += quoted(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1));
  }
  return json + "}";
}

auto parse_urlquery(Arguments a, EvaluationContext&) -> Value {
  auto query = a[0].text();
  query.remove_prefix(query.starts_with('?') ? 1 : 0);
  return Value::dynamic(
      canonical_json("{\"Query Parameters\":" + query_bag(query) + "}").value_or("null"));
}

/// Takes what stands before `sign` off the front, and the sign; nothing when it is not there.
auto take_before(std::string_view& rest, std::string_view sign) -> std::optional<std::string_view> {
  const auto at = rest.find(sign);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const auto part = rest.substr(0, at);
  rest.remove_prefix(at + sign.size());
  return part;
}

auto parse_url(Arguments a, EvaluationContext&) -> Value {
  auto rest = a[0].text();
  const auto fragment_at = rest.find('#');
  const auto fragment =
      fragment_at == std::string_view::npos ? std::string_view{} : rest.substr(fragment_at + 1);
  rest = rest.substr(0, fragment_at);
  const auto query_at = rest.find('?');
  const auto query =
      query_at == std::string_view::npos ? std::string_view{} : rest.substr(query_at + 1);
  rest = rest.substr(0, query_at);
  const auto scheme = take_before(rest, "://").value_or("");
  const auto path_at = rest.find('/');
  const auto path = path_at == std::string_view::npos ? std::string_view{} : rest.substr(path_at);
  auto host = rest.substr(0, path_at);
  auto user = take_before(host, "@").value_or("");
  const auto name = user.substr(0, user.find(':'));
  const auto password = user.find(':') == std::string_view::npos ? std::string_view{}
                                                                 : user.substr(user.find(':') + 1);
  const auto colon = host.rfind(':');
  const auto port = colon == std::string_view::npos ? std::string_view{} : host.substr(colon + 1);
  host = host.substr(0, colon);
  return Value::dynamic(
      canonical_json("{\"Scheme\":" + quoted(scheme) + ",\"Host\":" + quoted(host) +
                     ",\"Port\":" + quoted(port) + ",\"Path\":" + quoted(path) +
                     ",\"Username\":" + quoted(name) + ",\"Password\":" + quoted(password) +
                     ",\"Query Parameters\":" + query_bag(query) +
                     ",\"Fragment\":" + quoted(fragment) + "}")
          .value_or("null"));
}

/// The first record alone (observed).
auto parse_csv(Arguments a, EvaluationContext&) -> Value {
  const auto text = to_text(a[0]);
  std::vector<std::string> cells{""};
  bool in_quotes = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_quotes && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      cells.back() += text[++i];
    } else if (c == '"' && (in_quotes || cells.back().empty())) {
      in_quotes = !in_quotes;
    } else if (c == ',' && !in_quotes) {
      cells.emplace_back();
    } else if ((c == '\n' || c == '\r') && !in_quotes) {
      break;
    } else {
      cells.back() += c;
    }
  }
  for (auto& cell : cells) {
    cell = quoted(cell);
  }
  return array_of(cells);
}

/// In one pass: what was put in is not looked at again (observed).
auto replace_strings(Arguments a, EvaluationContext&) -> Value {
  if (!is_array(a[1]) || !is_array(a[2])) {
    return Value::string("");
  }
  std::vector<std::string> from;
  std::vector<std::string> to;
  for (const auto item : items_of(a[1])) {
    from.push_back(json_to_text(item));
  }
  for (const auto item : items_of(a[2])) {
    to.push_back(json_to_text(item));
  }
  if (from.size() != to.size()) {
    return Value::string("");
  }
  const auto text = a[0].text();
  std::string out;
  for (std::size_t at = 0; at < text.size() && out.size() <= max_text_bytes;) {
    const auto found = std::ranges::find_if(from, [&](const std::string& one) {
      return !one.empty() && text.substr(at).starts_with(one);
    });
    if (found == from.end()) {
      out += text[at++];
    } else {
      out += to[static_cast<std::size_t>(found - from.begin())];
      at += found->size();
    }
  }
  return Value::string(std::move(out));
}

/// The place of the first of the texts that is in the text; -1 when none is.
auto has_any_index(Arguments a, EvaluationContext&) -> Value {
  const auto text = to_text(a[0]);
  std::int64_t place = 0;
  for (JsonItems item{is_array(a[1]) ? a[1].text() : "[]"}; item.next(); ++place) {
    if (has(text, json_to_text(item.value()), Case::folded, {})) {
      return Value::int64(place);
    }
  }
  return Value::int64(-1);
}

auto compare_texts(Arguments a, EvaluationContext&) -> Value {
  const auto order = a[0].text().compare(a[1].text());
  return Value::int64(order < 0 ? -1 : order > 0 ? 1 : 0);
}

auto regex_quote(Arguments a, EvaluationContext&) -> Value {
  return Value::string(re2::RE2::QuoteMeta(to_text(a[0])));
}

/// Code points, those in arrays too.
auto make_string(Arguments a, EvaluationContext&) -> Value {
  std::string text;
  const auto add = [&text](std::int64_t code) {
    append_utf8(text, code < 0 || code > 0x10FFFF ? 0xFFFD : static_cast<char32_t>(code));
  };
  for (const auto& value : a) {
    if (value.is_null()) {
      continue;
    }
    if (value.type() != Type::dynamic) {
      add(value.as_integer());
      continue;
    }
    for (const auto item : is_array(value) ? items_of(value) : std::vector{value.text()}) {
      add(parse_long(item).value_or(-1));
    }
  }
  return Value::string(std::move(text));
}

/// Where a path such as `$.a[0]["b c"]` leads; empty when it leads nowhere or is none.
auto follow(std::string_view json, std::string_view path) -> std::string_view {
  path.remove_prefix(path.starts_with('$') ? 1 : 0);
  while (!path.empty() && !json.empty()) {
    if (path.front() == '.') {
      path.remove_prefix(1);
      const auto end = std::min(path.find_first_of(".["), path.size());
      json = json_member(json, path.substr(0, end));
      path.remove_prefix(end);
      continue;
    }
    const auto close = path.find(']');
    if (path.front() != '[' || close == std::string_view::npos) {
      return {};
    }
    const auto inside = path.substr(1, close - 1);
    const bool is_text = inside.size() > 1 && (inside.front() == '\'' || inside.front() == '"');
    const auto index = parse_long(inside);
    json = is_text ? json_member(json, inside.substr(1, inside.size() - 2))
           : index ? json_element(json, *index)
                   : std::string_view{};
    path.remove_prefix(close + 1);
  }
  return json;
}

auto extract_json(Arguments a, EvaluationContext&) -> Value {
  const auto json = canonical_json(a[1].text());
  return Value::string(json ? json_to_text(follow(*json, a[0].text())) : std::string{});
}

} // namespace

auto encoding_functions() -> std::vector<Function> {
  constexpr auto text = Family::text;
  return {
      {"hash_md5",
       {},
       text,
       "string -> string; datetime -> string",
       "The MD5 digest in hexadecimal.",
       "hash_md5(\"World\") => f5a7924e621e84c9280a9a27e1bcb7f6",
       digest<EVP_md5>},
      {"hash_sha1",
       {},
       text,
       "string -> string; datetime -> string",
       "The SHA-1 digest in hexadecimal.",
       "hash_sha1(\"\") => da39a3ee5e6b4b0d3255bfef95601890afd80709",
       digest<EVP_sha1>},
      {"hash_sha256",
       {},
       text,
       "string -> string; datetime -> string",
       "The SHA-256 digest in hexadecimal.",
       "hash_sha256(\"\") => e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
       digest<EVP_sha256>},
      {"parse_url",
       {"parseurl"},
       text,
       "string -> dynamic",
       "The parts of an absolute URL, as a bag of texts.",
       "parse_url(\"https://contoso.example/a?b=c\").Host => contoso.example",
       parse_url},
      {"parse_urlquery",
       {"parseurlquery"},
       text,
       "string -> dynamic",
       "The parameters of a URL's query.",
       "parse_urlquery(\"a=b\") => {\"Query Parameters\":{\"a\":\"b\"}}",
       parse_urlquery},
      {"parse_csv",
       {},
       text,
       "string -> dynamic; dynamic -> dynamic",
       "The cells of the first line of values between commas.",
       "parse_csv(\"a,b\") => [\"a\",\"b\"]",
       parse_csv,
       true},
      {"replace_strings",
       {},
       text,
       "string, dynamic, dynamic -> string",
       "Every text of the first array replaced by the second's at its place.",
       "replace_strings(\"abc\", dynamic([\"a\",\"b\"]), dynamic([\"1\",\"2\"])) => 12c",
       replace_strings},
      {"has_any_index",
       {},
       text,
       "string, dynamic -> long; dynamic, dynamic -> long",
       "The place of the first word of the array that the text has; -1 if it has none.",
       "has_any_index(\"a red car\", dynamic([\"blue\", \"red\"])) => 1",
       has_any_index},
      {"strcmp",
       {},
       text,
       "string, string -> long",
       "-1, 0 or 1, by code units.",
       "strcmp(\"a\", \"b\") => -1",
       compare_texts},
      {"regex_quote",
       {},
       text,
       "any -> string",
       "The text as a regular expression that matches it alone.",
       "regex_quote(\"a.b\") => a\\.b",
       regex_quote},
      {"make_string",
       {"unicode_codepoints_to_string"},
       text,
       "any... -> string",
       "The characters of these code points.",
       "make_string(75, 50) => K2",
       make_string},
      {"extract_json",
       {"extractjson"},
       text,
       "string, string -> string",
       "What a path finds in a JSON text.",
       "extract_json(\"$.a\", '{\"a\":1}') => 1",
       extract_json},
  };
}

} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0
#include "kusto/parameter_values.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "kql/conversion.hpp"
#include "kql/lexer.hpp"
#include "kql/parser.hpp"
#include "kql/value.hpp"

namespace sluice::kusto {
namespace {

using kql::Token;
using kql::TokenKind;
using Values = std::span<const std::pair<std::string, std::string>>;

/// `NAME: TYPE [= DEFAULT]`
struct Declared {
  std::string_view name; ///< As it is written, quotes and all.
  std::string plain;     ///< Without them.
  std::string_view type;
  std::string_view standard; ///< Empty for none.
};

auto is_symbol(const Token& token, std::string_view text) -> bool {
  return token.kind == TokenKind::symbol && token.text == text;
}

auto opens(const Token& token) -> bool {
  return is_symbol(token, "(") || is_symbol(token, "[") || is_symbol(token, "{");
}

auto closes(const Token& token) -> bool {
  return is_symbol(token, ")") || is_symbol(token, "]") || is_symbol(token, "}");
}

/// The tokens of a list, behind its parenthesis, cut at its commas. `at` stands behind the closing
/// one afterwards. Nothing when there is none.
auto cut_list(std::span<const Token> tokens, std::size_t& at)
    -> std::optional<std::vector<std::span<const Token>>> {
  std::vector<std::span<const Token>> parts;
  auto begin = at;
  int depth = 0;
  const auto cut = [&] {
    if (at > begin) {
      parts.push_back(tokens.subspan(begin, at - begin));
    }
    begin = at + 1;
  };
  for (; at < tokens.size() && tokens[at].kind != TokenKind::end; ++at) {
    if (depth == 0 && (is_symbol(tokens[at], ")") || is_symbol(tokens[at], ","))) {
      cut();
      if (is_symbol(tokens[at], ")")) {
        ++at;
        return parts;
      }
    }
    depth += opens(tokens[at]) ? 1 : closes(tokens[at]) ? -1 : 0;
  }
  return std::nullopt;
}

auto read_declared(std::string_view query, std::span<const Token> tokens)
    -> std::optional<Declared> {
  if (tokens.size() < 3 || !is_symbol(tokens[1], ":")) {
    return std::nullopt;
  }
  const auto text_of = [&](const Token& first, const Token& last) {
    return query.substr(first.span.begin, last.span.end - first.span.begin);
  };
  Declared declared{.name = text_of(tokens[0], tokens[0]),
                    .plain = std::string{tokens[0].kind == TokenKind::quoted_name
                                             ? tokens[0].value.text()
                                             : tokens[0].text},
                    .type = text_of(tokens[2], tokens[2]),
                    .standard = {}};
  if (tokens.size() > 4 && is_symbol(tokens[3], "=")) {
    declared.standard = text_of(tokens[4], tokens.back());
  }
  return declared;
}

/// The constant that a text reads as; nothing when it is something else.
auto constant_in(std::string_view text) -> std::optional<kql::Value> {
  kql::Diagnostics mistakes;
  const auto read = kql::parse_expression(text, mistakes);
  const auto* constant = read == nullptr ? nullptr : std::get_if<kql::ast::Constant>(&read->node);
  return mistakes.empty() && constant != nullptr ? std::optional{constant->value.owned_copy()}
                                                 : std::nullopt;
}

auto literal_of(const Declared& declared, Values values) -> Result<std::string> {
  const auto given =
      std::ranges::find(values, declared.plain, &std::pair<std::string, std::string>::first);
  if (given == values.end() && declared.standard.empty()) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("the query parameter `{}` has no value", declared.plain)}
        .with_hint(fmt::format("give it one: --parameter {}=VALUE", declared.plain));
  }
  const auto type = kql::parse_type(declared.type);
  const bool is_given = given != values.end();
  const auto text = is_given ? std::string_view{given->second} : declared.standard;
  auto value = constant_in(text);
  if (!type || (!is_given && !value)) {
    return std::string{declared.standard}; // Whoever gets the query judges it.
  }
  if (!value || (type == kql::Type::string && value->type() != kql::Type::string)) {
    value = kql::Value::string(std::string{text});
  }
  const auto converted = kql::convert(*value, *type);
  if (converted.is_null() && !value->is_null()) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("the value of the query parameter `{}` is no {}",
                             declared.plain,
                             declared.type)};
  }
  return kql::to_literal(converted);
}

} // namespace

auto with_values(std::string_view query, Values values) -> Result<std::string> {
  kql::Diagnostics mistakes; // Whoever gets the query will tell of them.
  const auto tokens = kql::tokenize(query, mistakes);
  std::string text;
  std::size_t copied = 0;
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    const bool is_start = i == 0 || is_symbol(tokens[i - 1], ";");
    if (!is_start || tokens[i].text != "declare" || tokens[i + 1].text != "query_parameters" ||
        !is_symbol(tokens[i + 2], "(")) {
      continue;
    }
    std::size_t end = i + 3;
    const auto list = cut_list(tokens, end);
    if (!list) {
      break; // The cluster will say so.
    }
    text += query.substr(copied, tokens[i].span.begin - copied);
    for (const auto part : *list) {
      if (const auto declared = read_declared(query, part)) {
        TRY(const auto literal, literal_of(*declared, values));
        text += fmt::format("let {} = {};", declared->name, literal);
      }
    }
    copied = tokens[end - 1].span.end;
    if (is_symbol(tokens[end], ";")) {
      copied = tokens[end].span.end;
    }
    i = end - 1;
  }
  return text.append(query.substr(copied));
}

} // namespace sluice::kusto

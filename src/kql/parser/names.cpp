// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "kql/parser/parser.hpp"
#include "kql/parser/reserved.hpp"

namespace sluice::kql {

/// A name wherever one is wanted, plain or `['quoted']`.
auto Parser::identifier() -> ast::Identifier {
  const auto& token = tokens_.peek();
  if (token.kind == TokenKind::quoted_name) {
    tokens_.next();
    return {std::string{token.value.text()}, token.span};
  }
  if (token.kind != TokenKind::name) {
    tokens_.fail_expecting("a name");
  }
  tokens_.next();
  return {std::string{token.text}, token.span};
}

/// The name of something that the query makes.
auto Parser::new_name() -> ast::Identifier {
  const auto& token = tokens_.peek();
  auto name = identifier();
  if (token.kind == TokenKind::name && is_reserved_for_new(name.text)) {
    tokens_.report(name.span,
                   Code::reserved_name,
                   fmt::format("`{}` is a word of the language", name.text),
                   fmt::format("write ['{}']", name.text));
  }
  return name;
}

auto Parser::item() -> ast::Item {
  ast::Item item;
  const auto& first = tokens_.peek();
  const bool is_name = first.kind == TokenKind::name || first.kind == TokenKind::quoted_name;
  if (is_name && tokens_.is("=", 1)) {
    item.names.push_back(new_name());
    tokens_.next();
  } else if (tokens_.is("(") &&
             (tokens_.is(",", 2) || (tokens_.is(")", 2) && tokens_.is("=", 3)))) {
    tokens_.next();
    do {
      item.names.push_back(new_name());
    } while (tokens_.accept(","));
    tokens_.expect(")");
    tokens_.expect("=");
  }
  item.value = expression();
  return item;
}

auto Parser::items() -> std::vector<ast::Item> {
  std::vector<ast::Item> found;
  do {
    if (found.size() >= max_list) {
      tokens_.fail(tokens_.peek().span, Code::too_large, "too many columns");
    }
    found.push_back(item());
  } while (tokens_.accept(","));
  return found;
}

/// Names and `*` side by side make one pattern: `Device*Id`.
auto Parser::pattern() -> ast::Pattern {
  const auto& first = tokens_.peek();
  ast::Pattern pattern{"", first.span};
  auto end = first.span.begin;
  while (tokens_.peek().span.begin == end) {
    const auto& token = tokens_.peek();
    if (tokens_.is("*")) {
      pattern.text += '*';
    } else if (token.kind == TokenKind::quoted_name) {
      pattern.text += token.value.text();
    } else if (token.kind == TokenKind::name || token.kind == TokenKind::literal) {
      pattern.text += token.text;
    } else {
      break;
    }
    end = token.span.end;
    tokens_.next();
  }
  if (pattern.text.empty()) {
    tokens_.fail_expecting("a column's name");
  }
  pattern.span.end = end;
  if (tokens_.is("granny") && tokens_.is("-", 1)) {
    tokens_.next();
    tokens_.next();
    pattern.by_number = true;
  }
  pattern.ascending = tokens_.accept("asc");
  pattern.descending = !pattern.ascending && tokens_.accept("desc");
  return pattern;
}

auto Parser::patterns() -> std::vector<ast::Pattern> {
  std::vector<ast::Pattern> found;
  do {
    found.push_back(pattern());
  } while (tokens_.accept(","));
  return found;
}

auto Parser::key() -> ast::Key {
  ast::Key key;
  key.value = item().value;
  key.descending = !tokens_.accept("asc");
  if (key.descending) {
    tokens_.accept("desc");
  }
  // Null is the smallest value.
  key.nulls_first = !key.descending;
  if (tokens_.accept("nulls")) {
    key.nulls_first = tokens_.accept("first");
    if (!key.nulls_first) {
      tokens_.expect("last");
    }
  }
  return key;
}

auto Parser::keys() -> std::vector<ast::Key> {
  std::vector<ast::Key> found;
  do {
    found.push_back(key());
  } while (tokens_.accept(","));
  return found;
}

auto Parser::type_name() -> Type {
  const auto& token = tokens_.peek();
  const auto type = parse_type(identifier().text);
  if (!type) {
    tokens_.fail(token.span, Code::unknown_type, fmt::format("there is no type `{}`", token.text));
  }
  return *type;
}

auto Parser::typed_columns(std::string_view open, std::string_view close)
    -> std::vector<ast::TypedColumn> {
  std::vector<ast::TypedColumn> columns;
  tokens_.expect(open);
  while (!tokens_.is(close)) {
    auto name = new_name();
    tokens_.expect(":");
    columns.push_back({std::move(name), type_name()});
    if (!tokens_.accept(",")) {
      break;
    }
  }
  tokens_.expect(close);
  return columns;
}

auto Parser::settings(std::span<const std::string_view> known)
    -> std::vector<std::pair<std::string, ast::Identifier>> {
  std::vector<std::pair<std::string, ast::Identifier>> found;
  for (skip_hints(); tokens_.peek().kind == TokenKind::name && tokens_.is("=", 1) &&
                     std::ranges::find(known, tokens_.peek().text) != known.end();
       skip_hints()) {
    auto name = std::string{tokens_.next().text};
    tokens_.next();
    const auto& value = tokens_.peek();
    if (value.kind == TokenKind::literal) {
      found.emplace_back(std::move(name),
                         ast::Identifier{value.value.type() == Type::string
                                             ? std::string{value.value.text()}
                                             : std::string{value.text},
                                         value.span});
      tokens_.next();
    } else {
      found.emplace_back(std::move(name), identifier());
    }
  }
  return found;
}

/// `hint.strategy = shuffle` before an operator's operands: nothing to do with rows.
void Parser::skip_hints() {
  while (tokens_.is("hint") && tokens_.is(".", 1)) {
    tokens_.next();
    tokens_.next();
    static_cast<void>(identifier());
    tokens_.expect("=");
    if (tokens_.is("(", 1)) { // `hint.strategy=shuffle (T)`: what follows is no call.
      tokens_.next();
    } else {
      static_cast<void>(path());
    }
  }
}

} // namespace sluice::kql

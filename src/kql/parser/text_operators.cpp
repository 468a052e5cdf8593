// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "kql/parser/parser.hpp"

namespace sluice::kql {

/// Operators that take texts apart. False when the name is none of theirs.
auto Parser::text_operator(const ast::Identifier& name, ast::Operator& op) -> bool {
  if (name.text == "parse" || name.text == "parse-where") {
    op.node = parse(name.text == "parse-where");
  } else if (name.text == "parse-kv") {
    op.node = parse_kv();
  } else {
    return false;
  }
  return true;
}

auto Parser::parse(bool keeps_matches_only) -> ast::Parse {
  constexpr std::array<std::string_view, 2> known{"kind", "flags"};
  ast::Parse made;
  made.keeps_matches_only = keeps_matches_only;
  for (const auto& [name, value] : settings(known)) {
    if (name == "flags") {
      made.flags = value.text;
    } else if (value.text == "regex") {
      made.kind = ast::Parse::Kind::regex;
    } else if (value.text == "relaxed") {
      made.kind = ast::Parse::Kind::relaxed;
    } else if (value.text != "simple") {
      tokens_.fail(value.span, Code::expected, "expected `simple`, `regex` or `relaxed`");
    }
  }
  made.text = expression();
  tokens_.expect("with");
  parse_pieces(made);
  return made;
}

void Parser::parse_pieces(ast::Parse& parse) {
  bool after_column = false;
  bool after_star = false;
  do {
    const auto& token = tokens_.peek();
    ast::ParsePiece piece;
    if (tokens_.accept("*")) {
      if (after_star) {
        tokens_.report(token.span, Code::star_needs_text, "a text must follow `*`");
      }
      after_star = true;
    } else if (token.kind == TokenKind::literal) {
      piece.node = primary();
      after_column = after_star = false;
    } else {
      ast::TypedColumn column{new_name(), Type::string};
      if (after_column || after_star) {
        tokens_.report(token.span, Code::column_needs_text, "a text must stand before this column");
      }
      piece.is_typed = tokens_.accept(":");
      column.type = piece.is_typed ? type_name() : Type::string;
      piece.node = std::move(column);
      after_column = true;
    }
    parse.pieces.push_back(std::move(piece));
  } while (!at_end_of_operator());
}

auto Parser::parse_kv() -> ast::ParseKv {
  ast::ParseKv made;
  made.text = expression();
  tokens_.expect("as");
  made.columns = typed_columns("(", ")");
  if (tokens_.accept("with")) {
    tokens_.expect("(");
    if (!tokens_.is(")")) {
      made.options = items();
    }
    tokens_.expect(")");
  }
  return made;
}

} // namespace sluice::kql

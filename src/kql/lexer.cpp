// SPDX-License-Identifier: Apache-2.0
#include "kql/lexer.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "kql/literal_text.hpp"
#include "kql/string_literal.hpp"

namespace sluice::kql {
namespace {

auto is_letter(char c) -> bool {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
auto is_digit(char c) -> bool {
  return c >= '0' && c <= '9';
}
auto is_word(char c) -> bool {
  return is_letter(c) || is_digit(c);
}
auto is_blank(char c) -> bool {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Longest first, so that the first match is the right one.
constexpr std::array<std::string_view, 27> symbols{
    "==", "!=", "=~", "!~", "<=", ">=", "<>", "..", "=>", "(", ")", "[", "]", "{",
    "}",  ",",  ";",  "|",  ":",  ".",  "+",  "-",  "*",  "/", "%", "<", ">"};

class Lexer {
public:
  Lexer(std::string_view text, Diagnostics& diagnostics) : text_{text}, diagnostics_{diagnostics} {}

  auto run() -> std::vector<Token> {
    constexpr std::size_t usual_length = 6; // With the blank behind it.
    tokens_.reserve(text_.size() / usual_length + 1);
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      lex_one();
    }
    tokens_.push_back({TokenKind::end, {text_.size(), text_.size()}, {}, {}});
    return std::move(tokens_);
  }

private:
  [[nodiscard]] auto peek(std::size_t ahead = 0) const -> char {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  [[nodiscard]] auto rest() const -> std::string_view { return text_.substr(at_); }

  void skip_blanks() {
    while (at_ < text_.size()) {
      if (const auto width = blank_width(rest()); width > 0) {
        at_ += width;
      } else if (rest().starts_with("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else {
        return;
      }
    }
  }

  void lex_one() {
    if (lex_string() || lex_quoted_name() || lex_number()) {
      return;
    }
    if (is_letter(peek())) {
      lex_word();
    } else if (peek() == '#' && begins_line()) {
      lex_directive();
    } else {
      lex_symbol();
    }
  }

  [[nodiscard]] auto begins_line() const -> bool {
    std::size_t start = at_;
    while (start > 0 && is_blank(text_[start - 1]) && text_[start - 1] != '\n') {
      --start;
    }
    return start == 0 || text_[start - 1] == '\n';
  }

  /// `#connect ...`: for the tools of the cluster's makers, to the end of the line.
  void lex_directive() {
    const auto end = std::min(text_.find('\n', at_), text_.size());
    diagnostics_.push_back({{at_, end},
                            Code::unknown_directive,
                            "a line that begins with `#` is for another program",
                            "begin a remark with `//`"});
    at_ = end;
  }

  auto lex_string() -> bool {
    const auto literal = read_string_literal(rest());
    if (!literal) {
      return false;
    }
    const Span span{at_, at_ + literal->length};
    if (!literal->closed) {
      report(span, "this string is not closed", "end it with the quote that began it");
    }
    auto value = literal->text;
    const auto begin = at_;
    at_ = span.end;
    auto end = at_;
    // Neighbours become one string, as in C.
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      const auto next = read_string_literal(rest());
      if (!next) {
        break;
      }
      value += next->text;
      at_ += next->length;
      end = at_;
    }
    at_ = begin;
    push(TokenKind::literal, end - begin, Value::string(std::move(value)));
    return true;
  }

  /// `['name']` where a name may stand: not after a value, where it is an index.
  auto lex_quoted_name() -> bool {
    const bool indexes = !tokens_.empty() && !tokens_.back().text.empty() &&
                         tokens_.back().span.end == at_ && tokens_.back().text != "(" &&
                         tokens_.back().text != "," && tokens_.back().text != "=" &&
                         (tokens_.back().kind != TokenKind::symbol || tokens_.back().text == ")" ||
                          tokens_.back().text == "]");
    if (peek() != '[' || indexes) {
      return false;
    }
    std::size_t inner = at_ + 1;
    while (inner < text_.size() && is_blank(text_[inner])) {
      ++inner;
    }
    const auto literal = read_string_literal(text_.substr(inner));
    if (!literal || !literal->closed) {
      return false;
    }
    inner += literal->length;
    while (inner < text_.size() && is_blank(text_[inner])) {
      ++inner;
    }
    if (inner >= text_.size() || text_[inner] != ']') {
      return false;
    }
    push(TokenKind::quoted_name, inner + 1 - at_, Value::string(literal->text));
    return true;
  }

  auto lex_number() -> bool {
    if (!is_digit(peek())) {
      return false;
    }
    const auto literal = read_number_literal(rest());
    if (!literal.value && is_least_number(rest().substr(0, literal.length))) {
      push(TokenKind::literal,
           literal.length,
           Value::int64(std::numeric_limits<std::int64_t>::min()));
      return true;
    }
    const bool is_word_alone = std::ranges::all_of(rest().substr(0, literal.length), is_word) &&
                               std::ranges::any_of(rest().substr(0, literal.length), is_letter);
    if (!literal.value && is_word_alone) { // Names may begin with a digit.
      push(TokenKind::name, literal.length);
      return true;
    }
    if (!literal.value) {
      report({at_, at_ + literal.length},
             fmt::format("`{}` is not a number", rest().substr(0, literal.length)),
             "");
    }
    push(TokenKind::literal, literal.length, literal.value.value_or(Value::null(Type::int64)));
    return true;
  }

  /// Behind the minus of a cell in a `datatable`; elsewhere the engine refuses it (observed).
  [[nodiscard]] auto is_least_number(std::string_view digits) const -> bool {
    const auto count = tokens_.size();
    return digits == "9223372036854775808" && count > 1 && tokens_[count - 1].text == "-" &&
           (tokens_[count - 2].text == "," || tokens_[count - 2].text == "[");
  }

  void lex_word() {
    std::size_t length = 0;
    while (is_word(peek(length))) {
      ++length;
    }
    const auto word = rest().substr(0, length);
    if (lex_typed_literal(word)) {
      return;
    }
    if (word == "true" || word == "True" || word == "TRUE") {
      push(TokenKind::literal, length, Value::boolean(true));
    } else if (word == "false" || word == "False" || word == "FALSE") {
      push(TokenKind::literal, length, Value::boolean(false));
    } else if (word == "in" && peek(length) == '~') {
      push(TokenKind::symbol, length + 1);
    } else {
      push(TokenKind::name, length);
    }
  }

  /// `datetime(2026-01-01)`, `dynamic([1, 2])`: the inside has rules of its own.
  auto lex_typed_literal(std::string_view word) -> bool {
    const auto type = parse_type(word);
    std::size_t open = word.size();
    while (is_blank(peek(open))) {
      ++open;
    }
    if (!type || type == Type::string || peek(open) != '(') {
      return false;
    }
    const auto inside = rest().substr(open + 1);
    const auto length = typed_literal_length(inside);
    if (!length || (type == Type::datetime && depends_on_now(inside.substr(0, *length)))) {
      return false; // Known only when the query runs: it is bound as a call.
    }
    const auto value = read_typed_literal(*type, inside.substr(0, *length));
    const auto total = open + 1 + *length + 1;
    if (!value) {
      report({at_, at_ + total},
             fmt::format("`{}` is not a {}", shortened(inside.substr(0, *length)), to_text(*type)),
             "");
    }
    push(TokenKind::literal, total, value.value_or(Value::null(*type)));
    return true;
  }

  static auto shortened(std::string_view text) -> std::string {
    return text.size() <= 40 ? std::string{text} : std::string{text.substr(0, 40)} + "...";
  }

  void lex_symbol() {
    if (peek() == '!' && is_letter(peek(1))) {
      std::size_t length = 1;
      while (is_word(peek(length))) {
        ++length;
      }
      push(TokenKind::symbol, length + (peek(length) == '~' ? 1 : 0));
      return;
    }
    for (const auto symbol : symbols) {
      if (rest().starts_with(symbol)) {
        push(TokenKind::symbol, symbol.size());
        return;
      }
    }
    if (peek() == '=') {
      push(TokenKind::symbol, 1);
      return;
    }
    std::size_t length = 1;
    while ((static_cast<unsigned char>(peek(length)) & 0xC0U) == 0x80U) {
      ++length;
    }
    report({at_, at_ + length}, "this character has no meaning here", "");
    at_ += length;
  }

  void push(TokenKind kind, std::size_t length, Value value = {}) {
    tokens_.push_back({kind, {at_, at_ + length}, rest().substr(0, length), std::move(value)});
    at_ += length;
  }

  void report(Span span, std::string message, std::string hint) {
    diagnostics_.push_back({span, Code::malformed, std::move(message), std::move(hint)});
  }

  std::string_view text_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

} // namespace

auto tokenize(std::string_view text, Diagnostics& diagnostics) -> std::vector<Token> {
  return Lexer{text, diagnostics}.run();
}

} // namespace sluice::kql

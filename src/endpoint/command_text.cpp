// SPDX-License-Identifier: Apache-2.0
#include "endpoint/command_text.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "http/server_request.hpp"
#include "kql/diagnostic.hpp"
#include "kql/lexer.hpp"
#include "kql/string_literal.hpp"

namespace sluice::endpoint {
namespace {

using Kind = CommandWord::Kind;

constexpr std::size_t max_command_bytes = std::size_t{4} * 1024 * 1024;

auto to_word(const kql::Token& token) -> CommandWord {
  switch (token.kind) {
  case kql::TokenKind::name:
    return {Kind::word, std::string{token.text}, {}};
  case kql::TokenKind::quoted_name:
    return {Kind::name, std::string{token.value.text()}, {}};
  case kql::TokenKind::literal:
    return {Kind::literal, std::string{token.text}, token.value.owned_copy()};
  case kql::TokenKind::symbol:
  case kql::TokenKind::end:
    break;
  }
  return {Kind::symbol, std::string{token.text}, {}};
}

/// In a query neighbouring texts are one; in a command each is a word.
void add_texts(std::vector<CommandWord>& words, std::string_view texts) {
  while (auto literal = kql::read_string_literal(texts)) {
    words.push_back({Kind::literal, "text", kql::Value::string(std::move(literal->text))});
    texts.remove_prefix(literal->length);
    const auto next = texts.find_first_of("'\"@hH`~");
    texts.remove_prefix(std::min(next, texts.size()));
  }
}

/// Whether `token` follows `word` without a blank and belongs to it: `create` `-` `merge`.
auto continues(const kql::Token& before, const kql::Token& token) -> bool {
  return before.span.end == token.span.begin &&
         ((token.kind == kql::TokenKind::symbol && token.text == "-") ||
          (token.kind == kql::TokenKind::name && before.text == "-"));
}

} // namespace

auto CommandText::parse(std::string_view text) -> Result<CommandText> {
  CommandText command;
  if (const auto at = text.find("<|"); at != std::string_view::npos) {
    command.data_ = text.substr(at + 2);
    text = text.substr(0, at);
  }
  if (text.size() > max_command_bytes) {
    return Error{ErrorKind::invalid_input, "the command is too long"};
  }
  kql::Diagnostics mistakes;
  const auto tokens = kql::tokenize(text, mistakes);
  int braces = 0; // Inside them stands the body of a function or view, whose `|` is its own.
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) { // The first is the dot, the last the end.
    const auto& token = tokens[i];
    const bool is_symbol = token.kind == kql::TokenKind::symbol;
    braces += is_symbol && token.text == "{" ? 1 : 0;
    braces -= is_symbol && token.text == "}" ? 1 : 0;
    if (is_symbol && token.text == "|" && braces == 0) {
      command.query_ = text.substr(token.span.end);
      break;
    }
    auto& words = command.words_;
    const bool joins =
        !words.empty() && words.back().kind == Kind::word && continues(tokens[i - 1], token);
    if (joins) {
      words.back().text += token.text;
    } else if (token.kind == kql::TokenKind::literal && token.value.type() == kql::Type::string) {
      add_texts(words, token.text);
    } else {
      words.push_back(to_word(token));
    }
  }
  if (!mistakes.empty() && command.query_.empty()) {
    return Error{ErrorKind::invalid_input, kql::render(mistakes, text, "command")};
  }
  return command;
}

auto CommandText::accept(std::string_view phrase) -> bool {
  auto at = at_;
  while (!phrase.empty()) {
    const auto end = std::min(phrase.find(' '), phrase.size());
    const auto& word = phrase.substr(0, end);
    const bool fits = at < words_.size() && words_[at].kind != Kind::name &&
                      words_[at].kind != Kind::literal && http::same_name(words_[at].text, word);
    if (!fits) {
      return false;
    }
    ++at;
    phrase.remove_prefix(std::min(end + 1, phrase.size()));
  }
  at_ = at;
  return true;
}

auto CommandText::expect(std::string_view phrase) -> Result<> {
  if (accept(phrase)) {
    return {};
  }
  return Error{ErrorKind::invalid_input,
               fmt::format("expected `{}`, found `{}`",
                           phrase,
                           at_end() ? "the end" : words_[at_].text.c_str())};
}

auto CommandText::name() -> Result<std::string> {
  const auto word = next();
  if (word && (word->kind == Kind::word || word->kind == Kind::name)) {
    return word->text;
  }
  if (word && word->kind == Kind::literal && word->value.type() == kql::Type::string) {
    return std::string{word->value.text()};
  }
  return Error{ErrorKind::invalid_input, "expected a name"};
}

auto CommandText::text() -> Result<std::string> {
  const auto word = next();
  if (word && word->kind == Kind::literal && word->value.type() == kql::Type::string) {
    return std::string{word->value.text()};
  }
  return Error{ErrorKind::invalid_input, "expected a text in quotes"};
}

auto CommandText::next() -> std::optional<CommandWord> {
  return at_end() ? std::nullopt : std::optional{words_[at_++]};
}

} // namespace sluice::endpoint

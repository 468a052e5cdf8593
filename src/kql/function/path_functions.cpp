// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <optional>

#include "base/json_text.hpp"
#include "kql/decimal.hpp"
#include "kql/function/arguments.hpp"
#include "kql/function/families.hpp"

/// What machines write in one text: paths, versions, command lines.
namespace sluice::kql {
namespace {

constexpr std::string_view separators = "/\\";

struct Path {
  std::string_view scheme, root, directory, folder, file, extension, stream;
};

auto is_drive(std::string_view path) -> bool {
  const auto letter = path.empty() ? '\0' : path.front();
  return path.size() > 1 && path[1] == ':' &&
         ((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'));
}

auto after_last(std::string_view text, std::string_view any_of) -> std::string_view {
  const auto at = text.find_last_of(any_of);
  return at == std::string_view::npos ? text : text.substr(at + 1);
}

auto read_path(std::string_view text) -> Path {
  Path path;
  if (const auto at = text.find("://"); at != std::string_view::npos) {
    path.scheme = text.substr(0, at);
    text.remove_prefix(at + 3);
  }
  if (is_drive(text)) {
    path.root = text.substr(
        0, text.size() > 2 && separators.find(text[2]) != std::string_view::npos ? 3 : 2);
  }
  path.file = after_last(text, separators);
  if (const auto colon = path.file.find(':');
      colon != std::string_view::npos && path.file.size() < text.size()) {
    path.stream = path.file.substr(colon + 1);
    path.file = path.file.substr(0, colon);
  }
  const auto slash = text.find_last_of(separators);
  path.directory = slash == std::string_view::npos ? std::string_view{} : text.substr(0, slash);
  path.folder = after_last(path.directory, separators);
  const auto point = path.file.rfind('.');
  path.extension =
      point == std::string_view::npos ? std::string_view{} : path.file.substr(point + 1);
  return path;
}

auto parse_path(Arguments a, EvaluationContext&) -> Value {
  const auto path = read_path(a[0].text());
  std::string json;
  const auto add = [&](std::string_view name, std::string_view value) {
    json += json.empty() ? "{" : ",";
    json += json_quoted(name) + ":" + json_quoted(value);
  };
  add("Scheme", path.scheme);
  add("RootPath", path.root);
  add("DirectoryPath", path.directory);
  add("DirectoryName", path.folder);
  add("Filename", path.file);
  add("Extension", path.extension);
  add("AlternateDataStreamName", path.stream);
  return Value::dynamic(json + "}");
}

/// Up to four parts of at most eight digits each, as one number that compares as versions do.
auto parse_version(Arguments a, EvaluationContext&) -> Value {
  constexpr std::size_t parts = 4;
  constexpr std::size_t width = 8;
  auto rest = a[0].text();
  std::string digits;
  std::size_t count = 0;
  for (bool more = true; more; ++count) {
    const auto end = rest.find('.');
    more = end != std::string_view::npos;
    const auto part = rest.substr(0, end);
    const bool good = !part.empty() && part.size() <= width && count < parts &&
                      part.find_first_not_of("0123456789") == std::string_view::npos;
    if (!good) {
      return Value::null(Type::decimal);
    }
    digits += std::string(width - part.size(), '0') + std::string{part};
    rest.remove_prefix(more ? end + 1 : rest.size());
  }
  digits.append((parts - count) * width, '0');
  const auto number = Decimal::parse(digits);
  return number ? Value::decimal(number->text()) : Value::null(Type::decimal);
}

/// Cuts a command line as programs on Windows cut theirs: blanks part, quotes hold together, and
/// backslashes mean something before a quote alone.
class CommandLine {
public:
  explicit CommandLine(std::string_view text) : rest_{text} {}

  auto next() -> std::optional<std::string> {
    skip_blanks();
    if (rest_.empty()) {
      return std::nullopt;
    }
    std::string word;
    bool quoted = false;
    while (!rest_.empty() && (quoted || (rest_.front() != ' ' && rest_.front() != '\t'))) {
      take_backslashes(word, quoted);
    }
    return word;
  }

private:
  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
  }

  void take_backslashes(std::string& word, bool& quoted) {
    const auto slashes = std::min(rest_.find_first_not_of('\\'), rest_.size());
    const bool before_quote = slashes < rest_.size() && rest_[slashes] == '"';
    word.append(before_quote ? slashes / 2 : slashes, '\\');
    rest_.remove_prefix(slashes);
    if (before_quote && slashes % 2 == 1) {
      word += '"';
      rest_.remove_prefix(1);
    } else if (before_quote) {
      if (quoted && rest_.starts_with("\"\"")) { // Two quotes in quotes are one.
        word += '"';
        rest_.remove_prefix(1);
      } else {
        quoted = !quoted;
      }
      rest_.remove_prefix(1);
    } else if (slashes == 0) {
      word += rest_.front();
      rest_.remove_prefix(1);
    }
  }

  std::string_view rest_;
};

auto parse_command_line(Arguments a, EvaluationContext&) -> Value {
  if (a[0].text().empty() || a[1].text() != "windows") {
    return Value{};
  }
  std::vector<std::string> words;
  CommandLine line{a[0].text()};
  for (auto word = line.next(); word; word = line.next()) {
    words.push_back(json_quoted(*word));
  }
  return array_of(words);
}

} // namespace

auto path_functions() -> std::vector<Function> {
  constexpr auto text = Family::text;
  return {
      {"parse_path",
       {},
       text,
       "string -> dynamic",
       "The parts of a path to a file.",
       "parse_path(\"/tmp/a.txt\").Filename => a.txt",
       parse_path},
      {"parse_version",
       {},
       text,
       "string -> decimal",
       "Up to four numbers as one that compares as versions do.",
       "parse_version(\"1.10\") > parse_version(\"1.9\") => true",
       parse_version},
      {"parse_command_line",
       {},
       text,
       "string, string -> dynamic",
       "The arguments of a command line; the second argument is \"windows\".",
       R"(parse_command_line("a \"b c\"", "windows") => ["a","b c"])",
       parse_command_line},
  };
}

} // namespace sluice::kql

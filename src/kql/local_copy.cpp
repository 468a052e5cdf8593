// SPDX-License-Identifier: Apache-2.0
#include "kql/local_copy.hpp"

#include <array>

#include <fmt/format.h>

#include "kql/conversion.hpp"
#include "kql/dynamic.hpp"

namespace sluice::kql {
namespace {

using Rows = std::vector<std::vector<Value>>;

/// Reads fields one after another: quoted ones may hold the separator, line ends and, doubled,
/// quotes (RFC 4180).
class FieldReader {
public:
  FieldReader(std::string_view text, char separator) : rest_{text}, separator_{separator} {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (rest_.starts_with(byte_order_mark)) {
      rest_.remove_prefix(byte_order_mark.size());
    }
  }

  /// The fields of the next line that is not empty; false at the end.
  auto next(std::vector<std::string>& fields) -> bool {
    const auto begin = rest_.find_first_not_of("\r\n");
    rest_.remove_prefix(begin == std::string_view::npos ? rest_.size() : begin);
    fields.clear();
    if (rest_.empty()) {
      return false;
    }
    do {
      fields.push_back(field());
    } while (accept(separator_));
    static_cast<void>(accept('\r'));
    static_cast<void>(accept('\n'));
    return true;
  }

private:
  auto accept(char wanted) -> bool {
    if (rest_.empty() || rest_.front() != wanted) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  auto field() -> std::string {
    std::string text;
    if (accept('"')) {
      while (!rest_.empty()) {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        if (c == '"' && !accept('"')) {
          break;
        }
        text += c;
      }
    }
    const std::array<char, 3> ends{separator_, '\r', '\n'};
    const auto end = rest_.find_first_of(std::string_view{ends.data(), ends.size()});
    text += rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end);
    return text;
  }

  std::string_view rest_;
  char separator_;
};

auto cell(const std::string& text, Type type) -> Value {
  if (type == Type::dynamic) {
    const auto json = canonical_json(text);
    return json ? Value::dynamic(*json) : convert(Value::string(text), type).owned_copy();
  }
  return convert(Value::string(text), type).owned_copy();
}

auto row_of(const std::vector<std::string>& fields, const Schema& columns) -> std::vector<Value> {
  std::vector<Value> row;
  for (const auto& column : columns.columns) {
    row.push_back(row.size() < fields.size() ? cell(fields[row.size()], column.type)
                                             : Value::null(column.type));
  }
  return row;
}

auto separated_rows(std::string_view text, const Schema& columns, char separator) -> Rows {
  Rows rows;
  FieldReader reader{text, separator};
  for (std::vector<std::string> fields; reader.next(fields);) {
    rows.push_back(row_of(fields, columns));
  }
  return rows;
}

auto line_rows(std::string_view text, const Schema& columns) -> Rows {
  Rows rows;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    line = line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
    rows.push_back(row_of({std::string{line}}, columns));
  }
  return rows;
}

auto json_row(std::string_view json, const Schema& columns) -> std::vector<Value> {
  std::vector<Value> row;
  for (const auto& column : columns.columns) {
    const auto member = json_member(json, column.name);
    row.push_back(member.empty()
                      ? Value::null(column.type)
                      : convert(Value::dynamic(std::string{member}), column.type).owned_copy());
  }
  return row;
}

void add_json(std::string_view json, const Schema& columns, Rows& rows) {
  if (json_kind(json) != JsonKind::array) {
    rows.push_back(json_row(json, columns));
    return;
  }
  for (JsonItems item{json}; item.next();) {
    rows.push_back(json_row(item.value(), columns));
  }
}

/// One value, or one on each line.
auto json_rows(std::string_view text, const Schema& columns) -> Result<Rows> {
  Rows rows;
  if (const auto whole = canonical_json(text)) {
    add_json(*whole, columns, rows);
    return rows;
  }
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
      continue;
    }
    const auto json = canonical_json(line);
    if (!json) {
      return Error{ErrorKind::invalid_input, "the file is not JSON"};
    }
    add_json(*json, columns, rows);
  }
  return rows;
}

} // namespace

auto read_rows(std::string_view text, const Schema& columns, const FileFormat& format)
    -> Result<Rows> {
  Rows rows;
  constexpr auto separators = std::to_array<std::pair<std::string_view, char>>(
      {{"", ','}, {"csv", ','}, {"tsv", '\t'}, {"psv", '|'}, {"scsv", ';'}});
  bool is_known = false;
  for (const auto& [name, separator] : separators) {
    if (format.name == name) {
      rows = separated_rows(text, columns, separator);
      is_known = true;
    }
  }
  if (format.name == "txt") {
    rows = line_rows(text, columns);
  } else if (format.name == "raw") {
    rows.push_back(row_of({std::string{text}}, columns));
  } else if (format.name == "json" || format.name == "multijson") {
    TRY(rows, json_rows(text, columns));
  } else if (!is_known) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("the format `{}` is not supported", format.name)};
  }
  if (format.ignores_first && !rows.empty()) {
    rows.erase(rows.begin());
  }
  return rows;
}

auto csv_header(std::string_view text) -> std::vector<std::string> {
  std::vector<std::string> names;
  FieldReader reader{text, ','};
  static_cast<void>(reader.next(names));
  return names;
}

} // namespace sluice::kql

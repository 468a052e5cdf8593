// SPDX-License-Identifier: Apache-2.0
#include "app/result_printer.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/cell_text.hpp"
#include "app/table_printer.hpp"
#include "base/json_text.hpp"

namespace sluice::app {
namespace {

/// One JSON object a line, keyed by column name.
class NdjsonPrinter final : public ResultPrinter {
public:
  explicit NdjsonPrinter(std::FILE* out) : out_{out} {}

  void begin(const kql::Schema& schema) override {
    for (const auto& column : schema.columns) {
      keys_.push_back(json_quoted(column.name));
    }
  }

  void row(std::span<const kql::Value> values) override {
    std::string line = "{";
    for (std::size_t i = 0; i < values.size(); ++i) {
      line += fmt::format("{}{}:{}", i == 0 ? "" : ",", keys_[i], to_json(values[i]));
    }
    fmt::print(out_, "{}}}\n", line);
  }

  void end() override {}

private:
  std::FILE* out_;
  std::vector<std::string> keys_;
};

/// One JSON array of the objects that NDJSON has a line each for.
class JsonPrinter final : public ResultPrinter {
public:
  explicit JsonPrinter(std::FILE* out) : out_{out}, lines_{out} {}

  void begin(const kql::Schema& schema) override {
    lines_.begin(schema);
    fmt::print(out_, "[");
  }

  void row(std::span<const kql::Value> values) override {
    fmt::print(out_, "{}", std::exchange(separator_, ","));
    lines_.row(values);
  }

  void end() override { fmt::print(out_, "]\n"); }

private:
  std::FILE* out_;
  NdjsonPrinter lines_;
  std::string_view separator_;
};

/// RFC 4180. A cell that a spreadsheet would run as a formula gets a leading apostrophe.
class CsvPrinter final : public ResultPrinter {
public:
  explicit CsvPrinter(std::FILE* out) : out_{out} {}

  void begin(const kql::Schema& schema) override {
    std::string line;
    for (const auto& column : schema.columns) {
      add_cell(line, column.name, &column == &schema.columns.front());
    }
    fmt::print(out_, "{}\r\n", line);
  }

  void row(std::span<const kql::Value> values) override {
    std::string line;
    for (const auto& value : values) {
      const bool is_text = value.type() == kql::Type::string || value.type() == kql::Type::dynamic;
      auto text = to_plain_text(value);
      if (is_text && !text.empty() && formula_starts.find(text.front()) != std::string_view::npos) {
        text.insert(0, 1, '\'');
      }
      add_cell(line, text, &value == values.data());
    }
    fmt::print(out_, "{}\r\n", line);
  }

  void end() override {}

private:
  static constexpr std::string_view formula_starts{"=+-@\t\r"};

  static void add_cell(std::string& line, std::string_view text, bool first) {
    if (!first) {
      line += ',';
    }
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
      line += text;
      return;
    }
    line += '"';
    for (const char c : text) {
      line += c;
      if (c == '"') {
        line += c;
      }
    }
    line += '"';
  }

  std::FILE* out_;
};

/// The names that Kusto's first protocol gives a type (documented).
auto clr_name(kql::Type type) -> std::string_view {
  switch (type) {
  case kql::Type::boolean:
    return "SByte";
  case kql::Type::int32:
    return "Int32";
  case kql::Type::int64:
    return "Int64";
  case kql::Type::real:
    return "Double";
  case kql::Type::decimal:
    return "SqlDecimal";
  case kql::Type::datetime:
    return "DateTime";
  case kql::Type::timespan:
    return "TimeSpan";
  case kql::Type::guid:
    return "Guid";
  case kql::Type::dynamic:
    return "Object";
  case kql::Type::string:
    break;
  }
  return "String";
}

/// The body of Kusto's REST answers: one table (v1), or frames around one (v2).
class KustoPrinter final : public ResultPrinter {
public:
  enum class Version : std::uint8_t { v1, v2 };

  KustoPrinter(std::FILE* out, Version version) : out_{out}, version_{version} {}

  void begin(const kql::Schema& schema) override {
    fmt::print(out_,
               "{}",
               version_ == Version::v1
                   ? R"({"Tables":[{"TableName":"Table_0","Columns":[)"
                   : R"([{"FrameType":"DataSetHeader","IsProgressive":false,"Version":"v2.0"},)"
                     R"({"FrameType":"DataTable","TableId":0,"TableKind":"PrimaryResult",)"
                     R"("TableName":"PrimaryResult","Columns":[)");
    std::string_view separator;
    for (const auto& column : schema.columns) {
      const auto data_type = version_ == Version::v1
                                 ? fmt::format(R"("DataType":"{}",)", clr_name(column.type))
                                 : std::string{};
      fmt::print(out_,
                 R"({}{{"ColumnName":{},{}"ColumnType":"{}"}})",
                 std::exchange(separator, ","),
                 json_quoted(column.name),
                 data_type,
                 kql::to_text(column.type));
    }
    fmt::print(out_, R"(],"Rows":[)");
  }

  void row(std::span<const kql::Value> values) override {
    std::string line;
    for (const auto& value : values) {
      line += fmt::format("{}{}", line.empty() ? "" : ",", to_json(value));
    }
    fmt::print(out_, "{}[{}]", std::exchange(separator_, ","), line);
  }

  void end() override {
    fmt::print(
        out_,
        "{}\n",
        version_ == Version::v1
            ? "]}]}"
            : R"(]},{"FrameType":"DataSetCompletion","HasErrors":false,"Cancelled":false}])");
  }

private:
  std::FILE* out_;
  const Version version_;
  std::string_view separator_;
};

} // namespace

auto make_result_printer(std::string_view format, std::FILE* out, TableLayout layout)
    -> std::unique_ptr<ResultPrinter> {
  if (format == "table") {
    return std::make_unique<TablePrinter>(out, layout);
  }
  if (format == "json") {
    return std::make_unique<JsonPrinter>(out);
  }
  if (format == "csv") {
    return std::make_unique<CsvPrinter>(out);
  }
  if (format == "ndjson") {
    return std::make_unique<NdjsonPrinter>(out);
  }
  if (format == "kusto-v1") {
    return std::make_unique<KustoPrinter>(out, KustoPrinter::Version::v1);
  }
  if (format == "kusto-v2") {
    return std::make_unique<KustoPrinter>(out, KustoPrinter::Version::v2);
  }
  return nullptr;
}

} // namespace sluice::app

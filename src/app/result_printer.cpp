// SPDX-License-Identifier: Apache-2.0
#include "app/result_printer.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/chart_printer.hpp"
#include "app/table_printer.hpp"
#include "base/clock.hpp"
#include "base/json_text.hpp"
#include "endpoint/cell_text.hpp"
#include "endpoint/result_writer.hpp"

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
      line += fmt::format("{}{}:{}", i == 0 ? "" : ",", keys_[i], endpoint::to_json(values[i]));
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
      auto text = endpoint::to_plain_text(value);
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

/// The body of Kusto's REST answers, as `sluice serve` gives it.
class KustoPrinter final : public ResultPrinter {
public:
  KustoPrinter(std::FILE* out, endpoint::ResultForm form)
      : out_{out},
        writer_{endpoint::make_result_writer(
            form,
            [out](std::string&& piece) -> Result<> {
              fmt::print(out, "{}", piece);
              return {};
            },
            0)} {}

  // The writer's calls cannot fail: printing does not, and there is no bound.
  void begin(const kql::Schema& schema) override { static_cast<void>(writer_->begin(schema)); }
  void row(std::span<const kql::Value> values) override { static_cast<void>(writer_->row(values)); }
  void end() override {
    static_cast<void>(writer_->finish({.now = SystemClock{}.now(),
                                       .client_request_id = "sluice.query",
                                       .activity_id = "00000000-0000-0000-0000-000000000000",
                                       .failure = std::nullopt}));
    fmt::print(out_, "\n");
  }

private:
  std::FILE* out_;
  std::unique_ptr<endpoint::ResultWriter> writer_;
};

} // namespace

auto make_result_printer(std::string_view format, std::FILE* out, TableLayout layout)
    -> std::unique_ptr<ResultPrinter> {
  if (format == "table") {
    return std::make_unique<TablePrinter>(out, layout);
  }
  if (format == "chart") {
    return std::make_unique<ChartPrinter>(out, layout);
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
    return std::make_unique<KustoPrinter>(out, endpoint::ResultForm::v1);
  }
  if (format == "kusto-v2") {
    return std::make_unique<KustoPrinter>(out, endpoint::ResultForm::v2);
  }
  return nullptr;
}

} // namespace sluice::app

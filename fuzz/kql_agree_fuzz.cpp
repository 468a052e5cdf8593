// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "kql/compile.hpp"
#include "record/columns.hpp"
#include "record/record_scanner.hpp"
#include "relevance/record_row.hpp"
#include "store/store.hpp"

/// Makes a condition out of any bytes and asks it of the same records twice: as a predicate over
/// each record, and as a query of the store. Both must compile, or neither, and must choose the
/// same records.
namespace {

namespace kql = sluice::kql;
using sluice::relevance::rule_schema;

constexpr sluice::DateTime noon{sluice::Ticks{639'000'000'000'000'000}};
constexpr std::size_t record_count = 200;

/// Columns to ask for: of each type some that lie in the store by themselves, some that do not.
auto asked_columns() -> const std::vector<kql::Column>& {
  static const auto columns = [] {
    std::vector<kql::Column> chosen;
    const auto& all = rule_schema().columns;
    for (const auto* name : {"RecordType", "CreationTime", "Operation", "UserType", "ClientIP"}) {
      if (const auto index = rule_schema().find(name)) {
        chosen.push_back(all[*index]);
      }
    }
    for (const auto type : {kql::Type::boolean,
                            kql::Type::int32,
                            kql::Type::int64,
                            kql::Type::real,
                            kql::Type::datetime,
                            kql::Type::string,
                            kql::Type::dynamic}) {
      std::size_t taken = 0;
      for (auto column = all.rbegin(); column != all.rend() && taken < 2; ++column) {
        if (column->type == type && column->name != "RawRecord") {
          chosen.push_back(*column);
          ++taken;
        }
      }
    }
    return chosen;
  }();
  return columns;
}

constexpr auto texts = std::to_array<std::string_view>({"",
                                                        "a",
                                                        "A",
                                                        "alpha_beta",
                                                        "Alpha beta",
                                                        "caf\u00e9",
                                                        "CAF\u00c9",
                                                        "50%",
                                                        "a'b",
                                                        "a\\\"b",
                                                        "null",
                                                        "0",
                                                        "12",
                                                        "2026-01-02T03:04:05.1234567Z",
                                                        "[1,2]",
                                                        "{\\\"a\\\":1}",
                                                        "\u200bzero",
                                                        "true",
                                                        "-7"});

/// Chooses by bytes, so that a byte changed is one choice changed.
class Choice {
public:
  explicit Choice(std::string_view bytes) : bytes_{bytes} {}
  auto below(std::size_t count) -> std::size_t {
    if (bytes_.empty()) {
      return 0;
    }
    const auto value = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    return value % count;
  }
  template <std::size_t size>
  auto of(const std::array<std::string_view, size>& list) -> std::string {
    return std::string{list[below(size)]};
  }

private:
  std::string_view bytes_;
};

/// Writes a condition; whether it has sound types is left to chance.
class Writer {
public:
  explicit Writer(std::string_view bytes) : choice_{bytes} {}

  auto condition(int depth) -> std::string {
    switch (choice_.below(depth == 0 ? 4 : 8)) {
    case 0:
      return compared(depth);
    case 1:
      return text_matched(depth);
    case 2:
      return listed(depth);
    case 3:
      return choice_.of(predicates) + "(" + value(depth) + ")";
    case 4:
      return "(" + condition(depth - 1) + " and " + condition(depth - 1) + ")";
    case 5:
      return "(" + condition(depth - 1) + " or " + condition(depth - 1) + ")";
    case 6:
      return "not(" + condition(depth - 1) + ")";
    default:
      return value(depth) + " between (" + value(0) + " .. " + value(0) + ")";
    }
  }

private:
  static constexpr auto predicates = std::to_array<std::string_view>(
      {"isempty", "isnotempty", "isnull", "isnotnull", "tobool", "isnan"});
  static constexpr auto comparisons =
      std::to_array<std::string_view>({"==", "!=", "<", "<=", ">", ">=", "=~", "!~"});
  static constexpr auto matches = std::to_array<std::string_view>({"has",
                                                                   "!has",
                                                                   "contains",
                                                                   "!contains_cs",
                                                                   "startswith",
                                                                   "!endswith",
                                                                   "has_cs",
                                                                   "hasprefix",
                                                                   "hassuffix",
                                                                   "contains_cs",
                                                                   "matches regex"});
  static constexpr auto conversions = std::to_array<std::string_view>({"tostring",
                                                                       "tolong",
                                                                       "toint",
                                                                       "todouble",
                                                                       "todatetime",
                                                                       "tolower",
                                                                       "toupper",
                                                                       "strlen",
                                                                       "parse_json",
                                                                       "hourofday",
                                                                       "trim_start",
                                                                       "reverse",
                                                                       "gettype",
                                                                       "abs",
                                                                       "startofday"});
  static constexpr auto numbers = std::to_array<std::string_view>({"0",
                                                                   "1",
                                                                   "-1",
                                                                   "40",
                                                                   "9223372036854775807",
                                                                   "1.5",
                                                                   "0.0",
                                                                   "int(3)",
                                                                   "real(nan)",
                                                                   "long(null)",
                                                                   "datetime(2026-01-02)",
                                                                   "datetime(null)",
                                                                   "1d",
                                                                   "true",
                                                                   "bool(null)"});

  auto compared(int depth) -> std::string {
    auto left = value(depth);
    return left + " " + choice_.of(comparisons) + " " + value(depth);
  }
  auto text_matched(int depth) -> std::string {
    auto left = value(depth);
    return left + " " + choice_.of(matches) + " " + text();
  }
  auto listed(int depth) -> std::string {
    constexpr auto names = std::to_array<std::string_view>({"in", "!in", "in~", "!in~", "has_any"});
    auto left = value(depth);
    left += " " + choice_.of(names) + " (" + value(0);
    return left + ", " + value(0) + ", " + value(0) + ")";
  }

  auto text() -> std::string { return "\"" + choice_.of(texts) + "\""; }
  auto column() -> std::string {
    return asked_columns()[choice_.below(asked_columns().size())].name;
  }

  auto value(int depth) -> std::string {
    switch (choice_.below(depth == 0 ? 5 : 9)) {
    case 0:
    case 1:
      return column();
    case 2:
      return text();
    case 3:
      return choice_.of(numbers);
    case 4:
      return column();
    case 5:
      return choice_.of(conversions) + "(" + value(depth - 1) + ")";
    case 6:
      return "(" + value(depth - 1) + " + " + value(depth - 1) + ")";
    case 7:
      return "iff(" + condition(0) + ", " + value(depth - 1) + ", " + value(depth - 1) + ")";
    default:
      return "parse_json(tostring(" + column() + ")).a";
    }
  }

  Choice choice_;
};

/// A value that a column may have, or should not.
auto json_value(std::mt19937_64& random) -> std::string {
  constexpr auto values = std::to_array<std::string_view>({"null",
                                                           "true",
                                                           "false",
                                                           "0",
                                                           "1",
                                                           "40",
                                                           "-7",
                                                           "1.5",
                                                           "9223372036854775807",
                                                           "18446744073709551616",
                                                           "1e300",
                                                           "[1,\"a\"]",
                                                           "{\"a\":1,\"b\":null}",
                                                           "{\"a\":\"x\"}",
                                                           "\"2026-01-02T03:04:05.1234567Z\"",
                                                           "\"2026-01-02T03:04:05\"",
                                                           "\"{\\\"a\\\":2}\"",
                                                           "\"a\\u0000b\"",
                                                           "\"\\ud83d\\ude00\""});
  const auto kind = random() % (values.size() + texts.size());
  return kind < values.size() ? std::string{values[kind]}
                              : fmt::format("\"{}\"", texts[kind - values.size()]);
}

auto make_records() -> std::vector<std::string> {
  std::mt19937_64 random{7};
  std::vector<std::string> records;
  for (std::size_t i = 0; i < record_count; ++i) {
    std::string record = fmt::format("{{\"Id\":\"{}\"", i);
    for (const auto& column : asked_columns()) {
      if (random() % 3 != 0 && column.name != "AdditionalFields") {
        record += fmt::format(",\"{}\":{}", column.name, json_value(random));
      }
    }
    record += random() % 2 == 0 ? ",\"NoColumnOfThisName\":1}" : "}";
    records.push_back(std::move(record));
  }
  return records;
}

/// The records in a store and as they came.
class World {
public:
  World() : records_{make_records()}, store_{open()} {
    const std::vector<std::string_view> views{records_.begin(), records_.end()};
    check(store_.append({"contoso", "content", views, noon}).has_value());
    check(store_.flush().has_value());
  }
  ~World() { std::filesystem::remove_all(directory_); }
  World(const World&) = delete;
  auto operator=(const World&) -> World& = delete;

  [[nodiscard]] auto by_store(const kql::Plan& plan) const -> std::vector<std::string> {
    class Ids final : public sluice::store::RowSink {
    public:
      auto begin(const kql::Schema&) -> sluice::Result<> override { return {}; }
      auto row(std::span<const kql::Value> values) -> sluice::Result<> override {
        ids.emplace_back(values.front().text());
        return {};
      }
      std::vector<std::string> ids;
    };
    Ids sink;
    sluice::SystemClock clock;
    const auto run = store_.run(plan, sink, {.now = noon}, clock);
    if (!run) {
      return {"failed: " + run.error().message()};
    }
    std::ranges::sort(sink.ids);
    return sink.ids;
  }

  [[nodiscard]] auto by_record(const kql::Predicate& predicate) const -> std::vector<std::string> {
    std::vector<std::size_t> columns;
    std::vector<std::string> names;
    for (const auto index : predicate.columns_used()) {
      if (index < sluice::relevance::additional_fields_index()) {
        columns.push_back(index);
        names.push_back(rule_schema().columns[index].name);
      }
    }
    Chosen sink{predicate, columns};
    sluice::record::RecordScanner scanner{names, {}};
    for (std::size_t i = 0; i < records_.size(); ++i) {
      sink.id = fmt::format("{}", i);
      scanner.restart();
      check(scanner.feed(records_[i], sink).has_value() && scanner.finish(sink).has_value());
    }
    std::ranges::sort(sink.ids);
    return sink.ids;
  }

  /// The record, or what the store says instead of an id.
  [[nodiscard]] auto record(const std::string& id) const -> std::string {
    const auto found = std::ranges::find_if(records_, [&](const std::string& record) {
      return record.starts_with("{\"Id\":\"" + id + "\"");
    });
    return found == records_.end() ? id : *found;
  }

  [[nodiscard]] auto catalog() const -> const kql::Catalog& { return store_.catalog(); }

  static void check(bool holds) {
    if (!holds) {
      std::abort();
    }
  }

private:
  class Chosen final : public sluice::record::RecordSink {
  public:
    Chosen(const kql::Predicate& predicate, std::span<const std::size_t> columns)
        : predicate_{predicate},
          row_{columns} {}
    auto on_record(const sluice::record::ScannedRecord& record) -> sluice::Result<> override {
      row_.show(record);
      if (predicate_.matches(row_)) {
        ids.push_back(id);
      }
      return {};
    }
    auto on_bad_record(const sluice::record::BadRecord&) -> sluice::Result<> override { return {}; }
    std::string id;
    std::vector<std::string> ids;

  private:
    const kql::Predicate& predicate_;
    sluice::relevance::RecordRow row_;
  };

  auto open() -> sluice::store::Store {
    auto name = (std::filesystem::temp_directory_path() / "kql_agree_XXXXXX").string();
    check(mkdtemp(name.data()) != nullptr);
    directory_ = name;
    auto opened = sluice::store::Store::open(directory_, {});
    check(opened.has_value());
    return std::move(opened->store);
  }

  std::filesystem::path directory_;
  std::vector<std::string> records_;
  sluice::store::Store store_;
};

/// What the first of them is that only one of both has.
auto difference(const World& world,
                const std::vector<std::string>& by_record,
                const std::vector<std::string>& by_store) -> std::string {
  std::vector<std::string> ids;
  std::ranges::set_symmetric_difference(by_record, by_store, std::back_inserter(ids));
  const auto& id = ids.front();
  return std::ranges::find(by_record, id) == by_record.end()
             ? "by the store alone: " + world.record(id)
             : "by record alone: " + world.record(id);
}

} // namespace

extern "C" auto LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) -> int {
  static const World world;
  const auto condition =
      Writer{{reinterpret_cast<const char*>(bytes), std::min<std::size_t>(size, 64)}}.condition(3);
  const auto predicate = kql::compile_predicate(condition, rule_schema(), {.now = noon});
  const auto plan = kql::compile_query(
      "AuditRecords | where " + condition + " | project Id", world.catalog(), {.now = noon});
  if (predicate.has_value() != plan.has_value()) {
    std::fputs(("compiled by one alone: " + condition + "\n").c_str(), stderr);
    std::abort();
  }
  if (!plan) {
    return 0;
  }
  const auto by_record = world.by_record(*predicate);
  const auto by_store = world.by_store(*plan);
  if (by_record != by_store) {
    std::fputs(fmt::format("{}\n  {}\n", condition, difference(world, by_record, by_store)).c_str(),
               stderr);
    std::abort();
  }
  return 0;
}

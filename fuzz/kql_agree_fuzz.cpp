// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "agreeing_rules.hpp"
#include "base/clock.hpp"
#include "kql/compile.hpp"
#include "record/record_scanner.hpp"
#include "relevance/record_row.hpp"
#include "store/store.hpp"

/// Makes a rule out of any bytes and asks it of the same records twice: as a predicate over each
/// record, and as a query of the store. Both must compile, or neither, and must choose the same
/// records.
namespace {

namespace kql = sluice::kql;
using sluice::relevance::rule_schema;

constexpr sluice::DateTime noon{sluice::Ticks{639'000'000'000'000'000}};

/// The records in a store and as they came.
class World {
public:
  World() : records_{sluice::agreeing::make_records()}, store_{open()} {
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
  const auto rule = sluice::agreeing::Writer{{reinterpret_cast<const char*>(bytes),
                                              std::min<std::size_t>(size, 64)}}
                        .rule();
  const auto predicate = kql::compile_predicate(rule, rule_schema(), {.now = noon});
  const auto plan = kql::compile_query(
      "AuditRecords | where " + rule + " | distinct Id", world.catalog(), {.now = noon});
  if (predicate.has_value() != plan.has_value()) {
    std::fputs(("compiled by one alone: " + rule + "\n").c_str(), stderr);
    std::abort();
  }
  if (!plan) {
    return 0;
  }
  const auto by_record = world.by_record(*predicate);
  const auto by_store = world.by_store(*plan);
  if (by_record != by_store) {
    std::fputs(fmt::format("{}\n  {}\n", rule, difference(world, by_record, by_store)).c_str(),
               stderr);
    std::abort();
  }
  return 0;
}

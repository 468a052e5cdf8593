// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/case_story.hpp"
#include "app/command.hpp"
#include "app/components.hpp"
#include "app/configuration.hpp"
#include "app/interrupt.hpp"
#include "app/query_run.hpp"
#include "base/check.hpp"
#include "base/json_text.hpp"
#include "endpoint/cell_text.hpp"
#include "kql/dynamic.hpp"
#include "record/record_scanner.hpp"

namespace sluice::app {
namespace {

/// Each row as a JSON object.
class JsonRows final : public store::RowSink {
public:
  auto begin(const kql::Schema& schema) -> Result<> override {
    schema_ = schema;
    return {};
  }
  auto row(std::span<const kql::Value> values) -> Result<> override {
    std::string object = "{";
    for (std::size_t i = 0; i < values.size(); ++i) {
      object += fmt::format("{}{}:{}",
                            i == 0 ? "" : ",",
                            json_quoted(schema_.columns[i].name),
                            endpoint::to_json(values[i]));
    }
    rows.push_back(object + '}');
    return {};
  }

  std::vector<std::string> rows;

private:
  kql::Schema schema_;
};

class Explainer {
public:
  Explainer(const store::Store& store, const relevance::RuleSet& rules, Clock& clock)
      : store_{store},
        rules_{rules},
        clock_{clock} {}

  /// False when nothing of that id is there.
  auto explain(const std::string& id) -> Result<bool> {
    TRY(const auto cases, ask(fmt::format("LatestCases() | where CaseId == {}", quoted(id))));
    for (const auto& row : cases) {
      fmt::print("{}", case_story(row));
    }
    if (!cases.empty()) {
      return true;
    }
    TRY(const auto records,
        ask(fmt::format("AuditRecords | where Id =~ {} | take 1 "
                        "| project RecordType, Operation, CreationTime, RawRecord",
                        quoted(id))));
    if (records.empty()) {
      return false;
    }
    const auto& record = records.front();
    fmt::print("Record {} is {} (RecordType {}) of {}.\n",
               escape_control(id),
               member(record, "Operation"),
               member(record, "RecordType"),
               member(record, "CreationTime"));
    TRY_DO(explain_rules(kql::json_unquoted(kql::json_member(record, "RawRecord"))));
    TRY_DO(explain_cases(id));
    return true;
  }

private:
  /// Says which rules keep a record.
  class Judge final : public record::RecordSink {
  public:
    explicit Judge(const relevance::RuleSet& rules) : rules_{rules}, matcher_{rules} {}
    auto on_record(const record::ScannedRecord& record) -> Result<> override {
      if (!matcher_.keeps(record)) {
        fmt::print("No rule of today keeps it; an earlier rule did.\n");
      }
      for (const auto rule : matcher_.kept_by()) {
        const auto& kept = rules_.rules()[rule];
        fmt::print("Rule {} keeps it{}.\n",
                   kept.name,
                   kept.description.empty() ? "" : ": " + kept.description);
      }
      return {};
    }
    auto on_bad_record(const record::BadRecord& /*record*/) -> Result<> override { return {}; }

  private:
    const relevance::RuleSet& rules_;
    relevance::RuleSet::Matcher matcher_;
  };

  static auto quoted(const std::string& text) -> std::string { return json_quoted(text); }
  static auto member(std::string_view object, std::string_view key) -> std::string {
    return escape_control(kql::json_to_text(kql::json_member(object, key)));
  }

  auto ask(const std::string& query) -> Result<std::vector<std::string>> {
    const auto plan = store_.compile(query, clock_.now());
    if (!plan) {
      return Error{ErrorKind::invalid_input, kql::render(plan.error(), query, "query")};
    }
    JsonRows sink;
    TRY_DO(store_.run(*plan, sink, {.now = clock_.now()}, clock_));
    return std::move(sink.rows);
  }

  auto explain_rules(const std::string& record) -> Result<> {
    Judge judge{rules_};
    record::RecordScanner scanner{rules_.fields(), {}};
    TRY_DO(scanner.feed(record, judge));
    return scanner.finish(judge);
  }

  auto explain_cases(const std::string& id) -> Result<> {
    TRY(const auto cases,
        ask(fmt::format("LatestCases() | where RecordIds has {} "
                        "| project CaseId, Outcome, Evidence",
                        quoted(id))));
    if (cases.empty()) {
      fmt::print("It decides nothing in any case: it is of no configured kind, its case is not "
                 "processed yet, or newer records have overtaken it.\n");
    }
    for (const auto& row : cases) {
      fmt::print(
          "It is one of the records of {} ({}).\n", member(row, "CaseId"), member(row, "Outcome"));
    }
    return {};
  }

  const store::Store& store_;
  const relevance::RuleSet& rules_;
  Clock& clock_;
};

auto run_explain(const std::string& id, const std::filesystem::path& file) -> Result<ExitCode> {
  const auto config = load_configuration(file);
  if (!config) {
    return ExitCode::config;
  }
  SystemClock clock;
  const Interrupt interrupt;
  TRY(const auto rules, compile_rules(*config));
  TRY(const auto directory, store_of(*config));
  TRY(const auto store, open_store_for_reading(directory, clock, interrupt.token()));
  TRY(const bool found, Explainer(store, rules, clock).explain(id));
  if (!found) {
    fmt::print(stderr,
               "error: no record and no case of that id is in the store\n"
               "  a record that no rule keeps is not stored; `sluice cases` lists the cases\n");
  }
  return found ? ExitCode::ok : ExitCode::bad_data;
}

} // namespace

auto declare_explain(CLI::App& parser) -> CommandBody {
  struct Options {
    std::string id;
    std::filesystem::path config = "sluice.yaml";
  };
  auto options = std::make_shared<Options>();
  parser.add_option("id", options->id, "The Id of a record, or a CaseId")->required();
  declare_config_option(parser, options->config);
  return [options] {
    const auto explained = run_explain(options->id, options->config);
    return explained ? *explained : report(explained.error());
  };
}

} // namespace sluice::app

// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/check.hpp"
#include "record/record_scanner.hpp"
#include "relevance/cases/case_row.hpp"
#include "relevance/cases/case_text.hpp"
#include "relevance/cases/correlator.hpp"

/// Takes any bytes as a sequence of records: JSON if they begin with `{` or `[`, else a program in
/// which each pair of bytes is a record made of few ids and statuses. Whatever comes:
/// - no case is processed unless some record says so;
/// - what was kept of the state can be taken back, and goes on to the same cases;
/// - the records the other way round end in the same cases.
namespace {

using namespace sluice;
using relevance::AlertFacts;
using relevance::FactReader;
using relevance::InvestigationFacts;

/// Everything becomes available at one time, so that orders differ in nothing else.
const DateTime available = *parse_iso8601("2026-07-02T00:00:00Z");

class Reader final : public record::RecordSink {
public:
  explicit Reader(std::string_view json) {
    record::RecordScanner scanner{FactReader::fields(), {}};
    const auto fed = scanner.feed(json, *this);
    static_cast<void>(fed ? scanner.finish(*this) : fed);
  }
  auto on_record(const record::ScannedRecord& record) -> Result<> override {
    all.push_back(facts_.read(record, "o"));
    return {};
  }
  auto on_bad_record(const record::BadRecord&) -> Result<> override { return {}; }

  std::vector<FactReader::Facts> all;

private:
  FactReader facts_;
};

/// A record out of two bytes. A record's id is made of all that it says, as the service never gives
/// two records one id.
auto made(std::uint8_t what, std::uint8_t when) -> FactReader::Facts {
  constexpr std::array statuses{"Investigation Started",
                                "Running",
                                "Pending Action",
                                "Remediated",
                                "Failed",
                                "No threats found",
                                "Rebooting",
                                ""};
  const auto id = std::to_string(what) + "-" + std::to_string(when);
  const auto base = parse_iso8601("2026-07-01T00:00:00Z")->since_year_one.count();
  const relevance::Stamp stamp{.created = base + when * std::int64_t{600'000'000}, .record = id};
  const auto number = [&](unsigned shift, unsigned bits) {
    return what >> shift & ((1U << bits) - 1U);
  };
  const auto alert_id = "a" + std::to_string(number(1, 1));
  const auto urn = "urn:SubmissionInvestigation:" + std::to_string(number(2, 1));
  if (number(0, 1) == 0) {
    AlertFacts facts;
    facts.organization = "o";
    facts.alert = alert_id;
    facts.stamp = stamp;
    facts.operation = static_cast<AlertFacts::Operation>(number(3, 2));
    facts.text = {.status = number(5, 1) == 0 ? "Active" : "Resolved",
                  .name =
                      number(7, 1) == 0 ? "Email reported by user as malware or phish" : "other"};
    facts.investigation = number(6, 1) == 0 ? "" : urn;
    facts.entity = {
        .id = "r", .network_message_id = "n" + std::to_string(when & 1U), .activity = base};
    return facts;
  }
  InvestigationFacts facts;
  facts.organization = "o";
  facts.investigation = relevance::normal_investigation_id(urn);
  facts.stamp = stamp;
  facts.head = {.id = urn, .status = statuses.at(number(3, 3))};
  facts.has_data = number(6, 1) == 1;
  facts.data.message_ids = {"n" + std::to_string(when & 1U)};
  facts.data.reporters = {"r"};
  facts.data.start = base;
  if (number(7, 1) == 1) {
    facts.data.alert = facts.has_data ? alert_id : "";
    facts.related_alerts = {alert_id};
  }
  return facts;
}

auto facts_of(std::string_view bytes) -> std::vector<FactReader::Facts> {
  if (bytes.starts_with('{') || bytes.starts_with('[')) {
    return Reader{bytes}.all;
  }
  std::vector<FactReader::Facts> all;
  for (std::size_t i = 0; i + 1 < bytes.size() && all.size() < 64; i += 2) {
    all.push_back(
        made(static_cast<std::uint8_t>(bytes[i]), static_cast<std::uint8_t>(bytes[i + 1])));
  }
  return all;
}

/// Every alert that any record names, and none.
auto alerts_in(const std::vector<FactReader::Facts>& all) -> std::set<std::string> {
  std::set<std::string> alerts{""};
  for (const auto& facts : all) {
    if (const auto* alert = std::get_if<AlertFacts>(&facts)) {
      alerts.insert(alert->alert);
    } else if (const auto* said = std::get_if<InvestigationFacts>(&facts)) {
      alerts.insert(said->data.alert);
      alerts.insert(said->linked_alerts.begin(), said->linked_alerts.end());
      alerts.insert(said->related_alerts.begin(), said->related_alerts.end());
    }
  }
  return alerts;
}

/// The ids of all cases that may be processed: the investigation has a processed status, or an
/// alert was resolved with a link to it.
auto evidence_in(const std::vector<FactReader::Facts>& all) -> std::set<std::string> {
  const relevance::CaseRules rules;
  const auto alerts = alerts_in(all);
  std::set<std::string> evidence;
  for (const auto& facts : all) {
    if (const auto* said = std::get_if<InvestigationFacts>(&facts)) {
      const auto status = rules.class_of(relevance::normal_status(said->head.status));
      const bool processed = status == relevance::StatusClass::awaiting_action ||
                             status == relevance::StatusClass::finished;
      for (const auto& alert : alerts) {
        if (processed) {
          evidence.insert(relevance::case_id(said->organization, alert, said->investigation));
        }
      }
    } else if (const auto* alert = std::get_if<AlertFacts>(&facts)) {
      const auto status = relevance::normal_status(alert->text.status);
      if (status == "resolved" || status == "dismissed") {
        const auto id = relevance::normal_investigation_id(alert->investigation);
        evidence.insert(relevance::case_id(alert->organization, alert->alert, id));
      }
    }
  }
  return evidence;
}

using Rows = std::map<std::string, std::string>;

void keep(relevance::CorrelationChanges changes, Rows& rows, Rows& state) {
  for (auto& told : changes.cases) {
    rows.erase(told.case_id);
    if (told.row.find("\"Withdrawn\":true") == told.row.npos) {
      rows.emplace(told.case_id, std::move(told.row));
    }
  }
  for (auto& change : changes.state) {
    state.erase(change.key);
    if (!change.value.empty()) {
      state.emplace(change.key, std::move(change.value));
    }
  }
}

/// The newest rows. No state stays in memory; half way, another correlator goes on.
template <class Range>
auto correlate(const Range& all, std::size_t count) -> Rows {
  Rows rows;
  Rows state;
  const relevance::StateRoom no_room{
      .read = [&](std::string_view key) { return Result<std::string>{state[std::string{key}]}; },
      .most_bytes = 0};
  relevance::Correlator correlator{relevance::CaseRules{}, no_room};
  std::size_t taken = 0;
  for (auto facts : all) {
    if (taken++ == count / 2) {
      correlator = relevance::Correlator{relevance::CaseRules{}, no_room};
      for (const auto& [key, value] : state) {
        CHECK(correlator.restore(key, value));
      }
    }
    correlator.take(std::move(facts), available);
    keep(correlator.settle(available).value(), rows, state);
    correlator.make_room();
  }
  keep(correlator.advance(available + Ticks{std::chrono::hours{48}}).value(), rows, state);
  return rows;
}

} // namespace

extern "C" auto LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) -> int {
  auto all = facts_of({reinterpret_cast<const char*>(bytes), size});
  const auto rows = correlate(all, all.size());
  const auto evidence = evidence_in(all);
  for (const auto& [id, row] : rows) {
    const bool processed = row.find("\"Processed\":true") != row.npos;
    CHECK(!processed || evidence.contains(id));
  }
  const std::vector<FactReader::Facts> backwards{all.rbegin(), all.rend()};
  CHECK(correlate(backwards, backwards.size()) == rows);
  return 0;
}

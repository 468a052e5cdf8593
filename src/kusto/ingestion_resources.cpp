// SPDX-License-Identifier: Apache-2.0
#include "kusto/ingestion_resources.hpp"

#include <utility>

#include "http/url.hpp"
#include "kql/dynamic.hpp"

namespace sluice::kusto {
namespace {

constexpr std::size_t most_resources = 1'000;
constexpr auto time_to_answer = std::chrono::seconds{60};

/// Rows of texts.
class TextRows final : public AnswerSink {
public:
  auto begin(const kql::Schema&) -> Result<> override { return {}; }
  auto row(std::span<const kql::Value> values) -> Result<> override {
    auto& kept = rows.emplace_back();
    for (const auto& value : values) {
      kept.emplace_back(value.type() == kql::Type::string ? value.text() : std::string_view{});
    }
    if (rows.size() > most_resources) {
      return Error{ErrorKind::malformed, "the cluster lends more than anybody needs"};
    }
    return {};
  }

  std::vector<std::vector<std::string>> rows;
};

auto ask(Cluster& management, std::string command, const std::stop_token& stop)
    -> Result<std::vector<std::vector<std::string>>> {
  TextRows answer;
  TRY_DO(management.ask({.database = "NetDefaultDB",
                         .text = std::move(command),
                         .timeout = time_to_answer,
                         .read_only = false},
                        answer,
                        stop));
  return std::move(answer.rows);
}

} // namespace

auto IngestionLending::current(const std::stop_token& stop)
    -> Result<std::shared_ptr<const IngestionResources>> {
  const std::lock_guard lock{mutex_};
  if (!kept_ || clock_.steady() - fetched_ >= life) {
    TRY(kept_, fetch(stop).while_doing("asking the cluster where to put what it shall ingest"));
    fetched_ = clock_.steady();
  }
  return kept_;
}

void IngestionLending::renew(const std::shared_ptr<const IngestionResources>& refused) {
  const std::lock_guard lock{mutex_};
  if (kept_ == refused) {
    kept_.reset();
  }
}

void IngestionLending::give_up_rest() {
  const std::lock_guard lock{mutex_};
  rest_given_up_ = clock_.steady();
  kept_.reset();
}

auto IngestionLending::fetch_for_rest(const std::stop_token& stop)
    -> Result<std::optional<IngestionResources>> {
  const std::optional<IngestionResources> by_queues;
  if (rest_given_up_ && clock_.steady() - *rest_given_up_ < life) {
    return by_queues;
  }
  const auto body =
      management_.call({.path = "/v1/rest/ingestion/configuration", .query = {}, .body = {}}, stop);
  if (!body) {
    // A cluster without that path is the rule; one that refuses will say why to the next question.
    return body.error().kind() == ErrorKind::cancelled ? Result<decltype(by_queues)>{body.error()}
                                                       : by_queues;
  }
  const auto json = kql::canonical_json(*body).value_or("{}");
  const auto method = kql::json_to_text(
      kql::json_member(kql::json_member(json, "ingestionSettings"), "preferredIngestionMethod"));
  if (!http::equal_ignoring_case(method, "rest")) {
    return by_queues;
  }
  IngestionResources lent{.by_rest = true};
  const auto containers =
      kql::json_member(kql::json_member(json, "containerSettings"), "containers");
  for (kql::JsonItems item{containers}; item.next();) {
    if (lent.containers.size() == most_resources) {
      break;
    }
    lent.containers.emplace_back(kql::json_to_text(kql::json_member(item.value(), "path")));
  }
  return std::optional{std::move(lent)};
}

auto IngestionLending::fetch(const std::stop_token& stop)
    -> Result<std::shared_ptr<const IngestionResources>> {
  TRY(auto for_rest, fetch_for_rest(stop));
  if (for_rest) {
    return std::make_shared<const IngestionResources>(*std::move(for_rest));
  }
  IngestionResources lent;
  TRY(auto rows, ask(management_, ".get ingestion resources", stop));
  for (auto& row : rows) {
    if (row.size() < 2) {
      return Error{ErrorKind::malformed, "the cluster lends something without an address"};
    }
    auto* kind = row[0] == "TempStorage"                       ? &lent.containers
                 : row[0] == "SecuredReadyForAggregationQueue" ? &lent.queues
                 : row[0] == "IngestionsStatusTable"           ? &lent.status_tables
                 : row[0] == "SuccessfulIngestionsQueue"       ? &lent.successes
                 : row[0] == "FailedIngestionsQueue"           ? &lent.failures
                                                               : nullptr;
    if (kind != nullptr) {
      kind->emplace_back(std::move(row[1]));
    }
  }
  TRY(auto identity, ask(management_, ".get kusto identity token", stop));
  if (lent.containers.empty() || lent.queues.empty() || identity.empty() ||
      identity.front().empty()) {
    return Error{ErrorKind::malformed, "the cluster lends no container, queue or identity"}
        .with_hint("is that the cluster's data management address, https://ingest-...?");
  }
  lent.identity = Secret{std::move(identity.front().front())};
  return std::make_shared<const IngestionResources>(std::move(lent));
}

} // namespace sluice::kusto

// SPDX-License-Identifier: Apache-2.0
#include "kusto/status_source.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "http/url.hpp"
#include "kql/dynamic.hpp"
#include "kusto/remedy.hpp"

namespace sluice::kusto {
namespace {

constexpr std::size_t max_details = 500;

/// A request for the status that failed says nothing about what was handed in.
auto could_not_ask(const Error& error) -> Error {
  const bool stopped = error.kind() == ErrorKind::cancelled;
  return Error{stopped ? ErrorKind::cancelled : ErrorKind::unavailable, error.message()}
      .while_doing("asking what became of it");
}

auto refusal(std::string_view code, std::string_view details, bool is_passing) -> Error {
  const bool is_final =
      remedy_for_code(code).value_or(Remedy::stop) != Remedy::retry && !is_passing;
  return Error{is_final ? ErrorKind::invalid_input : ErrorKind::unavailable,
               fmt::format("the cluster did not ingest it: {} {}",
                           code,
                           redact(std::string{details.substr(0, max_details)}))}
      .with_code(std::string{code});
}

/// The member of that name in any case, as text; empty when there is none.
auto member(std::string_view object, std::string_view name) -> std::string {
  for (kql::JsonItems item{object}; item.next();) {
    if (http::equal_ignoring_case(kql::json_unquoted(item.key()), name)) {
      return kql::json_to_text(item.value());
    }
  }
  return {};
}

class TableStatus final : public StatusSource {
public:
  TableStatus(azure::Table table, std::string id) : table_{std::move(table)}, id_{std::move(id)} {}

  auto look(const std::stop_token& stop) -> Result<std::optional<Ingested>> override {
    const auto told = table_.find(id_, id_, stop);
    if (!told) {
      return could_not_ask(told.error());
    }
    const auto status = told->text("Status");
    if (status == "Succeeded") {
      return std::optional{Ingested::queued};
    }
    if (status == "Skipped") {
      return std::optional{Ingested::skipped};
    }
    if (status != "Failed" && status != "PartiallySucceeded") {
      return std::optional<Ingested>{};
    }
    return refusal(
        told->text("ErrorCode"), told->text("Details"), told->text("FailureStatus") == "Transient");
  }

private:
  azure::Table table_;
  std::string id_;
};

class QueueStatus final : public StatusSource {
public:
  QueueStatus(std::vector<azure::Queue> successes,
              std::vector<azure::Queue> failures,
              std::string id)
      : successes_{std::move(successes)},
        failures_{std::move(failures)},
        id_{std::move(id)} {}

  auto look(const std::stop_token& stop) -> Result<std::optional<Ingested>> override {
    for (const auto& queue : successes_) {
      TRY(const auto found, find(queue, stop));
      if (found) {
        return std::optional{Ingested::queued};
      }
    }
    for (const auto& queue : failures_) {
      TRY(const auto found, find(queue, stop));
      if (found) {
        return refusal(member(*found, "ErrorCode"),
                       member(*found, "Details"),
                       member(*found, "FailureStatus") == "Transient" ||
                           member(*found, "ShouldRetry") == "true");
      }
    }
    return std::optional<Ingested>{};
  }

private:
  /// Others wait this long for what we met and is theirs.
  static constexpr auto hidden = std::chrono::seconds{2};
  static constexpr int most_at_once = 32;
  /// Beyond so many messages of others the next look goes on.
  static constexpr int most_rounds = 64;

  [[nodiscard]] auto find(const azure::Queue& queue, const std::stop_token& stop)
      -> Result<std::optional<std::string>> {
    for (int round = 0; round < most_rounds; ++round) {
      const auto messages = queue.receive(most_at_once, hidden, stop);
      if (!messages) {
        return could_not_ask(messages.error());
      }
      for (const auto& message : *messages) {
        auto json = kql::canonical_json(message.text);
        if (json && member(*json, "IngestionSourceId") == id_) {
          // A message that stays tells nobody anything.
          static_cast<void>(queue.remove(message, stop));
          return std::optional{*std::move(json)};
        }
      }
      if (messages->size() < static_cast<std::size_t>(most_at_once)) {
        break;
      }
    }
    return std::optional<std::string>{};
  }

  std::vector<azure::Queue> successes_;
  std::vector<azure::Queue> failures_;
  std::string id_;
};

class OperationStatus final : public StatusSource {
public:
  OperationStatus(Cluster& management, std::string path, std::string id)
      : management_{management},
        path_{std::move(path)},
        id_{std::move(id)} {}

  auto look(const std::stop_token& stop) -> Result<std::optional<Ingested>> override {
    const auto body = management_.call({.path = path_, .query = "details=true", .body = {}}, stop);
    if (!body) {
      const bool passes = body.error().kind() == ErrorKind::unavailable ||
                          body.error().kind() == ErrorKind::throttled;
      return passes && ++missed_ <= most_missed ? Result<std::optional<Ingested>>{}
                                                : could_not_ask(body.error());
    }
    missed_ = 0;
    const auto json = kql::canonical_json(*body);
    if (!json) {
      return could_not_ask(Error{ErrorKind::malformed, "the status is no JSON"});
    }
    const auto details = kql::json_member(*json, "details");
    for (kql::JsonItems item{details}; item.next();) {
      if (http::equal_ignoring_case(member(item.value(), "sourceId"), id_)) {
        return decision(item.value());
      }
    }
    return std::optional<Ingested>{};
  }

private:
  /// `Queued` and `InProgress` are undecided (documented).
  [[nodiscard]] static auto decision(std::string_view detail) -> Result<std::optional<Ingested>> {
    const auto status = member(detail, "status");
    const auto is = [&](std::string_view name) { return http::equal_ignoring_case(status, name); };
    if (is("Succeeded")) {
      return std::optional{Ingested::queued};
    }
    if (is("Skipped")) {
      return std::optional{Ingested::skipped};
    }
    if (is("Canceled")) {
      return Error{ErrorKind::unavailable, "the cluster's ingestion was cancelled"};
    }
    if (!is("Failed")) {
      return std::optional<Ingested>{};
    }
    return refusal(member(detail, "errorCode"),
                   member(detail, "details"),
                   http::equal_ignoring_case(member(detail, "failureStatus"), "Transient"));
  }

  /// So many answers in a row may be missed.
  static constexpr int most_missed = 3;

  Cluster& management_;
  std::string path_;
  std::string id_;
  int missed_ = 0;
};

} // namespace

auto status_by_table(azure::Table table, std::string id) -> std::unique_ptr<StatusSource> {
  return std::make_unique<TableStatus>(std::move(table), std::move(id));
}

auto status_by_queues(std::vector<azure::Queue> successes,
                      std::vector<azure::Queue> failures,
                      std::string id) -> std::unique_ptr<StatusSource> {
  return std::make_unique<QueueStatus>(std::move(successes), std::move(failures), std::move(id));
}

auto status_by_operation(Cluster& management, std::string path, std::string id)
    -> std::unique_ptr<StatusSource> {
  return std::make_unique<OperationStatus>(management, std::move(path), std::move(id));
}

} // namespace sluice::kusto

// SPDX-License-Identifier: Apache-2.0
#include "kusto/cluster.hpp"

#include <fmt/format.h>

#include "base/guid.hpp"
#include "base/gzip.hpp"
#include "base/json_text.hpp"
#include "base/log.hpp"
#include "kusto/refusal.hpp"

namespace sluice::kusto {
namespace {

/// What an answer may take beyond the time that the cluster was given for it.
constexpr auto grace = std::chrono::seconds{30};
constexpr auto cancel_time = std::chrono::seconds{5};

auto is_command(std::string_view text) -> bool {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '.';
}

/// Whether it runs for long: a query, or a command with one.
auto has_query(std::string_view text) -> bool {
  return !is_command(text) || text.find("<|") != std::string_view::npos;
}

auto timespan_text(std::chrono::milliseconds time) -> std::string {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
  return fmt::format("{:02}:{:02}:{:02}", seconds / 3'600, seconds / 60 % 60, seconds % 60);
}

auto properties_of(const Question& question) -> std::string {
  std::string options = fmt::format(R"("servertimeout":"{}")", timespan_text(question.timeout));
  if (question.no_truncation) {
    options += R"(,"notruncation":true)";
  }
  if (question.max_rows > 0) {
    options += fmt::format(R"(,"query_take_max_records":{})", question.max_rows);
  }
  if (question.read_only && !is_command(question.text)) {
    options += R"(,"request_readonly":true)";
  }
  std::string parameters;
  for (const auto& [name, literal] : question.parameters) {
    parameters += fmt::format(
        "{}{}:{}", parameters.empty() ? "" : ",", json_quoted(name), json_quoted(literal));
  }
  return fmt::format(R"({{"Options":{{{}}},"Parameters":{{{}}}}})", options, parameters);
}

/// For answers whose rows say nothing of interest.
class NoRows final : public AnswerSink {
public:
  auto begin(const kql::Schema&) -> Result<> override { return {}; }
  auto row(std::span<const kql::Value>) -> Result<> override { return {}; }
};

constexpr auto time_to_stream = std::chrono::minutes{2};
constexpr auto time_of_operation = std::chrono::seconds{60};
constexpr std::size_t most_operation_bytes = std::size_t{4} * 1024 * 1024;

/// Answers have no pages in this protocol: a result that is too large for one has to be asked for
/// in parts.
auto too_large_error(const Error& error) -> Error {
  return Error{error}
      .with_code(std::string{Cluster::too_large})
      .with_hint("summarize, project fewer columns, or ask for one span of time after another "
                 "(`where CreationTime between (... .. ...)`)");
}

} // namespace

auto Cluster::create(std::string_view url,
                     http::HttpClient& client,
                     identity::TokenSource* tokens,
                     Options options) -> Result<Cluster> {
  TRY(auto parsed, http::Url::parse(url).while_doing("reading the cluster's address"));
  if (parsed.path() != "/" || !parsed.query().empty()) {
    return Error{ErrorKind::invalid_input, "the cluster's address has a path"}.with_hint(
        "give its root, such as https://NAME.REGION.kusto.windows.net");
  }
  if (parsed.origin().scheme != "https" && !parsed.origin().is_loopback()) {
    return Error{ErrorKind::invalid_input, "plain http is for clusters on this machine alone"}
        .with_hint("use https");
  }
  return Cluster{std::move(parsed), client, tokens, options};
}

auto Cluster::request_for(const Question& question, const std::string& id) const
    -> Result<http::Request> {
  TRY(const auto url,
      url_.with_target(is_command(question.text) ? "/v1/rest/mgmt" : "/v2/rest/query"));
  http::Request request{.method = http::Method::post,
                        .url = url,
                        .headers = {{"Accept", "application/json"},
                                    {"Content-Type", "application/json; charset=utf-8"},
                                    {"x-ms-client-request-id", id},
                                    {"x-ms-app", "sluice"},
                                    {"x-ms-version", "2024-12-12"}},
                        .body = fmt::format(R"({{"db":{},"csl":{},"properties":{}}})",
                                            json_quoted(question.database),
                                            json_quoted(question.text),
                                            properties_of(question)),
                        .bearer = std::nullopt};
  request.total_time = question.timeout + grace;
  request.max_body_bytes = options_.max_answer_bytes;
  return request;
}

auto Cluster::send(http::Request request, const std::stop_token& stop) -> Result<http::Response> {
  if (tokens_ == nullptr) {
    return client_->send(request, stop);
  }
  TRY(request.bearer, tokens_->token(stop));
  TRY(auto response, client_->send(request, stop));
  if (response.head.status != 401) {
    return response;
  }
  tokens_->invalidate(*request.bearer);
  TRY(request.bearer, tokens_->token(stop));
  return client_->send(request, stop);
}

/// A query whose client leaves would go on running in the cluster.
void Cluster::give_up(const Question& question, const std::string& id) {
  const Question cancel{.database = question.database,
                        .text = fmt::format(".cancel query {}", json_quoted(id)),
                        .timeout = cancel_time};
  auto request = request_for(cancel, "sluice.cancel;" + random_guid());
  if (request) {
    request->total_time = cancel_time;
    const auto told = send(*std::move(request), {});
    if (!told || told->head.status != 200) {
      log(LogLevel::warning, "query_not_cancelled", "the cluster could not be told to give it up");
    }
  }
}

auto Cluster::ask(const Question& question, AnswerSink& sink, const std::stop_token& stop)
    -> Result<> {
  const auto id = "sluice.query;" + random_guid();
  TRY(auto request, request_for(question, id));
  const auto response = send(std::move(request), stop);
  if (!response) {
    if (response.error().kind() == ErrorKind::cancelled && has_query(question.text)) {
      give_up(question, id);
    }
    const bool is_too_large = response.error().kind() == ErrorKind::malformed;
    return (is_too_large ? too_large_error(response.error()) : Error{response.error()})
        .while_doing(fmt::format("asking {}", url_.origin().text()));
  }
  if (response->head.status != 200) {
    return to_error(*response);
  }
  const auto read = is_command(question.text) ? read_tables(response->body, sink)
                                              : read_frames(response->body, sink);
  return !read && read.error().code() == too_large ? too_large_error(read.error()) : read;
}

auto Cluster::stream(std::string_view database, const Rows& rows, const std::stop_token& stop)
    -> Result<> {
  TRY(auto url,
      url_.with_target(
          fmt::format("/v1/rest/ingest/{}/{}",
                      http::percent_encoded(database),
                      http::percent_encoded(rows.table)),
          http::encoded({{"streamFormat", "MultiJSON"}, {"mappingName", rows.mapping}})));
  http::Request request{.method = http::Method::post,
                        .url = std::move(url),
                        .headers = {{"Accept", "application/json"},
                                    {"Content-Type", "application/json; charset=utf-8"},
                                    {"Content-Encoding", "gzip"},
                                    {"x-ms-client-request-id", "sluice.stream;" + random_guid()},
                                    {"x-ms-app", "sluice"}},
                        .body = deflate_gzip(rows.objects),
                        .bearer = std::nullopt};
  request.total_time = time_to_stream;
  request.max_body_bytes = options_.max_answer_bytes;
  TRY(const auto response,
      send(std::move(request), stop)
          .while_doing(fmt::format("streaming to {}", url_.origin().text())));
  if (response.head.status != 200) {
    return to_error(response);
  }
  NoRows ignored;
  return read_tables(response.body, ignored);
}

auto Cluster::call(const Operation& operation, const std::stop_token& stop) -> Result<std::string> {
  TRY(auto url, url_.with_target(operation.path, operation.query));
  http::Request request{.method = operation.body.empty() ? http::Method::get : http::Method::post,
                        .url = std::move(url),
                        .headers = {{"Accept", "application/json"},
                                    {"Content-Type", "application/json; charset=utf-8"},
                                    {"x-ms-client-request-id", "sluice.call;" + random_guid()},
                                    {"x-ms-app", "sluice"}},
                        .body = operation.body,
                        .bearer = std::nullopt};
  request.total_time = time_of_operation;
  request.max_body_bytes = most_operation_bytes;
  TRY(auto response,
      send(std::move(request), stop).while_doing(fmt::format("asking {}", url_.origin().text())));
  if (response.head.status != 200) {
    return to_error(response);
  }
  return std::move(response.body);
}

} // namespace sluice::kusto

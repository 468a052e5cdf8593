// SPDX-License-Identifier: Apache-2.0
#include "endpoint/endpoint.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "endpoint/command.hpp"
#include "endpoint/database_name.hpp"
#include "endpoint/ingestion.hpp"
#include "endpoint/query_answer.hpp"
#include "endpoint/query_request.hpp"
#include "endpoint/queued_ingestion.hpp"
#include "endpoint/reception.hpp"
#include "endpoint/rest_ingestion.hpp"
#include "endpoint/service.hpp"
#include "endpoint/storage.hpp"
#include "http/server.hpp"
#include "http/server_request.hpp"
#include "kql/dynamic.hpp"

namespace sluice::endpoint {
namespace {

/// The service's own bound on what is streamed, which clients count on (observed). Bytes.
constexpr std::size_t max_streamed_bytes = std::size_t{10} * 1024 * 1024;
constexpr auto json_type = "application/json; charset=utf-8";

/// `AzureAD: null` tells clients that there is no sign-in (observed of Microsoft's emulator).
auto answer_metadata(const http::ServerRequest&) -> http::ServerReply {
  http::ServerReply reply;
  reply.headers.emplace_back("Content-Type", json_type);
  reply.body = R"({"AzureAD":null})";
  return reply;
}

auto answer_ping(const Visit&) -> http::ServerReply {
  return {};
}

auto answer_command(Service& service,
                    const QueryRequest& request,
                    ResultForm form,
                    const Visit& visit) -> http::ServerReply {
  const auto outcome = run_command(service, request, visit.ids);
  if (!outcome) {
    return error_reply(outcome.error(), visit.ids.activity_id);
  }
  http::ServerReply reply;
  reply.headers.emplace_back("Content-Type", json_type);
  reply.body = command_body(*outcome,
                            form,
                            {.now = service.clock.now(),
                             .client_request_id = visit.ids.client_request_id,
                             .activity_id = visit.ids.activity_id,
                             .failure = std::nullopt});
  return reply;
}

/// Reads the request and answers its query or, when it begins with a dot, its command.
auto answer(Service& service, ResultForm form, const Visit& visit) -> http::ServerReply {
  auto request = parse_query_request(visit.request);
  if (!request) {
    return error_reply(to_failure(request.error()), visit.ids.activity_id);
  }
  if (!is_database(service, request->database)) {
    return error_reply(no_database(request->database), visit.ids.activity_id);
  }
  const auto first = request->text.find_first_not_of(" \t\r\n");
  request->text.erase(0, std::min(first, request->text.size()));
  if (request->text.starts_with('.')) {
    const auto command_form = form == ResultForm::v2 ? form : ResultForm::v1_command;
    return answer_command(service, *request, command_form, visit);
  }
  if (form == ResultForm::v2 && request->fragmented) {
    form = ResultForm::v2_fragmented;
  }
  return answer_query(service, *std::move(request), form, visit.ids, visit.gzip);
}

/// `{"sourceUri":"..."}`: where the rows are, instead of the rows.
auto source_address(std::string_view body) -> std::string {
  const auto json = kql::canonical_json(body).value_or("{}");
  return kql::json_to_text(kql::json_member(json, "sourceUri"));
}

/// `/v1/rest/ingest/{database}/{table}`: the rows of the body, or of the blob that it names, at
/// once.
auto answer_ingest(Service& service, const Visit& visit) -> http::ServerReply {
  constexpr std::string_view prefix = "/v1/rest/ingest/";
  const auto rest = std::string_view{visit.request.path}.substr(prefix.size());
  const auto slash = std::min(rest.find('/'), rest.size());
  const auto fail = [&](const Failure& failure) {
    return error_reply(failure, visit.ids.activity_id);
  };
  if (!is_database(service, rest.substr(0, slash))) {
    return fail(no_database(rest.substr(0, slash)));
  }
  if (visit.request.body.size() > max_streamed_bytes) {
    return fail({.status = 413,
                 .code = "BadRequest_RequestTooLarge",
                 .type = "Kusto.DataNode.Exceptions.KustoRequestPayloadTooLargeException",
                 .message = fmt::format("more than {} bytes in one request", max_streamed_bytes),
                 .permanent = true});
  }
  IngestRequest request;
  request.table = rest.substr(std::min(slash + 1, rest.size()));
  request.format = visit.request.parameter("streamFormat").value_or("csv");
  request.mapping_name = visit.request.parameter("mappingName").value_or("");
  const auto& body = visit.request.body;
  const bool is_elsewhere =
      http::same_name(visit.request.parameter("sourceKind").value_or(""), "uri");
  const auto stored = is_elsewhere ? ingest_blob(service, request, source_address(body))
                                   : ingest(service, request, body);
  if (!stored) {
    return fail(stored.error());
  }
  static const kql::Schema schema{{{"ConsumedRecordsCount", kql::Type::int64},
                                   {"UpdatePolicyStatus", kql::Type::string},
                                   {"UpdatePolicyFailureCode", kql::Type::string},
                                   {"UpdatePolicyFailureReason", kql::Type::string}}};
  http::ServerReply reply;
  reply.headers.emplace_back("Content-Type", json_type);
  reply.body = command_body({schema,
                             {{kql::Value::int64(static_cast<std::int64_t>(stored->rows)),
                               kql::Value::string("Inactive"),
                               kql::Value::string("Unknown"),
                               kql::Value::string("")}}},
                            ResultForm::v1_command,
                            {});
  return reply;
}

auto check_exposure(const EndpointOptions& options) -> Result<> {
  const bool loopback =
      options.host == "localhost" || options.host == "::1" || options.host.starts_with("127.");
  if (loopback || !options.token.empty()) {
    return {};
  }
  return Error{ErrorKind::invalid_input, "other machines could ask without showing who they are"}
      .with_hint("listen on 127.0.0.1, or give a token");
}

} // namespace

struct Endpoint::State {
  State(EndpointOptions& options, std::unique_ptr<Storage> opened, Clock& clock)
      : store{{.directory = options.store}, clock},
        storage{std::move(opened)},
        lent{std::move(options.lent)},
        service{store,
                queries,
                *storage,
                clock,
                std::move(options.database),
                std::move(options.version),
                options.prefers_rest,
                {},
                lent.get()},
        reception{.token = std::move(options.token),
                  .loopback_only = true,
                  .origins = std::move(options.origins),
                  .max_body_bytes = options.max_body_bytes} {}

  [[nodiscard]] auto routes() -> std::vector<http::ServerRoute>;

  SharedStore store;
  RunningQueries queries;
  std::unique_ptr<Storage> storage;
  std::unique_ptr<LentStorage> lent;
  Service service;
  Reception reception;
  std::unique_ptr<http::Server> server;
  std::optional<QueuedIngestion> queued;
  std::optional<QueuedIngestion> queued_elsewhere;
};

auto Endpoint::State::routes() -> std::vector<http::ServerRoute> {
  const auto answering = [this](ResultForm form) {
    return reception.guard(
        [this, form](const Visit& visit) { return answer(service, form, visit); });
  };
  return {{"GET", "/v1/rest/auth/metadata", answer_metadata},
          {"*", "/v1/rest/ping", reception.guard(answer_ping)},
          {"*", "/v2/rest/ping", reception.guard(answer_ping)},
          {"GET", "/v1/rest/query", answering(ResultForm::v1)},
          {"POST", "/v1/rest/query", answering(ResultForm::v1)},
          {"GET", "/v2/rest/query", answering(ResultForm::v2)},
          {"POST", "/v2/rest/query", answering(ResultForm::v2)},
          {"POST", "/v1/rest/mgmt", answering(ResultForm::v1)},
          {"POST", "/v1/rest/ingest/", reception.guard([this](const Visit& visit) {
             return answer_ingest(service, visit);
           })},
          {"*", "/v1/rest/ingestion/", reception.guard([this](const Visit& visit) {
             return answer_rest_ingestion(service, visit);
           })},
          {"*",
           fmt::format("/{}/", Storage::account),
           [this](const http::ServerRequest& request) { return storage->answer(request); }},
          {"OPTIONS", "/", [this](const http::ServerRequest& request) {
             return reception.answer_preflight(request);
           }}};
}

Endpoint::Endpoint(std::unique_ptr<State> state) : state_{std::move(state)} {}

Endpoint::~Endpoint() {
  state_->queries.cancel_all();
}

auto Endpoint::start(EndpointOptions options, Clock& clock) -> Result<std::unique_ptr<Endpoint>> {
  TRY_DO(check_exposure(options));
  http::ServerOptions listening{.host = options.host,
                                .port = options.port,
                                .connections = options.connections,
                                .max_body_bytes = options.max_body_bytes,
                                .certificate_file = options.certificate_file,
                                .key_file = options.key_file};
  {
    SharedStore probe{{.directory = options.store}, clock};
    TRY_DO(probe.change({})); // Says now what is wrong.
  }
  TRY(auto storage, Storage::open(options.store / "uploads", clock, options.token));
  auto state = std::make_unique<State>(options, std::move(storage), clock);
  TRY(state->server, http::Server::start(std::move(listening), state->routes()));
  state->service.origin = state->server->url();
  state->queued.emplace(state->service, *state->storage);
  if (state->lent) {
    state->queued_elsewhere.emplace(state->service, *state->lent);
  }
  return std::unique_ptr<Endpoint>{new Endpoint{std::move(state)}};
}

auto Endpoint::url() const -> std::string {
  return state_->server->url();
}

} // namespace sluice::endpoint

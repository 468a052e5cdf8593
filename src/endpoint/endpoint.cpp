// SPDX-License-Identifier: Apache-2.0
#include "endpoint/endpoint.hpp"

#include <utility>
#include <vector>

#include "endpoint/command.hpp"
#include "endpoint/database_name.hpp"
#include "endpoint/query_answer.hpp"
#include "endpoint/query_request.hpp"
#include "endpoint/reception.hpp"
#include "endpoint/service.hpp"
#include "http/server.hpp"

namespace sluice::endpoint {
namespace {

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
  const auto outcome = run_command(service, request);
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
  State(EndpointOptions& options, Clock& clock)
      : store{{.directory = options.store}, clock},
        service{store, queries, clock, std::move(options.database), std::move(options.version)},
        reception{.token = std::move(options.token),
                  .loopback_only = true,
                  .origins = std::move(options.origins),
                  .max_body_bytes = options.max_body_bytes} {}

  [[nodiscard]] auto routes() -> std::vector<http::ServerRoute>;

  SharedStore store;
  RunningQueries queries;
  Service service;
  Reception reception;
  std::unique_ptr<http::Server> server;
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
  auto state = std::make_unique<State>(options, clock);
  TRY_DO(state->store.change({})); // Makes the store, or says now why it cannot be had.
  TRY(state->server, http::Server::start(std::move(listening), state->routes()));
  return std::unique_ptr<Endpoint>{new Endpoint{std::move(state)}};
}

auto Endpoint::url() const -> std::string {
  return state_->server->url();
}

} // namespace sluice::endpoint

// SPDX-License-Identifier: Apache-2.0
#include "endpoint/query_answer.hpp"

#include <memory>
#include <utility>

#include "base/gzip.hpp"
#include "endpoint/error_reply.hpp"
#include "endpoint/query_stream.hpp"
#include "endpoint/stored_results.hpp"
#include "kql/compile.hpp"
#include "kql/diagnostic.hpp"

namespace sluice::endpoint {

auto answer_query(Service& service,
                  QueryRequest request,
                  ResultForm form,
                  const RequestIds& ids,
                  bool gzip) -> http::ServerReply {
  auto lease = service.store.read({});
  if (!lease) {
    return error_reply(to_failure(lease.error()), ids.activity_id);
  }
  const kql::CompileOptions options{.now = request.now.value_or(service.clock.now()),
                                    .parameters = request.parameters};
  if (auto text = with_stored_results(request.text)) {
    request.text = *std::move(text);
  }
  auto plan = (*lease)->compile(request.text, options);
  if (!plan) {
    return error_reply(semantic_failure(kql::render(plan.error(), request.text, "query")),
                       ids.activity_id);
  }
  const auto stream = std::make_shared<QueryStream>(
      service, *std::move(lease), *std::move(plan), std::move(request), form, ids);
  if (const auto first = stream->wait_for_first(); !first) {
    return error_reply(to_failure(first.error()), ids.activity_id);
  }
  http::ServerReply reply;
  reply.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  if (gzip) {
    reply.headers.emplace_back("Content-Encoding", "gzip");
  }
  reply.source = [stream, gzip](std::string& piece) {
    auto next = stream->next();
    if (!next) {
      return http::BodyStep::done;
    }
    piece = gzip ? deflate_gzip(*next) : *std::move(next);
    return http::BodyStep::more;
  };
  return reply;
}

} // namespace sluice::endpoint

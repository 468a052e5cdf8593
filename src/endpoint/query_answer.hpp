// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "endpoint/query_request.hpp"
#include "endpoint/result_writer.hpp"
#include "endpoint/service.hpp"
#include "http/server.hpp"

namespace sluice::endpoint {

/// Runs a query and answers with its rows as they come. `gzip` compresses the answer. `service`
/// must outlive the reply.
[[nodiscard]] auto answer_query(Service& service,
                                QueryRequest request,
                                ResultForm form,
                                const RequestIds& ids,
                                bool gzip) -> http::ServerReply;

} // namespace sluice::endpoint

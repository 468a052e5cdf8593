// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "endpoint/reception.hpp"
#include "endpoint/service.hpp"
#include "http/server.hpp"

namespace sluice::endpoint {

/// Ingestion without queues, which clusters offer as a preview (documented): the configuration,
/// handing in blobs, asking what became of them. What is handed in goes the way of the queue's
/// messages.
///
/// | request | path |
/// |---|---|
/// | `GET` | `/v1/rest/ingestion/configuration` |
/// | `POST` | `/v1/rest/ingestion/queued/{database}/{table}` |
/// | `GET` | `/v1/rest/ingestion/queued/{database}/{table}/{operation}` |
[[nodiscard]] auto answer_rest_ingestion(Service& service, const Visit& visit) -> http::ServerReply;

} // namespace sluice::endpoint

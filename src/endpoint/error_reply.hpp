// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/server.hpp"

namespace sluice::endpoint {

/// A failure as Kusto's clients expect it: what `@type` is, whether to try again, which status.
struct Failure {
  int status = 400;
  std::string code = "General_BadRequest";
  std::string type = "Kusto.Data.Exceptions.KustoBadRequestException";
  std::string message;
  bool permanent = true;
};

/// What a client should do about an error of ours.
[[nodiscard]] auto to_failure(const Error& error) -> Failure;

/// A mistake in a query: `diagnostics` is the text that shows where.
[[nodiscard]] auto semantic_failure(std::string diagnostics) -> Failure;
/// Something that is not there: `BadRequest_EntityNotFound`.
[[nodiscard]] auto not_found(std::string message) -> Failure;
/// A command that we do not know or cannot read.
[[nodiscard]] auto syntax_failure(std::string message) -> Failure;

/// Kusto's `OneApiError`: `{"code":...,"message":...,"@type":...,"@message":...,"@permanent":...}`.
[[nodiscard]] auto one_api_error(const Failure& failure, std::string_view activity_id)
    -> std::string;

/// `{"error": OneApiError}` with its status.
[[nodiscard]] auto error_reply(const Failure& failure, std::string_view activity_id)
    -> http::ServerReply;

} // namespace sluice::endpoint

// SPDX-License-Identifier: Apache-2.0
#include "endpoint/error_reply.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/json_text.hpp"

namespace sluice::endpoint {
namespace {

struct Shape {
  int status;
  std::string_view code;
  std::string_view type;
  bool permanent;
};

auto shape_of(const Error& error) -> Shape {
  if (error.code() == "timeout") {
    return {504, "Timeout", "Kusto.Data.Exceptions.KustoServiceTimeoutException", false};
  }
  switch (error.kind()) {
  case ErrorKind::unauthorized:
    return {401, "Unauthorized", "Kusto.Common.Svc.Exceptions.UnauthorizedException", true};
  case ErrorKind::forbidden:
    return {403, "Forbidden", "Kusto.Common.Svc.Exceptions.ForbiddenException", true};
  case ErrorKind::gone:
    return {
        400, "BadRequest_EntityNotFound", "Kusto.Data.Exceptions.EntityNotFoundException", true};
  case ErrorKind::throttled:
    return {429, "TooManyRequests", "Kusto.Data.Exceptions.QueryThrottledException", false};
  case ErrorKind::unavailable:
    return {503,
            "ServiceUnavailable",
            "Kusto.Data.Exceptions.KustoServicePartialQueryFailureException",
            false};
  case ErrorKind::cancelled:
    return {400, "Cancelled", "Kusto.Data.Exceptions.KustoRequestCancelledException", true};
  case ErrorKind::storage:
  case ErrorKind::corrupt:
    return {
        520, "General_InternalServerError", "Kusto.Data.Exceptions.KustoServiceException", false};
  case ErrorKind::invalid_input:
  case ErrorKind::malformed:
  case ErrorKind::untrusted:
    break;
  }
  return {400, "General_BadRequest", "Kusto.Data.Exceptions.KustoBadRequestException", true};
}

} // namespace

auto to_failure(const Error& error) -> Failure {
  const auto shape = shape_of(error);
  Failure failure{.status = shape.status,
                  .code = std::string{shape.code},
                  .type = std::string{shape.type},
                  .message = error.message(),
                  .permanent = shape.permanent};
  if (shape.code == "General_BadRequest" && !error.code().empty()) {
    failure.code = error.code();
  }
  if (!error.hint().empty()) {
    failure.message += "; " + error.hint();
  }
  return failure;
}

auto semantic_failure(std::string diagnostics) -> Failure {
  return {.status = 400,
          .code = "General_BadRequest",
          .type = "Kusto.Data.Exceptions.SemanticException",
          .message = "Semantic error: " + std::move(diagnostics),
          .permanent = true};
}

auto not_found(std::string message) -> Failure {
  return {.status = 400,
          .code = "BadRequest_EntityNotFound",
          .type = "Kusto.Data.Exceptions.EntityNotFoundException",
          .message = std::move(message),
          .permanent = true};
}

auto syntax_failure(std::string message) -> Failure {
  return {.status = 400,
          .code = "BadRequest_SyntaxError",
          .type = "Kusto.Data.Exceptions.SyntaxException",
          .message = "Syntax error: " + std::move(message),
          .permanent = true};
}

auto one_api_error(const Failure& failure, std::string_view activity_id) -> std::string {
  const auto message = json_quoted(failure.message);
  return fmt::format(
      R"({{"code":{},"message":{},"@type":{},"@message":{},"@context":{{"activityId":{}}},"@permanent":{}}})",
      json_quoted(failure.code),
      message,
      json_quoted(failure.type),
      message,
      json_quoted(activity_id),
      failure.permanent);
}

auto error_reply(const Failure& failure, std::string_view activity_id) -> http::ServerReply {
  http::ServerReply reply;
  reply.status = failure.status;
  reply.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  reply.body = fmt::format(R"({{"error":{}}})", one_api_error(failure, activity_id));
  return reply;
}

} // namespace sluice::endpoint

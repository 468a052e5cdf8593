// SPDX-License-Identifier: Apache-2.0
#include "endpoint/database_name.hpp"

#include <fmt/format.h>

#include "http/server_request.hpp"

namespace sluice::endpoint {

auto is_database(const Service& service, std::string_view name) -> bool {
  return name.empty() || http::same_name(name, service.database) ||
         http::same_name(name, "NetDefaultDB");
}

auto no_database(std::string_view name) -> Failure {
  return {.status = 400,
          .code = "BadRequest_DatabaseNotExist",
          .type = "Kusto.Data.Exceptions.DatabaseNotFoundException",
          .message = fmt::format("database `{}` could not be found", name),
          .permanent = true};
}

} // namespace sluice::endpoint

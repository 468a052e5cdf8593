// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "http/server_request.hpp"

namespace sluice::endpoint {

/// What a request to query or mgmt asks for, with the service's documented defaults.
struct QueryRequest {
  std::string database; ///< May be empty.
  std::string text;
  /// Values of declared parameters: literals, or the text of a string.
  std::vector<std::pair<std::string, std::string>> parameters;
  std::chrono::nanoseconds timeout = std::chrono::minutes{4};
  std::uint64_t max_rows = 500'000;
  std::uint64_t max_bytes = std::uint64_t{64} * 1024 * 1024; ///< 0 for no bound.
  /// Rows beyond are left out quietly.
  std::optional<std::uint64_t> take;
  bool deferred_failures = false;
  bool read_only = false;
  bool newlines = false;
  bool fragmented = false;
  std::optional<DateTime> now;
};

/// Reads `{"db":...,"csl":...,"properties":{"Options":{...},"Parameters":{...}}}`; `properties` may
/// also be a text that holds the object. A GET has the same as `db`, `csl` and `properties` in its
/// address. What is not known is passed over.
/// Errors: invalid_input.
[[nodiscard]] auto parse_query_request(const http::ServerRequest& request) -> Result<QueryRequest>;

} // namespace sluice::endpoint

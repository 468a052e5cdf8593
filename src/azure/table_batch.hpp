// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "azure/table.hpp"
#include "base/result.hpp"
#include "http/client.hpp"

/// The wire form of a transaction of a table: requests and replies as parts of one body (documented
/// as entity group transactions, with OData's batch).
namespace sluice::azure {

/// One request of a transaction.
struct BatchPart {
  std::string_view method;
  std::string url; ///< Absolute.
  std::string_view if_match = {};
  std::string body = {};
};

/// The body of a transaction, whose parts `boundary` divides.
[[nodiscard]] auto batch_body(std::span<const BatchPart> parts, std::string_view boundary)
    -> std::string;

/// The reply to a transaction: that of the request which failed, or status 204 with the ETags of
/// all, one header each, in the order of the requests, empty where there was none.
/// Errors: malformed when it is neither, or has not `count` replies.
[[nodiscard]] auto batch_reply(const http::Response& response, std::size_t count)
    -> Result<http::Response>;

} // namespace sluice::azure

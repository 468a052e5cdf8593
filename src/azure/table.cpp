// SPDX-License-Identifier: Apache-2.0
#include "azure/table.hpp"

#include <fmt/format.h>

#include "base/json_text.hpp"

namespace sluice::azure {
namespace {

constexpr auto json_type = "application/json;odata=minimalmetadata";

auto json_headers() -> http::Headers {
  return {{"Accept", json_type}, {"DataServiceVersion", "3.0"}};
}

auto headers_with_body() -> http::Headers {
  auto headers = json_headers();
  headers.add("Content-Type", "application/json");
  headers.add("Prefer", "return-no-content");
  return headers;
}

auto path_of(std::string_view partition_key, std::string_view row_key) -> std::string {
  return fmt::format("(PartitionKey={},RowKey={})",
                     http::percent_encoded(filter_literal(partition_key)),
                     http::percent_encoded(filter_literal(row_key)));
}

/// Where the next page of a query begins; empty after the last.
auto continuation(const http::Headers& headers) -> http::Parameters {
  http::Parameters next;
  for (const auto* name : {"NextPartitionKey", "NextRowKey"}) {
    if (const auto value = headers.find(std::string{"x-ms-continuation-"} + name)) {
      next.emplace_back(name, *value);
    }
  }
  return next;
}

} // namespace

auto filter_literal(std::string_view text) -> std::string {
  std::string literal = "'";
  for (const char c : text) {
    literal += c;
    if (c == '\'') {
      literal += c;
    }
  }
  return literal + "'";
}

auto create_table(const StorageResource& service,
                  std::string_view name,
                  const std::stop_token& stop) -> Result<bool> {
  auto made = service.send({.method = http::Method::post,
                            .path = "/Tables",
                            .headers = headers_with_body(),
                            .body = fmt::format(R"({{"TableName":{}}})", json_quoted(name))},
                           stop);
  if (!made && made.error().code() == "TableAlreadyExists") {
    return false;
  }
  if (!made) {
    return std::move(made).error().while_doing("making a table");
  }
  return true;
}

auto Table::write(http::Method method,
                  std::string path,
                  std::string_view if_match,
                  const TableEntity& entity,
                  const std::stop_token& stop) const -> Result<std::string> {
  auto headers = headers_with_body();
  if (!if_match.empty()) {
    headers.add("If-Match", std::string{if_match});
  }
  TRY(const auto response,
      resource_.send({.method = method,
                      .path = std::move(path),
                      .headers = std::move(headers),
                      .body = to_json(entity)},
                     stop));
  return std::string{response.head.headers.find("ETag").value_or("")};
}

auto Table::insert(const TableEntity& entity, const std::stop_token& stop) const
    -> Result<std::string> {
  return write(http::Method::post, {}, {}, entity, stop);
}

auto Table::replace(const TableEntity& entity, const std::stop_token& stop) const
    -> Result<std::string> {
  if (entity.etag.empty()) { // Without one the service would write in any case.
    return Error{ErrorKind::invalid_input, "a replacement of an entity needs its ETag"};
  }
  return write(
      http::Method::put, path_of(entity.partition_key, entity.row_key), entity.etag, entity, stop);
}

auto Table::insert_or_replace(const TableEntity& entity, const std::stop_token& stop) const
    -> Result<std::string> {
  return write(http::Method::put, path_of(entity.partition_key, entity.row_key), {}, entity, stop);
}

auto Table::find(std::string_view partition_key,
                 std::string_view row_key,
                 const std::stop_token& stop) const -> Result<TableEntity> {
  TRY(const auto response,
      resource_.send({.path = path_of(partition_key, row_key), .headers = json_headers()}, stop));
  return entity_from_json(response.body);
}

auto Table::remove(std::string_view partition_key,
                   std::string_view row_key,
                   std::string_view etag,
                   const std::stop_token& stop) const -> Result<> {
  auto headers = json_headers();
  headers.add("If-Match", std::string{etag});
  TRY_DO(resource_.send({.method = http::Method::del,
                         .path = path_of(partition_key, row_key),
                         .headers = std::move(headers)},
                        stop));
  return {};
}

auto Table::query(std::string_view filter,
                  const std::function<auto(const TableEntity&)->Result<>>& visit,
                  const std::stop_token& stop,
                  int page_size) const -> Result<> {
  http::Parameters next;
  do {
    http::Parameters parameters{{"$top", std::to_string(page_size)}};
    if (!filter.empty()) {
      parameters.emplace_back("$filter", filter);
    }
    parameters.insert(parameters.end(), next.begin(), next.end());
    TRY(const auto response,
        resource_.send(
            {.path = "()", .query = http::encoded(parameters), .headers = json_headers()}, stop));
    TRY(const auto entities, entities_from_json(response.body));
    for (const auto& entity : entities) {
      TRY_DO(visit(entity));
    }
    auto following = continuation(response.head.headers);
    if (!following.empty() && following == next) {
      return Error{ErrorKind::malformed, "a query of a table goes round in circles"};
    }
    next = std::move(following);
  } while (!next.empty());
  return {};
}

} // namespace sluice::azure

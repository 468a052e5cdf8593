// SPDX-License-Identifier: Apache-2.0
#include "azure/table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "azure/table_batch.hpp"
#include "base/guid.hpp"
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

auto method_of(TableChange::Kind kind) -> std::string_view {
  switch (kind) {
  case TableChange::Kind::insert:
    return "POST";
  case TableChange::Kind::merge:
    return "MERGE";
  case TableChange::Kind::remove:
    return "DELETE";
  case TableChange::Kind::replace:
  case TableChange::Kind::insert_or_replace:
    break;
  }
  return "PUT";
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

auto Table::create(const std::stop_token& stop) const -> Result<bool> {
  auto made = service_.send({.method = http::Method::post,
                             .path = "/Tables",
                             .headers = headers_with_body(),
                             .body = fmt::format(R"({{"TableName":{}}})", json_quoted(name_))},
                            stop);
  if (!made && made.error().code() == "TableAlreadyExists") {
    return false;
  }
  if (!made) {
    return std::move(made).error().while_doing("making a table");
  }
  return true;
}

auto Table::path_of(std::string_view partition_key, std::string_view row_key) const -> std::string {
  return fmt::format("/{}(PartitionKey={},RowKey={})",
                     name_,
                     http::percent_encoded(filter_literal(partition_key)),
                     http::percent_encoded(filter_literal(row_key)));
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
      service_.send({.method = method,
                     .path = std::move(path),
                     .headers = std::move(headers),
                     .body = to_json(entity)},
                    stop));
  return std::string{response.head.headers.find("ETag").value_or("")};
}

auto Table::insert(const TableEntity& entity, const std::stop_token& stop) const
    -> Result<std::string> {
  return write(http::Method::post, "/" + name_, {}, entity, stop);
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
      service_.send({.path = path_of(partition_key, row_key), .headers = json_headers()}, stop));
  return entity_from_json(response.body);
}

auto Table::remove(std::string_view partition_key,
                   std::string_view row_key,
                   std::string_view etag,
                   const std::stop_token& stop) const -> Result<> {
  auto headers = json_headers();
  headers.add("If-Match", std::string{etag});
  TRY_DO(service_.send({.method = http::Method::del,
                        .path = path_of(partition_key, row_key),
                        .headers = std::move(headers)},
                       stop));
  return {};
}

auto Table::transact(std::span<const TableChange> changes, const std::stop_token& stop) const
    -> Result<std::vector<std::string>> {
  using Kind = TableChange::Kind;
  auto root = service_.url().text();
  if (!root.ends_with('/')) {
    root += '/';
  }
  std::vector<BatchPart> parts;
  for (const auto& [kind, entity] : changes) {
    const bool conditional = kind != Kind::insert && kind != Kind::insert_or_replace;
    if (conditional && entity.etag.empty()) {
      return Error{ErrorKind::invalid_input, "a change of an entity needs its ETag"};
    }
    parts.push_back({.method = method_of(kind),
                     .url = root + (kind == Kind::insert
                                        ? name_
                                        : path_of(entity.partition_key, entity.row_key).substr(1)),
                     .if_match = conditional ? std::string_view{entity.etag} : std::string_view{},
                     .body = kind == Kind::remove ? std::string{} : to_json(entity)});
  }
  const auto boundary = fmt::format("batch_{}", random_guid());
  TRY(const auto response,
      service_.send(
          {.method = http::Method::post,
           .path = "/$batch",
           .headers = {{"Content-Type", fmt::format("multipart/mixed; boundary={}", boundary)},
                       {"Accept", "application/json;odata=minimalmetadata"},
                       {"DataServiceVersion", "3.0"}},
           .body = batch_body(parts, boundary),
           .inner = [count =
                         parts.size()](const auto& reply) { return batch_reply(reply, count); }},
          stop));
  std::vector<std::string> etags;
  for (const auto& [name, value] : response.head.headers.fields()) {
    etags.emplace_back(value.substr(std::min(value.find_first_not_of(' '), value.size())));
  }
  return etags;
}

auto Table::query(const TableQuery& query,
                  const std::function<auto(const TableEntity&)->Result<>>& visit,
                  const std::stop_token& stop) const -> Result<> {
  http::Parameters next;
  do {
    http::Parameters parameters{{"$top", std::to_string(query.page_size)}};
    if (!query.filter.empty()) {
      parameters.emplace_back("$filter", query.filter);
    }
    if (!query.select.empty()) {
      parameters.emplace_back("$select", query.select);
    }
    parameters.insert(parameters.end(), next.begin(), next.end());
    TRY(const auto response,
        service_.send({.path = "/" + name_ + "()",
                       .query = http::encoded(parameters),
                       .headers = json_headers()},
                      stop));
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

auto Table::first(const TableQuery& query, std::size_t most, const std::stop_token& stop) const
    -> Result<std::vector<TableEntity>> {
  auto sized = query;
  sized.page_size = static_cast<int>(std::clamp<std::size_t>(most, 1, 1'000));
  std::vector<TableEntity> found;
  const auto enough = Error{ErrorKind::cancelled, "enough"};
  auto queried = this->query(
      sized,
      [&](const TableEntity& entity) -> Result<> {
        if (found.size() == most) {
          return enough;
        }
        found.push_back(entity);
        return found.size() == most ? Result<>{enough} : Result<>{};
      },
      stop);
  if (!queried && found.size() != most) {
    return std::move(queried).error();
  }
  return found;
}

} // namespace sluice::azure

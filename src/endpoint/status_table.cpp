// SPDX-License-Identifier: Apache-2.0
#include "endpoint/status_table.hpp"

#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/sha256.hpp"
#include "kql/dynamic.hpp"

namespace sluice::endpoint {
namespace {

constexpr std::size_t max_entity_bytes = std::size_t{64} * 1024;
constexpr std::string_view prefix = "status-";

auto file_of(std::string_view partition_key, std::string_view row_key) -> std::string {
  return fmt::format("{}{}", prefix, to_hex(sha256(fmt::format("{}\n{}", partition_key, row_key))));
}

auto reply(int status, std::string body) -> http::ServerReply {
  http::ServerReply reply;
  reply.status = status;
  reply.headers.emplace_back("Content-Type", "application/json;odata=minimalmetadata");
  reply.body = std::move(body);
  return reply;
}

auto refusal(int status, std::string_view code) -> http::ServerReply {
  return reply(
      status,
      fmt::format(
          R"({{"odata.error":{{"code":"{0}","message":{{"lang":"en-US","value":"{0}"}}}}}})",
          code));
}

/// The text between `Key='` and the next quote.
auto key_in(std::string_view path, std::string_view key) -> std::string {
  const auto start = fmt::format("{}='", key);
  const auto at = path.find(start);
  if (at == std::string_view::npos) {
    return {};
  }
  const auto rest = path.substr(at + start.size());
  return std::string{rest.substr(0, rest.find('\''))};
}

/// The members of both objects, those of `over` where both have one.
auto merged(std::string_view object, std::string_view over) -> std::string {
  std::string members;
  const auto add = [&](std::string_view key, std::string_view value) {
    members += fmt::format("{}{}:{}", members.empty() ? "" : ",", key, value);
  };
  for (kql::JsonItems item{object}; item.next();) {
    if (kql::json_member(over, kql::json_unquoted(item.key())).empty()) {
      add(item.key(), item.value());
    }
  }
  for (kql::JsonItems item{over}; item.next();) {
    add(item.key(), item.value());
  }
  return "{" + members + "}";
}

} // namespace

StatusTable::StatusTable(StatusTable&& other) noexcept
    : directory_{other.directory_},
      names_{std::move(other.names_)} {}

auto StatusTable::open(const Directory& directory) -> Result<StatusTable> {
  StatusTable table{directory};
  TRY(const auto names, directory.names());
  std::multimap<std::filesystem::file_time_type, std::string> by_time;
  for (const auto& name : names) {
    std::error_code gone;
    const auto written = std::filesystem::last_write_time(directory.path() / name, gone);
    if (name.starts_with(prefix) && !gone) {
      by_time.emplace(written, name);
    }
  }
  for (const auto& [time, name] : by_time) {
    table.names_.push_back(name);
  }
  return table;
}

auto StatusTable::read(const std::string& name) const -> Result<std::optional<std::string>> {
  auto text = read_file(directory_->path() / name, max_entity_bytes);
  if (!text && text.error().kind() == ErrorKind::gone) {
    return std::optional<std::string>{};
  }
  TRY(auto entity, std::move(text));
  return std::optional{std::move(entity)};
}

auto StatusTable::insert(std::string_view body) -> Result<http::ServerReply> {
  const auto entity = kql::canonical_json(body);
  if (!entity || kql::json_kind(*entity) != kql::JsonKind::object ||
      entity->size() > max_entity_bytes) {
    return refusal(400, "InvalidInput");
  }
  const auto name = file_of(kql::json_to_text(kql::json_member(*entity, "PartitionKey")),
                            kql::json_to_text(kql::json_member(*entity, "RowKey")));
  const std::lock_guard lock{mutex_};
  TRY(const auto there, read(name));
  if (there) {
    return refusal(409, "EntityAlreadyExists");
  }
  TRY_DO(replace_file(directory_->path() / name, *entity));
  names_.push_back(name);
  if (names_.size() > most_entities) {
    TRY_DO(directory_->remove(names_.front()));
    names_.pop_front();
  }
  http::ServerReply made;
  made.status = 204;
  made.headers.emplace_back("ETag", "W/\"1\"");
  return made;
}

auto StatusTable::answer(const http::ServerRequest& request, std::string_view path)
    -> Result<http::ServerReply> {
  if (request.method == "POST") {
    return insert(request.body);
  }
  if (request.method != "GET" || path.find('(') == std::string_view::npos) {
    http::ServerReply other;
    other.status = 405;
    return other;
  }
  TRY(const auto entity, find(key_in(path, "PartitionKey"), key_in(path, "RowKey")));
  return entity ? reply(200, *entity) : refusal(404, "ResourceNotFound");
}

auto StatusTable::find(std::string_view partition_key, std::string_view row_key)
    -> Result<std::optional<std::string>> {
  const std::lock_guard lock{mutex_};
  return read(file_of(partition_key, row_key));
}

auto StatusTable::is_decided(std::string_view partition_key, std::string_view row_key)
    -> Result<bool> {
  TRY(const auto entity, find(partition_key, row_key));
  const auto status = entity ? kql::json_to_text(kql::json_member(*entity, "Status")) : "Pending";
  return status != "Pending";
}

auto StatusTable::tell(std::string_view partition_key,
                       std::string_view row_key,
                       std::string_view members) -> Result<> {
  const auto name = file_of(partition_key, row_key);
  const std::lock_guard lock{mutex_};
  TRY(const auto entity, read(name));
  const auto over = kql::canonical_json(fmt::format("{{{}}}", members));
  if (!entity || !over) {
    return {};
  }
  return replace_file(directory_->path() / name, merged(*entity, *over));
}

} // namespace sluice::endpoint

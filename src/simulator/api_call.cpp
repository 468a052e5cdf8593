// SPDX-License-Identifier: Apache-2.0
#include "simulator/api_call.hpp"

#include <algorithm>
#include <array>

#include "simulator/feed.hpp"

namespace sluice::simulator {
namespace {

struct OperationRow {
  Operation operation;
  std::string_view name;
  std::string_view method;
  std::string_view path; ///< After `/activity/feed/`; a slash at the end takes what follows.
};

constexpr std::array rows{
    OperationRow{Operation::start, "start", "POST", "subscriptions/start"},
    OperationRow{Operation::stop, "stop", "POST", "subscriptions/stop"},
    OperationRow{Operation::list_subscriptions, "list_subscriptions", "GET", "subscriptions/list"},
    OperationRow{Operation::list_content, "list_content", "GET", "subscriptions/content"},
    OperationRow{
        Operation::list_notifications, "list_notifications", "GET", "subscriptions/notifications"},
    OperationRow{Operation::retrieve, "retrieve", "GET", "audit/"},
    OperationRow{Operation::dlp_names, "dlp_names", "GET", "resources/dlpsensitivetypes"},
};

auto lower(std::string_view text) -> std::string {
  auto out = std::string{text};
  for (auto& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out;
}

} // namespace

auto name_of(Operation operation) noexcept -> std::string_view {
  const auto* const row = std::ranges::find(rows, operation, &OperationRow::operation);
  return row == rows.end() ? "unknown" : row->name;
}

auto ApiCall::parse(const http::ServerRequest& request) -> ApiCall {
  constexpr std::string_view root = "/api/v1.0/";
  constexpr std::string_view feed = "/activity/feed/";
  const auto path = lower(request.path);
  const auto tenant_end = path.find('/', root.size());
  ApiCall call;
  if (!path.starts_with(root) || tenant_end == std::string::npos) {
    return call;
  }
  call.tenant = request.path.substr(root.size(), tenant_end - root.size());
  if (path.compare(tenant_end, feed.size(), feed) != 0) {
    return call;
  }
  const auto rest = std::string_view{path}.substr(tenant_end + feed.size());
  for (const auto& row : rows) {
    const bool takes_more = row.path.ends_with("/");
    if (request.method == row.method &&
        (takes_more ? rest.starts_with(row.path) : rest == row.path)) {
      call.operation = row.operation;
      call.content_id = request.path.substr(tenant_end + feed.size() + row.path.size());
    }
  }
  return call;
}

auto content_type_of(const ApiCall& call, const http::ServerRequest& request)
    -> ApiResult<ContentType> {
  if (call.operation == Operation::retrieve) {
    const auto type = type_of_content(call.content_id);
    return type ? ApiResult<ContentType>{*type} : refuse("AF20052", call.content_id);
  }
  const auto name = request.parameter("contentType");
  if (!name) {
    return refuse("AF20001", "contentType");
  }
  const auto type = parse_content_type(*name);
  return type ? ApiResult<ContentType>{*type} : refuse("AF20020");
}

auto repetition_key(const http::ServerRequest& request) -> std::string {
  auto key = request.method + " " + request.path;
  for (const auto& [name, value] : request.query) {
    if (!http::same_name(name, "PublisherIdentifier")) {
      key.append("&").append(lower(name)).append("=").append(value);
    }
  }
  return key;
}

} // namespace sluice::simulator

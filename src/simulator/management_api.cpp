// SPDX-License-Identifier: Apache-2.0
#include "simulator/management_api.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "simulator/dlp_names.hpp"
#include "simulator/guid.hpp"
#include "simulator/gzip_text.hpp"
#include "simulator/reply_faults.hpp"
#include "simulator/service_headers.hpp"
#include "simulator/webhook_check.hpp"

namespace sluice::simulator {
namespace {

constexpr std::string_view read_role = "ActivityFeed.Read";
constexpr std::string_view read_dlp_role = "ActivityFeed.ReadDlp";

auto json_reply(std::string body) -> http::ServerReply {
  auto reply = http::ServerReply{};
  reply.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  reply.body = std::move(body);
  return reply;
}

auto subscription_as_json(const SubscriptionState& state) -> std::string {
  return fmt::format(R"({{"contentType":"{}","status":"{}","webhook":{}}})",
                     wire_name(state.type),
                     state.enabled ? "enabled" : "disabled",
                     webhook_as_json(state.webhook));
}

auto join(const std::vector<std::string>& parts, std::string_view between) -> std::string {
  return fmt::format("{}", fmt::join(parts, between));
}

auto bearer_of(const http::ServerRequest& request) -> std::string_view {
  constexpr std::string_view scheme = "Bearer ";
  const auto header = request.header("Authorization");
  return header.starts_with(scheme) ? header.substr(scheme.size()) : std::string_view{};
}

/// `{key of the last item}${start}${datacenter}` (observed).
auto last_key_of(std::string_view next_page) -> std::optional<IngestKey> {
  const auto end = next_page.find('$');
  return end == std::string_view::npos ? std::nullopt : IngestKey::parse(next_page.substr(0, end));
}

auto throttle_name(Operation operation) -> std::string_view {
  return operation == Operation::retrieve ? "GetBlob" : "GetContents";
}

} // namespace

struct ManagementApi::Context {
  const http::ServerRequest& request;
  std::string_view base_url;
  DateTime now;
  ApiCall call;
  FaultDraw draw;
  TokenClaims claims{};
  ContentType type{};
};

auto ManagementApi::answer(const http::ServerRequest& request,
                           std::string_view base_url,
                           DateTime now) -> http::ServerReply {
  auto call = ApiCall::parse(request);
  parts_.journal.count_request(name_of(call.operation));
  note_misuse(request, call);
  auto context = Context{.request = request,
                         .base_url = base_url,
                         .now = now,
                         .call = std::move(call),
                         .draw = parts_.faults.begin(repetition_key(request))};
  auto reply = http::ServerReply{};
  if (context.call.operation == Operation::unknown) {
    reply.status = 404;
  } else if (auto spoiled = spoiled_reply(context.draw,
                                          throttle_name(context.call.operation),
                                          request.parameter("PublisherIdentifier").value_or(""))) {
    reply = *std::move(spoiled);
  } else if (auto done = authorize(context).and_then([&] { return perform(context); })) {
    reply = *std::move(done);
  } else {
    parts_.journal.count_error(done.error().code.empty() ? "401" : done.error().code);
    reply = to_reply(done.error(), context.draw.fires(Fault::single_quoted_errors));
  }
  finish(context, reply);
  return reply;
}

void ManagementApi::note_misuse(const http::ServerRequest& request, const ApiCall& call) {
  const bool has_token = !request.header("Authorization").empty();
  if (request.parameter(lure_parameter) || call.tenant == lure_tenant) {
    parts_.journal.count_trap_hit();
    if (has_token) {
      parts_.journal.count_misplaced_token();
    }
  } else if (request.parameter("access_token") ||
             (has_token && !http::same_name(call.tenant, options_.tenant_id))) {
    parts_.journal.count_misplaced_token();
  }
  if (!request.parameter("PublisherIdentifier")) {
    parts_.journal.count_without_publisher();
  }
}

auto ManagementApi::authorize(Context& context) -> ApiResult<> {
  const auto token = bearer_of(context.request);
  auto claims = parts_.mint.verify(token, context.now);
  if (!claims) {
    return tl::unexpected{unauthorized()};
  }
  const bool for_us =
      claims->audience == context.base_url ||
      std::ranges::find(options_.resources, claims->audience) != options_.resources.end();
  if (!for_us) {
    return tl::unexpected{unauthorized()};
  }
  if (context.draw.fires(Fault::token_expired)) {
    parts_.mint.revoke(token);
    return tl::unexpected{unauthorized()};
  }
  const auto& tenant = context.call.tenant;
  if (options_.check_tenant && !is_guid(tenant)) {
    return refuse("AF20013", tenant);
  }
  if (options_.check_tenant && !http::same_name(tenant, claims->tenant_id)) {
    return refuse("AF20010", tenant);
  }
  if (const auto publisher = context.request.parameter("PublisherIdentifier");
      publisher && !is_guid(*publisher)) {
    return refuse("AF20002", "PublisherIdentifier. Expected type: Guid");
  }
  if (std::ranges::find(claims->roles, read_role) == claims->roles.end()) {
    return refuse("AF10001", join(claims->roles, " "));
  }
  context.claims = *std::move(claims);
  return {};
}

auto ManagementApi::require_role(const Context& context, ContentType type) const -> ApiResult<> {
  const auto& roles = context.claims.roles;
  const bool missing = std::ranges::find(roles, read_dlp_role) == roles.end();
  if (type == ContentType::dlp && missing) {
    return refuse("AF10001", join(roles, " "));
  }
  return {};
}

auto ManagementApi::check_type(Context& context) -> ApiResult<> {
  const auto type = content_type_of(context.call, context.request);
  if (!type) {
    return tl::unexpected{type.error()};
  }
  context.type = *type;
  if (context.type == ContentType::dlp && context.draw.fires(Fault::dlp_forbidden)) {
    return refuse("AF10001", "ActivityFeed.Read ServiceHealth.Read");
  }
  const auto& client = context.claims.client_id;
  if (context.call.operation != Operation::start && context.call.operation != Operation::stop) {
    if (context.draw.fires(Fault::subscription_missing)) {
      static_cast<void>(parts_.subscriptions.drop(client, context.type));
    } else if (context.draw.fires(Fault::subscription_disabled)) {
      static_cast<void>(parts_.subscriptions.disable(client, context.type));
    }
  }
  return require_role(context, context.type);
}

auto ManagementApi::perform(Context& context) -> Reply {
  if (context.request.method == "POST" && !context.request.length_stated) {
    return tl::unexpected{ApiError{.status = 411, .code = {}, .message = "Length Required"}};
  }
  switch (context.call.operation) {
  case Operation::list_subscriptions:
    return list_subscriptions(context);
  case Operation::dlp_names:
    return dlp_names(context.request.header("Accept-Language")).map(json_reply);
  default:
    break;
  }
  if (auto checked = check_type(context); !checked) {
    return tl::unexpected{std::move(checked).error()};
  }
  switch (context.call.operation) {
  case Operation::start:
    return start(context);
  case Operation::stop:
    parts_.subscriptions.stop(context.claims.client_id, context.type, context.now);
    return http::ServerReply{};
  case Operation::retrieve:
    return retrieve(context);
  default:
    return list_content(context);
  }
}

auto ManagementApi::start(Context& context) -> Reply {
  if (context.draw.fires(Fault::start_throttled)) {
    return refuse("429", "0m 1s");
  }
  auto webhook = read_webhook(context.request.body, context.now);
  if (!webhook) {
    return tl::unexpected{std::move(webhook).error()};
  }
  if (*webhook) {
    if (auto valid = validate_webhook(**webhook, options_.allow_plain_webhooks); !valid) {
      return tl::unexpected{std::move(valid).error()};
    }
  }
  return parts_.subscriptions
      .start(context.claims.client_id, context.type, *std::move(webhook), context.now)
      .map([](const SubscriptionState& state) { return json_reply(subscription_as_json(state)); });
}

auto ManagementApi::list_subscriptions(const Context& context) const -> Reply {
  std::string rows;
  for (const auto& state : parts_.subscriptions.list(context.claims.client_id)) {
    rows += (rows.empty() ? "" : ",") + subscription_as_json(state);
  }
  return json_reply("[" + rows + "]");
}

auto ManagementApi::withholds(const Blob& blob) -> bool {
  auto id = parts_.feed.content_id(blob);
  if (!parts_.faults.always_hits(Fault::late_blob, id)) {
    return false;
  }
  const std::lock_guard lock{mutex_};
  const bool first_time = withheld_.insert(std::move(id)).second;
  if (first_time) {
    parts_.journal.count_fault(name_of(Fault::late_blob));
  }
  return first_time;
}

auto ManagementApi::row(Context& context, const Blob& blob) -> std::string {
  const auto id = parts_.feed.content_id(blob);
  const auto path = fmt::format("/api/v1.0/{}/activity/feed/audit/{}", options_.tenant_id, id);
  auto uri = fmt::format("{}{}", context.base_url, path);
  if (context.draw.fires_for(Fault::foreign_content_uri, id)) {
    uri = foreign_url({.base_url = std::string{context.base_url},
                       .trap = options_.trap,
                       .path = path,
                       .tenant_id = options_.tenant_id},
                      std::hash<std::string>{}(id));
  }
  const auto created = to_iso8601(blob.high.time, 3);
  const bool notified = context.call.operation == Operation::list_notifications;
  return fmt::format(
      R"({{"contentUri":{},"contentId":"{}","contentType":"{}","contentCreated":"{}",)"
      R"("contentExpiration":"{}"{}}})",
      json_quoted(uri),
      id,
      wire_name(blob.type),
      created,
      to_iso8601(parts_.feed.expires(blob), 3),
      notified ? fmt::format(R"(,"notificationSent":"{}","notificationStatus":"success")", created)
               : "");
}

auto ManagementApi::list_content(Context& context) -> Reply {
  const auto& request = context.request;
  const auto visibility =
      parts_.subscriptions.view(context.claims.client_id, context.type, context.now);
  if (!visibility) {
    return tl::unexpected{visibility.error()};
  }
  const auto window =
      read_window(request.parameter("startTime"), request.parameter("endTime"), context.now);
  if (!window) {
    return tl::unexpected{window.error()};
  }
  if (window->end - window->start == std::chrono::hours{24} && request.parameter("startTime") &&
      context.draw.fires(Fault::window_24h)) {
    return refuse("AF20055");
  }
  const auto next_page = request.parameter("nextPage");
  const auto after = next_page ? last_key_of(*next_page) : std::nullopt;
  if (next_page && !after) {
    return refuse("AF20031", *next_page);
  }
  const auto page = parts_.feed.list(context.type, *window, after, *visibility);
  std::string rows;
  for (const auto& blob : page.blobs) {
    if (!withholds(blob)) {
      rows += (rows.empty() ? "" : ",") + row(context, blob);
    }
  }
  auto reply = json_reply("[" + rows + "]");
  add_next_page(context, *window, page, reply);
  return reply;
}

void ManagementApi::add_next_page(Context& context,
                                  const RequestWindow& window,
                                  const BlobPage& page,
                                  http::ServerReply& reply) {
  const auto name = context.draw.fires(Fault::lower_case_header) ? "nextpageuri" : "NextPageUri";
  if (context.draw.fires(Fault::next_page_loop)) {
    reply.headers.emplace_back(name, fmt::format("{}{}", context.base_url, context.request.target));
    return;
  }
  if (!page.more) {
    return;
  }
  const auto& last = page.blobs.back().high;
  const auto path = fmt::format(
      "/api/v1.0/{}/activity/feed/subscriptions/{}?contenttype={}&endtime={}&starttime={}"
      "&nextpage={}${}${}",
      options_.tenant_id,
      context.call.operation == Operation::list_content ? "content" : "notifications",
      wire_name(context.type),
      to_iso8601(window.end, 7),
      to_iso8601(window.start, 7),
      last.text(),
      IngestKey{.time = window.start}.text(),
      parts_.feed.options().datacenter);
  auto uri = fmt::format("{}{}", context.base_url, path);
  if (context.draw.fires(Fault::foreign_next_page)) {
    uri = foreign_url({.base_url = std::string{context.base_url},
                       .trap = options_.trap,
                       .path = path,
                       .tenant_id = options_.tenant_id},
                      std::hash<std::string>{}(path));
  }
  reply.headers.emplace_back(name, std::move(uri));
}

auto ManagementApi::retrieve(Context& context) -> Reply {
  const auto& id = context.call.content_id;
  const auto visibility =
      parts_.subscriptions.view(context.claims.client_id, context.type, context.now);
  if (!visibility) {
    return tl::unexpected{visibility.error()};
  }
  const auto blob = parts_.feed.find(id, *visibility, context.now);
  if (!blob) {
    return tl::unexpected{blob.error()};
  }
  if (parts_.faults.always_hits(Fault::expired_blob, id)) {
    parts_.journal.count_fault(name_of(Fault::expired_blob));
    parts_.journal.note_expired(id);
    return refuse("AF20051", id);
  }
  const bool gzip = options_.gzip && context.request.header("Accept-Encoding").find("gzip") !=
                                         std::string_view::npos;
  const auto body = parts_.feed.body(*blob, gzip);
  auto reply = json_reply({});
  reply.shared_body = body.bytes;
  if (gzip) {
    reply.headers.emplace_back("Content-Encoding", "gzip");
  }
  parts_.journal.count_content(body.bytes->size());
  return reply;
}

void ManagementApi::finish(Context& context, http::ServerReply& reply) const {
  const bool wants_gzip =
      context.request.header("Accept-Encoding").find("gzip") != std::string_view::npos;
  if (options_.gzip && wants_gzip && reply.status == 200 && !reply.body.empty()) {
    reply.body = gzip_text(reply.body);
    reply.headers.emplace_back("Content-Encoding", "gzip");
  }
  const auto shift =
      context.draw.fires(Fault::wrong_date) ? std::chrono::hours{24} : std::chrono::hours{0};
  add_service_headers(reply, context.now + shift);
  bend_body(reply, context.draw, parts_.clock, options_.drip_pause);
}

} // namespace sluice::simulator

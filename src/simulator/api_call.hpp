// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/server.hpp"
#include "simulator/api_error.hpp"
#include "simulator/traffic/content_type.hpp"

namespace sluice::simulator {

enum class Operation : std::uint8_t {
  start,
  stop,
  list_subscriptions,
  list_content,
  list_notifications,
  retrieve,
  dlp_names,
  unknown,
};

/// `list_content` and so on, for the report.
[[nodiscard]] auto name_of(Operation operation) noexcept -> std::string_view;

/// What a request to the Management Activity API asks for, as its URL says.
struct ApiCall {
  Operation operation = Operation::unknown;
  std::string tenant;     ///< As in the URL; not checked.
  std::string content_id; ///< For `retrieve`.

  /// Reads `/api/v1.0/{tenant}/activity/feed/...`, in any letter case (observed).
  [[nodiscard]] static auto parse(const http::ServerRequest& request) -> ApiCall;
};

/// The content type that a call is about. Refuses with AF20001, AF20020 and, for a bad content id,
/// AF20052.
[[nodiscard]] auto content_type_of(const ApiCall& call, const http::ServerRequest& request)
    -> ApiResult<ContentType>;

/// The request without its PublisherIdentifier: the same for each repetition.
[[nodiscard]] auto repetition_key(const http::ServerRequest& request) -> std::string;

} // namespace sluice::simulator

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/date_time.hpp"
#include "simulator/api_error.hpp"
#include "simulator/subscriptions.hpp"

namespace sluice::simulator {

/// Reads the body of a start: nothing, or `{"webhook":{"address":..,"authId":..,"expiration":..}}`.
/// Refuses with AF20002 when it is no such JSON and AF20003 when the expiration is past.
[[nodiscard]] auto read_webhook(std::string_view body, DateTime now)
    -> ApiResult<std::optional<Webhook>>;

/// Sends the validation request (documented) and waits for its 200, 5 seconds at most. The address
/// must be https; plain http is taken for loopback when `allow_plain`. Refuses with AF20021.
[[nodiscard]] auto validate_webhook(const Webhook& webhook, bool allow_plain) -> ApiResult<>;

/// The webhook as lists show it; `null` for none.
[[nodiscard]] auto webhook_as_json(const std::optional<Webhook>& webhook) -> std::string;

} // namespace sluice::simulator

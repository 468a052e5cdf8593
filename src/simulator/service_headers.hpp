// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/date_time.hpp"
#include "http/server.hpp"

namespace sluice::simulator {

/// The headers that the service sends with every reply (observed); `date` becomes its `Date`.
void add_service_headers(http::ServerReply& reply, DateTime date);

} // namespace sluice::simulator

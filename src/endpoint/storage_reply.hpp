// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/server.hpp"

/// What the parts of `Storage` answer with, and read from requests. Private to this library.
namespace sluice::endpoint {

/// Without a body; `code` goes out as `x-ms-error-code` when it is not empty.
[[nodiscard]] auto storage_reply(int status, std::string_view code = {}) -> http::ServerReply;

/// With XML, without its first line in `body`.
[[nodiscard]] auto xml_reply(int status, std::string_view body) -> http::ServerReply;

/// What stands between `<tag>` and `</tag>`, all of them in order. Views `text`.
[[nodiscard]] auto xml_elements(std::string_view text, std::string_view tag)
    -> std::vector<std::string_view>;

} // namespace sluice::endpoint

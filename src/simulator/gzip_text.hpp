// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sluice::simulator {

/// `text` as one gzip member, compressed for speed.
[[nodiscard]] auto gzip_text(std::string_view text) -> std::string;

} // namespace sluice::simulator

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::config {

/// Milliseconds of `500ms`, `90s`, `5m`, `23h`, `7d`. A unit is needed; at most 100 years.
[[nodiscard]] auto parse_duration(std::string_view text) noexcept -> std::optional<std::int64_t>;

/// Bytes of `4096`, `512KiB`, `64MiB`, `2GiB`; at most 1 EiB.
[[nodiscard]] auto parse_size(std::string_view text) noexcept -> std::optional<std::int64_t>;

/// A whole number without a sign.
[[nodiscard]] auto parse_count(std::string_view text) noexcept -> std::optional<std::int64_t>;

} // namespace sluice::config

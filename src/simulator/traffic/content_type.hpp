// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::simulator {

/// The five feeds of a tenant (documented).
enum class ContentType : std::uint8_t {
  azure_active_directory,
  exchange,
  sharepoint,
  general,
  dlp
};

inline constexpr std::array content_types{ContentType::azure_active_directory,
                                          ContentType::exchange,
                                          ContentType::sharepoint,
                                          ContentType::general,
                                          ContentType::dlp};

/// 0 to 4, for arrays that have one place per content type.
[[nodiscard]] constexpr auto index_of(ContentType type) noexcept -> std::size_t {
  return static_cast<std::size_t>(type);
}

/// The name in requests and replies: `Audit.Exchange`.
[[nodiscard]] auto wire_name(ContentType type) noexcept -> std::string_view;
/// The fourth part of a content id: `Audit_Exchange` (observed).
[[nodiscard]] auto blob_name(ContentType type) noexcept -> std::string_view;
/// The third part of a content id: `audit_exchange` (observed).
[[nodiscard]] auto table_name(ContentType type) noexcept -> std::string_view;

/// Reads a wire name, in any letter case, as the service does. Nothing for another text.
[[nodiscard]] auto parse_content_type(std::string_view wire_name) noexcept
    -> std::optional<ContentType>;

} // namespace sluice::simulator

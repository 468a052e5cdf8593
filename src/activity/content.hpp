// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/date_time.hpp"
#include "base/strong_type.hpp"

namespace sluice::activity {

/// A Microsoft 365 tenant: a GUID in lower case.
using TenantId = StrongText<struct TenantIdTag>;
/// A blob of the feed. Opaque, though it looks like two keys of 23 digits and a table name.
using ContentId = StrongText<struct ContentIdTag>;

/// The five kinds of content (documented).
enum class ContentType : std::uint8_t {
  azure_active_directory,
  exchange,
  sharepoint,
  general,
  dlp_all,
};

inline constexpr std::array all_content_types{ContentType::azure_active_directory,
                                              ContentType::exchange,
                                              ContentType::sharepoint,
                                              ContentType::general,
                                              ContentType::dlp_all};

/// The name on the wire: `Audit.General`.
[[nodiscard]] auto wire_name(ContentType type) noexcept -> std::string_view;
/// Case is ignored, as the service does (observed).
[[nodiscard]] auto parse_content_type(std::string_view name) noexcept -> std::optional<ContentType>;

/// Nothing when `text` is not a GUID; otherwise in lower case.
[[nodiscard]] auto parse_tenant_id(std::string_view text) -> std::optional<TenantId>;
/// Nothing unless `text` is 1 to 512 characters of `A-Z a-z 0-9 $ _ - .` without `..`, and so safe
/// as the last segment of a path.
[[nodiscard]] auto parse_content_id(std::string_view text) -> std::optional<ContentId>;

/// One entry of a content listing. The address is not kept: it is rebuilt from the id.
struct Content {
  ContentId id;
  ContentType type = ContentType::general;
  /// When it became available; nothing when the service sent something unreadable.
  std::optional<DateTime> created;
  /// After this it can no longer be retrieved. Read, never computed: 7, 14 and 21 days were
  /// observed.
  std::optional<DateTime> expiration;

  friend auto operator==(const Content&, const Content&) -> bool = default;
};

/// Part of the feed by availability: `start` <= contentCreated < `end`. Whole seconds.
struct Window {
  DateTime start;
  DateTime end;

  friend auto operator==(const Window&, const Window&) -> bool = default;
};

} // namespace sluice::activity

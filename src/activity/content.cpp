// SPDX-License-Identifier: Apache-2.0
#include "activity/content.hpp"

#include <algorithm>
#include <string>

#include "http/url.hpp"

namespace sluice::activity {
namespace {

constexpr std::size_t max_content_id_bytes = 512;

constexpr std::array<std::string_view, all_content_types.size()> wire_names{
    "Audit.AzureActiveDirectory", "Audit.Exchange", "Audit.SharePoint", "Audit.General", "DLP.All"};

auto to_lower(char c) -> char {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

auto is_hex(char c) -> bool {
  const auto lower = to_lower(c);
  return (lower >= '0' && lower <= '9') || (lower >= 'a' && lower <= 'f');
}

auto is_content_id_character(char c) -> bool {
  const auto lower = to_lower(c);
  return (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') || c == '$' || c == '_' ||
         c == '-' || c == '.';
}

} // namespace

auto wire_name(ContentType type) noexcept -> std::string_view {
  return wire_names.at(static_cast<std::size_t>(type));
}

auto parse_content_type(std::string_view name) noexcept -> std::optional<ContentType> {
  for (const auto type : all_content_types) {
    if (http::equal_ignoring_case(wire_name(type), name)) {
      return type;
    }
  }
  return std::nullopt;
}

auto parse_tenant_id(std::string_view text) -> std::optional<TenantId> {
  constexpr std::string_view shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  const bool guid = std::ranges::equal(
      text, shape, [](char c, char s) { return s == '-' ? c == '-' : is_hex(c); });
  if (!guid) {
    return std::nullopt;
  }
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(), to_lower);
  return TenantId{std::move(lower)};
}

auto parse_content_id(std::string_view text) -> std::optional<ContentId> {
  const bool usable = !text.empty() && text.size() <= max_content_id_bytes &&
                      std::ranges::all_of(text, is_content_id_character) &&
                      text.find("..") == std::string_view::npos && text != ".";
  return usable ? std::optional{ContentId{std::string{text}}} : std::nullopt;
}

} // namespace sluice::activity

// SPDX-License-Identifier: Apache-2.0
#include "simulator/traffic/content_type.hpp"

#include <algorithm>

namespace sluice::simulator {
namespace {

struct Names {
  std::string_view wire, blob, table;
};

constexpr std::array<Names, content_types.size()> names{
    {{"Audit.AzureActiveDirectory", "Audit_AzureActiveDirectory", "audit_azureactivedirectory"},
     {"Audit.Exchange", "Audit_Exchange", "audit_exchange"},
     {"Audit.SharePoint", "Audit_SharePoint", "audit_sharepoint"},
     {"Audit.General", "Audit_General", "audit_general"},
     {"DLP.All", "DLP_All", "dlp_all"}}};

constexpr auto lower(char c) -> char {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

auto wire_name(ContentType type) noexcept -> std::string_view {
  return names.at(index_of(type)).wire;
}

auto blob_name(ContentType type) noexcept -> std::string_view {
  return names.at(index_of(type)).blob;
}

auto table_name(ContentType type) noexcept -> std::string_view {
  return names.at(index_of(type)).table;
}

auto parse_content_type(std::string_view text) noexcept -> std::optional<ContentType> {
  for (const auto type : content_types) {
    if (std::ranges::equal(
            text, wire_name(type), [](char a, char b) { return lower(a) == lower(b); })) {
      return type;
    }
  }
  return std::nullopt;
}

} // namespace sluice::simulator

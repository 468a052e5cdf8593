// SPDX-License-Identifier: Apache-2.0
#include "app/import/imported_value.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "activity/content.hpp"
#include "config/value_check.hpp"
#include "http/server_request.hpp"
#include "http/url.hpp"
#include "identity/cloud.hpp"

namespace sluice::app {
namespace {

auto is_letter_or_digit(char c) -> bool {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// `host` of `https://host/path`, of `host/path` and of `Data Source=https://host;...`.
auto host_of(std::string_view value) -> std::string {
  constexpr std::string_view source = "data source=";
  if (http::same_name(value.substr(0, source.size()), source)) {
    value.remove_prefix(source.size());
  }
  if (const auto scheme = value.find("://"); scheme != std::string_view::npos) {
    value.remove_prefix(scheme + 3);
  }
  return std::string{value.substr(0, value.find_first_of(":/;"))};
}

/// Of letters, digits, dashes and dots, so that it stands as it is in YAML and in an address.
auto is_host(std::string_view text) -> bool {
  return !text.empty() && is_letter_or_digit(text.front()) && std::ranges::all_of(text, [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '.';
  });
}

/// The address of a service that is given by its host, or by the host's beginning.
auto address(std::string_view value, std::string_view domain) -> std::optional<std::string> {
  auto host = host_of(value);
  if (!is_host(host)) {
    return std::nullopt;
  }
  const bool whole = value.find("://") != std::string_view::npos ||
                     host.find(domain.substr(0, domain.find('.', 1))) != std::string::npos;
  return fmt::format("https://{}{}", host, whole ? "" : domain);
}

/// The engine's, also where the data management service was named.
auto cluster_address(std::string_view value) -> std::optional<std::string> {
  auto found = address(value, ".kusto.windows.net");
  constexpr std::string_view prefix = "https://ingest-";
  if (found && found->starts_with(prefix)) {
    found->erase(prefix.size() - std::string_view{"ingest-"}.size(), 7);
  }
  return found;
}

auto cloud_of(std::string_view value) -> std::optional<std::string> {
  for (const auto name : identity::cloud_names()) {
    const auto cloud = identity::cloud_named(name);
    if (cloud && http::same_name(cloud->management.origin().host, host_of(value))) {
      return std::string{name};
    }
  }
  return std::nullopt;
}

auto content_types(std::string_view value) -> std::optional<std::string> {
  std::vector<std::string_view> names;
  while (!value.empty()) {
    const auto end = std::min(value.find_first_of(",; []\"'"), value.size());
    if (end > 0) {
      const auto type = activity::parse_content_type(value.substr(0, end));
      if (!type) {
        return std::nullopt;
      }
      names.push_back(activity::wire_name(*type));
    }
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return names.empty() ? std::nullopt : std::optional{fmt::format("[{}]", fmt::join(names, ", "))};
}

/// The first label of the account's host, or the value.
auto storage_account(std::string_view value) -> std::optional<std::string> {
  const auto host = host_of(value);
  auto account = host.substr(0, host.find('.'));
  constexpr std::size_t longest = 24;
  const bool fits = account.size() >= 3 && account.size() <= longest &&
                    std::ranges::all_of(account, is_letter_or_digit);
  return fits ? std::optional{std::move(account)} : std::nullopt;
}

auto name(std::string_view value) -> std::optional<std::string> {
  return config::is_name(value) ? std::optional{std::string{value}} : std::nullopt;
}

} // namespace

auto imported_value(Meaning meaning, std::string_view value) -> std::optional<std::string> {
  switch (meaning) {
  case Meaning::tenant_id:
  case Meaning::client_id:
  case Meaning::publisher:
  case Meaning::cluster_client_id:
  case Meaning::cluster_tenant:
    return config::parse_guid(value);
  case Meaning::management_host:
    return cloud_of(value);
  case Meaning::content_types:
    return content_types(value);
  case Meaning::cluster:
    return cluster_address(value);
  case Meaning::ingestion:
    return address(value, ".kusto.windows.net");
  case Meaning::vault:
    return address(value, ".vault.azure.net");
  case Meaning::storage_account:
    return storage_account(value);
  default:
    return name(value);
  }
}

auto vault_reference(std::string_view variable) -> std::string {
  std::string reference{"keyvault:"};
  for (const char c : variable) {
    reference += is_letter_or_digit(c) ? c : '-';
  }
  return reference;
}

} // namespace sluice::app

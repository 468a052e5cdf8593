// SPDX-License-Identifier: Apache-2.0
#include "identity/cloud.hpp"

#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sluice::identity {
namespace {

struct CloudRow {
  std::string_view name;
  std::string_view management;
  std::string_view login;
};

constexpr std::array cloud_rows{
    CloudRow{"enterprise", "https://manage.office.com", "https://login.microsoftonline.com"},
    CloudRow{"gcc", "https://manage-gcc.office.com", "https://login.microsoftonline.com"},
    CloudRow{"gcc_high", "https://manage.office365.us", "https://login.microsoftonline.us"},
    CloudRow{"dod", "https://manage.protection.apps.mil", "https://login.microsoftonline.us"},
    CloudRow{"china", "https://manage.office365.cn", "https://login.partner.microsoftonline.cn"},
};

auto parse_endpoint(std::string_view text, std::string_view what) -> Result<http::Url> {
  TRY(auto url, http::Url::parse(text).while_doing(what));
  if (url.path() != "/" || !url.query().empty()) {
    return Error{ErrorKind::invalid_input, fmt::format("{}: only scheme, host and port", what)};
  }
  if (url.origin().scheme == "http" && !url.origin().is_loopback()) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("{}: plain http would show tokens to the network", what)}
        .with_hint("use https; http is accepted for 127.0.0.1, [::1] and localhost alone");
  }
  return url;
}

} // namespace

auto cloud_names() -> std::vector<std::string_view> {
  std::vector<std::string_view> names;
  for (const auto& row : cloud_rows) {
    names.push_back(row.name);
  }
  return names;
}

auto cloud_named(std::string_view name) -> Result<Cloud> {
  for (const auto& row : cloud_rows) {
    if (row.name == name) {
      TRY(auto cloud, custom_cloud(row.management, row.login));
      cloud.name = name;
      return cloud;
    }
  }
  return Error{ErrorKind::invalid_input, fmt::format("there is no cloud \"{}\"", name)}.with_hint(
      fmt::format("one of {}, or custom with endpoints", fmt::join(cloud_names(), ", ")));
}

auto custom_cloud(std::string_view management, std::string_view login, std::string_view audience)
    -> Result<Cloud> {
  TRY(auto management_url, parse_endpoint(management, "the management endpoint"));
  TRY(auto login_url, parse_endpoint(login, "the login endpoint"));
  auto resource = audience.empty() ? management_url.origin().text() : std::string{audience};
  return Cloud{"custom", std::move(management_url), std::move(login_url), std::move(resource)};
}

} // namespace sluice::identity

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/url.hpp"

namespace sluice::identity {

/// The hosts of one Microsoft cloud. Three settings, because they do not always agree.
struct Cloud {
  std::string name;     ///< As in the configuration: `enterprise`, `gcc`, ...
  http::Url management; ///< Root of the Management Activity API.
  http::Url login;      ///< Where tokens are issued.
  /// The resource a token is asked for; equals the management origin in every known cloud.
  std::string audience;
};

/// `enterprise`, `gcc`, `gcc_high`, `dod`, `china`: hosts as documented, `china` as observed.
/// Errors: invalid_input for any other name; the hint lists the names.
[[nodiscard]] auto cloud_named(std::string_view name) -> Result<Cloud>;
[[nodiscard]] auto cloud_names() -> std::vector<std::string_view>;

/// A cloud of one's own endpoints, for a private cloud or a simulated tenant. Without `audience` it
/// is the management origin.
/// Errors: invalid_input for a URL that is malformed or has a path, and for plain http to anything
/// but a loopback address.
[[nodiscard]] auto custom_cloud(std::string_view management,
                                std::string_view login,
                                std::string_view audience = {}) -> Result<Cloud>;

} // namespace sluice::identity

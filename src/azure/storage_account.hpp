// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/url.hpp"

namespace sluice::azure {

/// Where the three services of one storage account answer. The roots have no slash at the end,
/// unless that is all of their path.
struct StorageAccount {
  std::string name;
  http::Url blob;
  http::Url queue;
  http::Url table;
};

/// `https://NAME.blob.SUFFIX` and so on. `suffix` is `core.windows.net` in most clouds.
/// Errors: invalid_input when the name is not 3 to 24 lower-case letters and digits (documented).
[[nodiscard]] auto storage_account(std::string_view name, std::string_view suffix)
    -> Result<StorageAccount>;

/// The suffix of a cloud as `identity::cloud_named` calls it (documented).
/// Errors: invalid_input for another name.
[[nodiscard]] auto storage_suffix(std::string_view cloud) -> Result<std::string>;

/// An account at endpoints of one's own, such as Azurite's
/// `http://127.0.0.1:10000/devstoreaccount1` or a private DNS zone's. Errors: invalid_input for a
/// URL that is malformed or has a query, and for plain http to anything but a loopback address.
[[nodiscard]] auto custom_storage_account(std::string_view name,
                                          std::string_view blob,
                                          std::string_view queue,
                                          std::string_view table) -> Result<StorageAccount>;

/// `root` with `segment` percent-encoded as one more part of its path.
/// Errors: invalid_input when the segment is empty, `.` or `..`, or has a slash.
[[nodiscard]] auto below(const http::Url& root, std::string_view segment) -> Result<http::Url>;

} // namespace sluice::azure

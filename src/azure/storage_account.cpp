// SPDX-License-Identifier: Apache-2.0
#include "azure/storage_account.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace sluice::azure {
namespace {

struct CloudSuffix {
  std::string_view cloud;
  std::string_view suffix;
};

constexpr std::array cloud_suffixes{CloudSuffix{"enterprise", "core.windows.net"},
                                    CloudSuffix{"gcc", "core.windows.net"},
                                    CloudSuffix{"gcc_high", "core.usgovcloudapi.net"},
                                    CloudSuffix{"dod", "core.usgovcloudapi.net"},
                                    CloudSuffix{"china", "core.chinacloudapi.cn"}};

auto is_account_name(std::string_view name) -> bool {
  return name.size() >= 3 && name.size() <= 24 && std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
         });
}

auto refuse_name(std::string_view name) -> Error {
  return Error{ErrorKind::invalid_input,
               fmt::format("'{}' is not the name of a storage account", name)}
      .with_hint("such a name is 3 to 24 lower-case letters and digits");
}

auto endpoint(std::string_view text) -> Result<http::Url> {
  while (text.ends_with('/')) {
    text.remove_suffix(1);
  }
  TRY(auto url, http::Url::parse(text).while_doing("the storage endpoint"));
  if (!url.query().empty()) {
    return Error{ErrorKind::invalid_input, "a storage endpoint has no query"}.with_hint(
        "a shared access signature is a secret and has a place of its own");
  }
  if (url.origin().scheme != "https" && !url.origin().is_loopback()) {
    return Error{ErrorKind::invalid_input, "a storage endpoint must be https"};
  }
  return url;
}

} // namespace

auto storage_account(std::string_view name, std::string_view suffix) -> Result<StorageAccount> {
  if (!is_account_name(name)) {
    return refuse_name(name);
  }
  const auto of = [&](std::string_view service) {
    return endpoint(fmt::format("https://{}.{}.{}", name, service, suffix));
  };
  TRY(auto blob, of("blob"));
  TRY(auto queue, of("queue"));
  TRY(auto table, of("table"));
  return StorageAccount{std::string{name}, std::move(blob), std::move(queue), std::move(table)};
}

auto storage_suffix(std::string_view cloud) -> Result<std::string> {
  const auto* row = std::ranges::find(cloud_suffixes, cloud, &CloudSuffix::cloud);
  if (row == cloud_suffixes.end()) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("there is no cloud '{}' with storage accounts", cloud)};
  }
  return std::string{row->suffix};
}

auto custom_storage_account(std::string_view name,
                            std::string_view blob,
                            std::string_view queue,
                            std::string_view table) -> Result<StorageAccount> {
  if (!is_account_name(name)) {
    return refuse_name(name);
  }
  TRY(auto blob_root, endpoint(blob));
  TRY(auto queue_root, endpoint(queue));
  TRY(auto table_root, endpoint(table));
  return StorageAccount{
      std::string{name}, std::move(blob_root), std::move(queue_root), std::move(table_root)};
}

auto below(const http::Url& root, std::string_view segment) -> Result<http::Url> {
  if (segment.empty() || segment == "." || segment == "..") {
    return Error{ErrorKind::invalid_input, "a part of a storage address is empty or dots"};
  }
  const auto& path = root.path();
  return root.with_target(
      fmt::format("{}{}{}", path, path.ends_with('/') ? "" : "/", http::percent_encoded(segment)));
}

} // namespace sluice::azure

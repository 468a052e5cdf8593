// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "azure/blob_container.hpp"
#include "azure/storage_account.hpp"
#include "base/date_time.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "identity/renewed.hpp"

namespace sluice::kusto {

/// A container of ours, from which a cluster takes what it is to ingest, in place of one that it
/// lends.
///
/// Threads: any.
class OwnStaging {
public:
  /// What follows a blob's address and lets the cluster read it (documented).
  using Access = std::function<
      auto(std::string_view blob, DateTime now, const std::stop_token& stop)->Result<Secret>>;

  OwnStaging(azure::BlobContainer container, Access access)
      : container_{std::move(container)},
        access_{std::move(access)} {}

  /// Writes a blob and gives the address for the cluster, which is a secret where a signature is
  /// part of it.
  /// Errors: those of storage.
  [[nodiscard]] auto
  put(const std::string& name, std::string bytes, DateTime now, const std::stop_token& stop) const
      -> Result<Secret>;
  /// The cluster is done with it. What cannot be removed is logged and stays.
  void remove(const std::string& name, const std::stop_token& stop) const;

private:
  azure::BlobContainer container_;
  Access access_;
};

/// The cluster signs in as a managed identity of its own: `system`, or the object id of a
/// user-assigned one. Its policy must allow that (`NativeIngestion`).
[[nodiscard]] auto read_by_managed_identity(std::string_view identity) -> OwnStaging::Access;
/// The cluster shows a signature that must allow to read and list: a query, with or without `?`.
[[nodiscard]] auto read_by_signature(std::shared_ptr<identity::RenewedSecret> signature)
    -> OwnStaging::Access;
/// The cluster shows a signature that is made for each blob, to read that alone, for a day.
[[nodiscard]] auto read_by_account_key(azure::StorageAccount account,
                                       std::string container,
                                       std::shared_ptr<identity::RenewedSecret> key)
    -> OwnStaging::Access;

} // namespace sluice::kusto

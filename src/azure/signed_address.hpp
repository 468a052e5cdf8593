// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "azure/authorization.hpp"
#include "azure/storage_account.hpp"
#include "base/date_time.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace sluice::azure {

/// What a signature allows, and until when.
struct Grant {
  std::string
      permissions; ///< Letters in the service's order: `racwdl` for blobs, `raup` for queues.
  DateTime expires;
};

/// A shared access signature for one container or queue, or for one blob when `blob` is given: the
/// query without `?`. Whoever holds it may do what `grant` says, so it is a secret.
/// Errors: invalid_input when the key is not base64 or `service` is table.
[[nodiscard]] auto signature_for(const StorageAccount& account,
                                 const Secret& key_base64,
                                 StorageService service,
                                 std::string_view name,
                                 std::string_view blob,
                                 const Grant& grant) -> Result<Secret>;

} // namespace sluice::azure

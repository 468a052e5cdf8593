// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>

#include "app/azure_access.hpp"
#include "base/result.hpp"
#include "config/config.hpp"

namespace sluice::app {

/// Makes what the configuration keeps in Azure Storage: the archive's container and the ledger's
/// tables. What is there stays. Where a right is missing, it says on stderr what an administrator
/// must run and which role is enough, and goes on.
///
/// False when something is left for an administrator.
/// Errors: those of storage other than a missing right; of reading a secret.
[[nodiscard]] auto make_storage(const config::Config& config,
                                AzureAccess& azure,
                                const std::stop_token& stop) -> Result<bool>;

} // namespace sluice::app

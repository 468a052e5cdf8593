// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "azure/authorization.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "identity/renewed.hpp"

namespace sluice::azure {

/// Makes what shows a key or a signature.
using AuthorizationOf = std::function<auto(const Secret&)->Result<std::shared_ptr<Authorization>>>;

/// Shows a key or a signature that may be renewed while we work: when storage refuses it, it is
/// read anew, and the request goes out once more if there is another by then.
/// Errors: those of `make`. `clock` must outlive it.
[[nodiscard]] auto renewing_authorization(std::shared_ptr<identity::RenewedSecret> secret,
                                          AuthorizationOf make,
                                          Clock& clock) -> Result<std::shared_ptr<Authorization>>;

} // namespace sluice::azure

// SPDX-License-Identifier: Apache-2.0
#include "http/status_kind.hpp"

namespace sluice::http {

auto kind_of_status(int status) noexcept -> std::optional<ErrorKind> {
  switch (status) {
  case 401:
    return ErrorKind::unauthorized;
  case 403:
    return ErrorKind::forbidden;
  case 404:
  case 410:
    return ErrorKind::gone;
  case 429:
    return ErrorKind::throttled;
  default:
    break;
  }
  return status == 408 || status >= 500 ? std::optional{ErrorKind::unavailable} : std::nullopt;
}

} // namespace sluice::http

// SPDX-License-Identifier: Apache-2.0
#include "base/result.hpp"

#include "base/check.hpp"

namespace sluice {

auto name_of(ErrorKind kind) noexcept -> std::string_view {
  switch (kind) {
  case ErrorKind::invalid_input:
    return "invalid_input";
  case ErrorKind::unauthorized:
    return "unauthorized";
  case ErrorKind::forbidden:
    return "forbidden";
  case ErrorKind::gone:
    return "gone";
  case ErrorKind::throttled:
    return "throttled";
  case ErrorKind::unavailable:
    return "unavailable";
  case ErrorKind::malformed:
    return "malformed";
  case ErrorKind::untrusted:
    return "untrusted";
  case ErrorKind::storage:
    return "storage";
  case ErrorKind::corrupt:
    return "corrupt";
  case ErrorKind::cancelled:
    return "cancelled";
  }
  CHECK(false);
}

auto Error::while_doing(std::string_view activity) && -> Error {
  message_.insert(0, ": ").insert(0, activity);
  return std::move(*this);
}

} // namespace sluice

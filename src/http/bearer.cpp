// SPDX-License-Identifier: Apache-2.0
#include "http/bearer.hpp"

#include <fmt/format.h>

namespace sluice::http {

auto Bearer::reveal_to(const Origin& origin) const -> Result<Secret> {
  if (origin != origin_) {
    return Error{ErrorKind::untrusted,
                 fmt::format("a token for {} must not go to {}", origin_.text(), origin.text())};
  }
  return token_;
}

} // namespace sluice::http

// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace sluice {

void check_failed(std::string_view condition, std::source_location where) noexcept {
  std::fprintf(stderr,
               "sluice: internal error at %s:%u: CHECK(%.*s) does not hold. Please report this.\n",
               where.file_name(),
               static_cast<unsigned>(where.line()),
               static_cast<int>(condition.size()),
               condition.data());
  std::abort();
}

} // namespace sluice

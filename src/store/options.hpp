// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace sluice::store {

struct Options {
  /// What DuckDB may hold in memory; beyond it, sorts and groups spill to disk. DuckDB itself needs
  /// some 30 MB besides. Bytes, at least 16 MiB; 0 is 512 MiB. A writer gives back after
  /// each flush what it holds beyond 1 MiB.
  std::size_t memory_limit_bytes = 0;
  /// Threads that a query may use, 1 to 64.
  unsigned threads = 1;
  /// For queries beside nobody or other readers: nothing is written, a missing store is an error.
  bool read_only = false;
};

} // namespace sluice::store

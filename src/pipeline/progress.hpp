// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

namespace sluice::pipeline {

/// What a run has done so far: counters that only grow, for the progress line and the summary. The
/// account that proves completeness is the ledger's.
///
/// Threads: any.
struct Progress {
  std::atomic<std::uint64_t> windows_listed{0};
  std::atomic<std::uint64_t> contents_found{0}; ///< Ids that the ledger did not know.
  std::atomic<std::uint64_t> contents_late{0};  ///< Of these: in a window that had been complete.
  std::atomic<std::uint64_t> contents_collected{0};
  std::atomic<std::uint64_t> contents_expired{0};
  std::atomic<std::uint64_t> contents_quarantined{0};
  std::atomic<std::uint64_t> entries_refused{0}; ///< Entries that led elsewhere or were unusable.
  std::atomic<std::uint64_t> bytes_received{0};
  std::atomic<std::uint64_t> records_read{0};
  std::atomic<std::uint64_t> records_kept{0};
  std::atomic<std::uint64_t> records_duplicate{0};
  std::atomic<std::uint64_t> records_delivered{0};
  std::atomic<std::uint64_t> cases_told{0}; ///< Versions of cases.
  std::atomic<std::uint64_t> cases_delivered{0};
  std::atomic<std::uint64_t> failures{0}; ///< Attempts that will be or were made again.
};

} // namespace sluice::pipeline

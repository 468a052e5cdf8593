// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "ledger/ledger.hpp"

namespace sluice::ledger {

enum class Access : std::uint8_t {
  /// May change it. Only one process at a time: a lock file beside the ledger says so.
  owner,
  /// Only reads, also while another process owns it. Changes are refused as invalid_input.
  reader,
};

struct SqliteOptions {
  std::filesystem::path path; ///< Such as `/var/lib/sluice/ledger.sqlite`. Never on NFS or SMB.
  Access access = Access::owner;
  /// How long to wait for another process's transaction.
  std::chrono::milliseconds busy_timeout{5'000};
};

/// Opens the ledger of one machine, a SQLite file (WAL, synchronous=FULL, mode 0600) that is made
/// when missing.
///
/// Errors: unavailable when another process owns it; corrupt when the file is damaged
/// (`set_aside` it, open again, rebuild from the archive); invalid_input when a newer version of
/// the program made it, or a reader finds none; storage.
[[nodiscard]] auto open_sqlite_ledger(const SqliteOptions& options)
    -> Result<std::unique_ptr<Ledger>>;

/// Moves a damaged ledger with its side files to `quarantine/` beside it and returns where they are
/// now. Nothing may have it open.
/// Errors: unavailable when a process owns it; storage.
[[nodiscard]] auto set_aside(const std::filesystem::path& path, DateTime now)
    -> Result<std::filesystem::path>;

} // namespace sluice::ledger

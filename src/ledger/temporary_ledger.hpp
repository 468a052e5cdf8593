// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "ledger/sqlite_ledger.hpp"

namespace sluice::ledger {

/// For tests: a directory with a SQLite ledger that is removed afterwards.
class TemporaryLedger {
public:
  TemporaryLedger() {
    auto pattern = (std::filesystem::temp_directory_path() / "sluice-ledger-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  TemporaryLedger(const TemporaryLedger&) = delete;
  auto operator=(const TemporaryLedger&) -> TemporaryLedger& = delete;
  ~TemporaryLedger() { std::filesystem::remove_all(directory_); }

  [[nodiscard]] auto directory() const -> const std::filesystem::path& { return directory_; }
  [[nodiscard]] auto path() const -> std::filesystem::path { return directory_ / "ledger.sqlite"; }
  [[nodiscard]] auto open() const -> std::unique_ptr<Ledger> {
    return open_sqlite_ledger({.path = path()}).value();
  }

private:
  std::filesystem::path directory_;
};

} // namespace sluice::ledger

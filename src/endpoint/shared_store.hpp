// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/store.hpp"

namespace sluice::endpoint {

/// The store of a directory, shared by the requests of this process and, between them, with other
/// processes: it is opened when somebody asks and closed once nobody has asked for a while, so that
/// a delivery of `sluice run` gets its turn. Within the process it goes by who came first: readers
/// together, changes alone.
///
/// Threads: any.
class SharedStore {
public:
  struct Options {
    std::filesystem::path directory;
    /// The store is closed when it was not used for this long.
    std::chrono::milliseconds idle{500};
    /// While requests come one behind another, it is let go after this long all the same, for
    /// `pause`, which is longer than others wait between two attempts.
    std::chrono::milliseconds turn{std::chrono::seconds{5}};
    std::chrono::milliseconds pause{300};
    /// While readers overlap so that there is never a moment without one, those who come after this
    /// long wait until the others have ended, but no longer than `drain`.
    std::chrono::milliseconds overlap{std::chrono::seconds{30}};
    std::chrono::milliseconds drain{std::chrono::seconds{10}};
    /// How long to wait for another process that has it.
    std::chrono::seconds patience{20};
  };

  /// Reading, by any number at once; for as long as it lives.
  class Lease {
  public:
    Lease(Lease&& other) noexcept;
    auto operator=(Lease&&) -> Lease& = delete;
    ~Lease();
    [[nodiscard]] auto operator*() const noexcept -> store::Store& { return *store_; }
    [[nodiscard]] auto operator->() const noexcept -> store::Store* { return store_; }

  private:
    friend class SharedStore;
    Lease(SharedStore& owner, store::Store& store, bool alone)
        : owner_{&owner},
          store_{&store},
          alone_{alone} {}
    SharedStore* owner_;
    store::Store* store_;
    bool alone_;
  };

  /// `clock` must outlive the object.
  SharedStore(Options options, Clock& clock);
  SharedStore(const SharedStore&) = delete;
  auto operator=(const SharedStore&) -> SharedStore& = delete;
  ~SharedStore();

  /// Errors: unavailable when another process keeps the store; cancelled; as `store::Store::open`.
  [[nodiscard]] auto read(const std::stop_token& stop) -> Result<Lease>;
  /// For changes: nobody else has the store meanwhile, in this process or another.
  /// Errors: as `read`.
  [[nodiscard]] auto change(const std::stop_token& stop) -> Result<Lease>;

private:
  [[nodiscard]] auto lease(bool alone, const std::stop_token& stop) -> Result<Lease>;
  [[nodiscard]] auto open(bool for_changes,
                          std::chrono::nanoseconds not_before,
                          const std::stop_token& stop) -> Result<store::Store>;
  /// Whether the waiting `ticket` may have the store.
  [[nodiscard]] auto is_its_turn(std::uint64_t ticket, bool alone) const -> bool;
  void end_turn();
  void give_back(bool alone);
  void close_when_idle(const std::stop_token& stop);

  const Options options_;
  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<store::Store> store_;
  bool writable_ = false;
  bool opening_ = false;
  int readers_ = 0;
  bool changing_ = false;
  std::uint64_t next_ticket_ = 0;
  std::map<std::uint64_t, bool> waiting_; ///< By ticket: whether it wants to be alone.
  std::chrono::nanoseconds last_used_{};
  std::chrono::nanoseconds turn_ends_{}; ///< Of the store that is open.
  std::chrono::nanoseconds overlap_ends_{};
  std::chrono::nanoseconds pause_ends_{}; ///< Until then others may have it.
  std::jthread closer_;
};

} // namespace sluice::endpoint

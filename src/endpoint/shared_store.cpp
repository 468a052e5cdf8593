// SPDX-License-Identifier: Apache-2.0
#include "endpoint/shared_store.hpp"

#include <algorithm>
#include <utility>

namespace sluice::endpoint {
namespace {

constexpr auto busy_wait = std::chrono::milliseconds{50};
constexpr std::size_t memory_limit_bytes = std::size_t{512} * 1024 * 1024;
constexpr unsigned query_threads = 2;

} // namespace

SharedStore::Lease::Lease(Lease&& other) noexcept
    : owner_{std::exchange(other.owner_, nullptr)},
      store_{other.store_},
      alone_{other.alone_} {}

SharedStore::Lease::~Lease() {
  if (owner_ != nullptr) {
    owner_->give_back(alone_);
  }
}

SharedStore::SharedStore(Options options, Clock& clock)
    : options_{std::move(options)},
      clock_{clock},
      closer_{[this](const std::stop_token& stop) { close_when_idle(stop); }} {}

SharedStore::~SharedStore() = default;

auto SharedStore::read(const std::stop_token& stop) -> Result<Lease> {
  return lease(false, stop);
}

auto SharedStore::change(const std::stop_token& stop) -> Result<Lease> {
  return lease(true, stop);
}

auto SharedStore::lease(bool alone, const std::stop_token& stop) -> Result<Lease> {
  std::unique_lock lock{mutex_};
  const auto ticket = next_ticket_++;
  waiting_.emplace(ticket, alone);
  const auto is_free = [&] { return is_its_turn(ticket, alone); };
  while (!stop.stop_requested() && !changed_.wait_for(lock, stop, busy_wait, is_free)) {
  }
  const bool came = is_free();
  waiting_.erase(ticket);
  if (!came) {
    changed_.notify_all();
    return Error{ErrorKind::cancelled, "the request was stopped"};
  }
  end_turn();
  if (!store_ || (alone && !writable_)) {
    opening_ = true; // Keeps all others waiting, so the lock need not be held.
    store_.reset();
    const auto not_before = pause_ends_;
    lock.unlock();
    auto opened = open(alone, not_before, stop);
    lock.lock();
    opening_ = false;
    if (!opened) {
      changed_.notify_all();
      return std::move(opened).error();
    }
    store_.emplace(*std::move(opened));
    writable_ = alone;
    turn_ends_ = clock_.steady() + options_.turn;
    overlap_ends_ = clock_.steady() + options_.overlap;
  }
  if (const auto now = clock_.steady(); now >= overlap_ends_) {
    overlap_ends_ = now + options_.overlap; // Those who read have taken too long to wait for.
  }
  changing_ = alone;
  readers_ += alone ? 0 : 1;
  changed_.notify_all();
  return Lease{*this, *store_, alone};
}

auto SharedStore::is_its_turn(std::uint64_t ticket, bool alone) const -> bool {
  if (opening_ || changing_ || (alone && readers_ > 0)) {
    return false;
  }
  const bool others_came_first = std::ranges::any_of(
      waiting_, [&](const auto& other) { return other.first < ticket && (alone || other.second); });
  if (others_came_first) {
    return false;
  }
  const auto now = clock_.steady();
  const bool is_draining =
      readers_ > 0 && now >= overlap_ends_ && now < overlap_ends_ + options_.drain;
  return alone || !is_draining;
}

/// Lets the store go when it was had for long and nobody is using it.
void SharedStore::end_turn() {
  const auto now = clock_.steady();
  if (store_ && readers_ == 0 && now >= turn_ends_) {
    store_.reset();
    pause_ends_ = now + options_.pause;
  }
}

auto SharedStore::open(bool for_changes,
                       std::chrono::nanoseconds not_before,
                       const std::stop_token& stop) -> Result<store::Store> {
  if (const auto now = clock_.steady(); now < not_before && !clock_.wait(not_before - now, stop)) {
    return Error{ErrorKind::cancelled, "the request was stopped"};
  }
  store::Options options{.memory_limit_bytes = memory_limit_bytes,
                         .threads = query_threads,
                         .read_only = !for_changes};
  const auto deadline = clock_.steady() + options_.patience;
  for (;;) {
    auto opened = store::Store::open(options_.directory, options);
    if (opened) {
      return std::move(opened->store);
    }
    if (opened.error().kind() != ErrorKind::unavailable || clock_.steady() > deadline ||
        !clock_.wait(busy_wait, stop)) {
      return std::move(opened).error();
    }
  }
}

void SharedStore::give_back(bool alone) {
  const std::lock_guard lock{mutex_};
  if (alone) {
    changing_ = false;
  } else {
    --readers_;
  }
  last_used_ = clock_.steady();
  changed_.notify_all();
}

void SharedStore::close_when_idle(const std::stop_token& stop) {
  while (clock_.wait(options_.idle / 2, stop)) {
    const std::lock_guard lock{mutex_};
    const bool used = opening_ || changing_ || readers_ > 0;
    if (!used && store_ && clock_.steady() - last_used_ >= options_.idle) {
      store_.reset();
    }
  }
}

} // namespace sluice::endpoint

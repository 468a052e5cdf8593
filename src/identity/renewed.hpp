// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "identity/sign_in.hpp"

namespace sluice::identity {

/// Whether two say the same, so that nothing is to be made anew.
[[nodiscard]] auto is_same(const Secret& one, const Secret& other) -> bool;
[[nodiscard]] auto is_same(const SignIn& one, const SignIn& other) -> bool;

/// Something that stands elsewhere, in a file or a key vault, and may be renewed there while we
/// work: it is read anew every hour, and when it was refused. What cannot be read anew stays as it
/// is, with a warning in the log.
///
/// Use:     `create` reads it. Ask for `current` before each use and never keep that for long; tell
///          `renew` what was refused.
/// Threads: any; they wait for the one that reads.
template <class T>
class Renewed {
public:
  using Read = std::function<auto(const std::stop_token&)->Result<T>>;

  /// `clock`, and what `read` refers to, must outlive it.
  /// Errors: those of `read`.
  [[nodiscard]] static auto create(Read read, Clock& clock, const std::stop_token& stop = {})
      -> Result<std::shared_ptr<Renewed>> {
    TRY(auto first, read(stop));
    return std::shared_ptr<Renewed>{new Renewed{std::move(read), std::move(first), clock}};
  }

  /// Never null. The same object as long as it says the same.
  [[nodiscard]] auto current(const std::stop_token& stop) -> std::shared_ptr<const T> {
    const std::lock_guard lock{mutex_};
    if (clock_.steady() - read_at_ >= longest_use) {
      read_anew(stop);
    }
    return held_;
  }

  /// What `current` gave was refused: whether there is another by now, which `current` gives.
  [[nodiscard]] auto renew(const std::shared_ptr<const T>& refused, const std::stop_token& stop)
      -> bool {
    const std::lock_guard lock{mutex_};
    const auto now = clock_.steady();
    if (held_ == refused && (!refused_at_ || now - *refused_at_ >= least_distance)) {
      refused_at_ = now;
      read_anew(stop);
    }
    return held_ != refused;
  }

private:
  static constexpr std::chrono::nanoseconds longest_use = std::chrono::hours{1};
  /// Between two looks at what is refused, whoever asks: a key vault counts its requests.
  static constexpr std::chrono::nanoseconds least_distance = std::chrono::seconds{10};

  Renewed(Read read, T first, Clock& clock)
      : read_{std::move(read)},
        clock_{clock},
        held_{std::make_shared<const T>(std::move(first))},
        read_at_{clock.steady()} {}

  void read_anew(const std::stop_token& stop) {
    auto read = read_(stop);
    read_at_ = clock_.steady();
    if (!read) {
      log(LogLevel::warning, "credential_not_read_anew", read.error().message());
    } else if (!is_same(*held_, *read)) {
      held_ = std::make_shared<const T>(*std::move(read));
      log(LogLevel::info,
          "credential_renewed",
          "a credential was renewed: the new one is tried from now on");
    }
  }

  const Read read_;
  Clock& clock_;
  std::mutex mutex_;
  std::shared_ptr<const T> held_;
  std::chrono::nanoseconds read_at_;
  std::optional<std::chrono::nanoseconds> refused_at_;
};

using RenewedSecret = Renewed<Secret>;

} // namespace sluice::identity

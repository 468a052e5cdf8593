// SPDX-License-Identifier: Apache-2.0
#include "azure/renewing_authorization.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include "base/log.hpp"

namespace sluice::azure {
namespace {

/// Requests that were under way when a secret changed showed the one before.
constexpr std::chrono::nanoseconds longest_request = std::chrono::minutes{2};

class RenewingAuthorization final : public Authorization {
public:
  RenewingAuthorization(std::shared_ptr<identity::RenewedSecret> secret,
                        AuthorizationOf make,
                        Clock& clock)
      : secret_{std::move(secret)},
        make_{std::move(make)},
        clock_{clock} {}

  /// Errors: those of making it.
  auto begin() -> Result<> {
    made_of_ = secret_->current({});
    TRY(made_, make_(*made_of_));
    return {};
  }

  auto authorize(http::Request& request, StorageService service, const std::stop_token& stop)
      -> Result<> override {
    return newest(stop)->authorize(request, service, stop);
  }

  auto refused(const http::Request&) -> bool override {
    const std::lock_guard lock{mutex_};
    const auto now = clock_.steady();
    if (changed_at_ && now - *changed_at_ < longest_request) {
      return true;
    }
    return secret_->renew(made_of_, {});
  }

private:
  [[nodiscard]] auto newest(const std::stop_token& stop) -> std::shared_ptr<Authorization> {
    const std::lock_guard lock{mutex_};
    auto current = secret_->current(stop);
    if (current == made_of_) {
      return made_;
    }
    auto made = make_(*current);
    if (made) {
      made_ = *std::move(made);
      changed_at_ = clock_.steady();
    } else {
      log(LogLevel::warning, "new_credential_unusable", made.error().message());
    }
    made_of_ = std::move(current);
    return made_;
  }

  const std::shared_ptr<identity::RenewedSecret> secret_;
  const AuthorizationOf make_;
  Clock& clock_;
  std::mutex mutex_;
  std::shared_ptr<const Secret> made_of_;
  std::shared_ptr<Authorization> made_;
  std::optional<std::chrono::nanoseconds> changed_at_;
};

} // namespace

auto renewing_authorization(std::shared_ptr<identity::RenewedSecret> secret,
                            AuthorizationOf make,
                            Clock& clock) -> Result<std::shared_ptr<Authorization>> {
  auto made = std::make_shared<RenewingAuthorization>(std::move(secret), std::move(make), clock);
  TRY_DO(made->begin());
  return std::shared_ptr<Authorization>{std::move(made)};
}

} // namespace sluice::azure

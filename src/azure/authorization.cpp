// SPDX-License-Identifier: Apache-2.0
#include "azure/authorization.hpp"

#include <fmt/format.h>

namespace sluice::azure {
namespace {

class SharedAccessSignature final : public Authorization {
public:
  explicit SharedAccessSignature(Secret query) : query_{std::move(query)} {}

  auto authorize(http::Request& request, StorageService, const std::stop_token&)
      -> Result<> override {
    auto signature = query_.reveal();
    if (signature.starts_with('?')) {
      signature.remove_prefix(1);
    }
    const auto& own = request.url.query();
    TRY(request.url,
        request.url.with_target(request.url.path(),
                                own.empty() ? std::string{signature}
                                            : fmt::format("{}&{}", own, signature)));
    return {};
  }

private:
  const Secret query_;
};

class BearerToken final : public Authorization {
public:
  explicit BearerToken(identity::TokenSource& tokens) : tokens_{tokens} {}

  auto authorize(http::Request& request, StorageService, const std::stop_token& stop)
      -> Result<> override {
    TRY(request.bearer, tokens_.token(stop));
    return {};
  }

  auto refused(const http::Request& request) -> bool override {
    if (request.bearer) {
      tokens_.invalidate(*request.bearer);
    }
    return request.bearer.has_value();
  }

private:
  identity::TokenSource& tokens_;
};

} // namespace

auto Authorization::refused(const http::Request&) -> bool {
  return false;
}

auto shared_access_signature(Secret query) -> std::shared_ptr<Authorization> {
  return std::make_shared<SharedAccessSignature>(std::move(query));
}

auto bearer_token(identity::TokenSource& tokens) -> std::shared_ptr<Authorization> {
  return std::make_shared<BearerToken>(tokens);
}

} // namespace sluice::azure

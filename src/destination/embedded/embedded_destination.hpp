// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "destination/destination.hpp"
#include "store/store.hpp"

namespace sluice::destination {

/// The embedded store as a destination. While it lives no other process can query the store, so
/// open it for a delivery and let it go afterwards.
class EmbeddedDestination final : public Destination {
public:
  /// Errors: as `store::Store::open`.
  [[nodiscard]] static auto open(const std::filesystem::path& directory,
                                 const store::Options& options)
      -> Result<std::unique_ptr<EmbeddedDestination>>;

  [[nodiscard]] auto name() const -> std::string_view override { return "embedded"; }
  /// The store's id.
  [[nodiscard]] auto identity() const -> std::string override { return store_.id(); }
  [[nodiscard]] auto deliver(const Batch& batch) -> Result<> override;
  [[nodiscard]] auto deliver_cases(const CaseBatch& batch) -> Result<> override;
  [[nodiscard]] auto flush() -> Result<Delivery> override;

  /// Where a store that did not open any more was put when this one took its place.
  [[nodiscard]] auto quarantined() const -> const std::optional<std::filesystem::path>& {
    return quarantined_;
  }

private:
  EmbeddedDestination(store::Store opened, std::optional<std::filesystem::path> quarantined)
      : store_{std::move(opened)},
        quarantined_{std::move(quarantined)} {}

  store::Store store_;
  std::optional<std::filesystem::path> quarantined_;
};

} // namespace sluice::destination

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace sluice {

/// A string that is one particular kind of id, so that a tenant cannot be passed for a content.
///
///     using TenantId = StrongText<struct TenantIdTag>;
template <class Tag>
class StrongText {
public:
  StrongText() = default;
  explicit StrongText(std::string text) : text_{std::move(text)} {}

  [[nodiscard]] auto text() const noexcept -> const std::string& { return text_; }
  [[nodiscard]] auto empty() const noexcept -> bool { return text_.empty(); }

  friend auto operator==(const StrongText&, const StrongText&) -> bool = default;
  friend auto operator<=>(const StrongText&, const StrongText&) = default;

private:
  std::string text_;
};

} // namespace sluice

template <class Tag>
struct std::hash<sluice::StrongText<Tag>> {
  auto operator()(const sluice::StrongText<Tag>& id) const noexcept -> std::size_t {
    return std::hash<std::string>{}(id.text());
  }
};

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sluice {

/// A text that must not be seen: a password, a token, a key. It cannot be printed or compared by
/// accident, and its memory is wiped when it goes.
class Secret {
public:
  Secret() = default;
  /// Takes the text over and wipes what was left behind.
  explicit Secret(std::string&& text);
  Secret(const Secret&) = default;
  auto operator=(const Secret& other) -> Secret&;
  Secret(Secret&& other) noexcept;
  auto operator=(Secret&& other) noexcept -> Secret&;
  ~Secret();

  /// The text itself. Call it only where it goes out on the wire.
  [[nodiscard]] auto reveal() const noexcept -> std::string_view { return text_; }
  [[nodiscard]] auto empty() const noexcept -> bool { return text_.empty(); }

private:
  void wipe() noexcept;
  std::string text_;
};

} // namespace sluice

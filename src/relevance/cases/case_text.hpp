// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

/// Ids, names and statuses as cases compare them: what is the same to a person is the same text.
namespace sluice::relevance {

/// The first `bytes` of `text`, cut before a character rather than in it.
[[nodiscard]] auto clipped(std::string_view text, std::size_t bytes) -> std::string_view;

/// An id in lower case, without braces and blanks; empty for the GUID that is all zeros, which
/// stands for "none". At most 128 bytes, and none of them on the heap: every record has several.
class NormalId {
public:
  explicit NormalId(std::string_view text);

  /// Good as long as this is.
  [[nodiscard]] auto view() const noexcept -> std::string_view { return {text_.data(), size_}; }
  [[nodiscard]] auto text() const -> std::string { return std::string{view()}; }

private:
  static constexpr std::size_t longest = 128;

  std::array<char, longest> text_{};
  std::size_t size_ = 0;
};
[[nodiscard]] inline auto normal_id(std::string_view text) -> NormalId {
  return NormalId{text};
}

/// `urn:<type>:<hex>` in lower case, with the type cut after 24 characters as the service cuts it
/// in records but not in links (observed). Any other text as `normal_id` has it.
[[nodiscard]] auto normal_investigation_id(std::string_view text) -> std::string;

/// The investigation that a link of the portal leads to: its last part, if that is an id. Empty
/// when there is none.
[[nodiscard]] auto investigation_of_link(std::string_view link) -> std::string;

/// The alert that a link of the portal leads to: the GUID after `id=` or after `/alerts/` and two
/// letters (observed). Empty when there is none.
[[nodiscard]] auto alert_of_link(std::string_view link) -> std::string;

/// A name without letter case, without characters that nobody sees (zero-width spaces: observed at
/// the end of names), and with one space between words.
[[nodiscard]] auto normal_name(std::string_view text) -> std::string;

/// Letters and digits in lower case; "Pending Actions" and "Pending Action" are the same.
[[nodiscard]] auto normal_status(std::string_view text) -> std::string;

/// An address in lower case, out of `name <address>` when it stands in one.
[[nodiscard]] auto normal_address(std::string_view text) -> std::string;

} // namespace sluice::relevance

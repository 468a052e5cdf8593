// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace sluice::config {

/// What may stand for an option, and so how it is read, checked and described.
enum class FieldType : std::uint8_t {
  section,  ///< A mapping with options of its own.
  list,     ///< A list of mappings, at least one.
  text,     ///< Any text that is not empty.
  name,     ///< 1 to 64 letters, digits, `_`, `-`, `.`.
  guid,     ///< Kept in lower case.
  choice,   ///< One of `choices`.
  choices,  ///< A list of some of `choices`, at least one.
  texts,    ///< A list of texts that are not empty, at least one.
  duration, ///< `90s`, `5m`, `23h`, `7d`. In milliseconds.
  size,     ///< `512KiB`, `64MiB`, or a number. In bytes.
  count,    ///< A whole number.
  path,     ///< Made absolute.
  endpoint, ///< `https://host[:port]`; plain http for a loopback host only.
  secret,   ///< `file:/absolute/path`, `cred:NAME` or `keyvault:NAME`, never the secret itself.
};

/// A value that was read and checked.
struct FieldValue {
  std::string text{};
  std::int64_t number = 0; ///< Milliseconds, bytes or a count, after the type.
  std::vector<std::string> texts{};
  Place place{};
};

/// One option: a row of the option table. Parsing, defaults, the refusal of unknown keys, the
/// reference page and the JSON Schema all come from it, so that they cannot disagree.
struct Field {
  /// `polling.interval`; `tenants[].id` is the `id` of each element of `tenants`.
  std::string_view path;
  FieldType type;
  bool required = false;
  /// The default as one would write it.
  std::string_view fallback{};
  /// The default in words, where it follows from other options.
  std::string_view fallback_note{};
  /// Range of a duration, size or count, both ends included, as one would write them.
  std::string_view least{};
  std::string_view most{};
  std::span<const std::string_view> choices{};
  /// The option belongs to, and is required with, this value of the option `when_key` beside it.
  std::string_view when_key{};
  std::string_view when_value{};
  /// In a list: a bare text stands for a mapping with only this option.
  std::string_view shorthand{};
  /// What it does, for the reference page: whole sentences.
  std::string_view about{};
  /// Puts the value in its place. Options of a list's element go to the last element.
  void (*assign)(Config&, FieldValue&&) = nullptr;
  /// For a list or a section that is there: makes the element or value that its options fill.
  void (*begin)(Config&, Place) = nullptr;

  /// `interval` of `polling.interval`.
  [[nodiscard]] auto key() const noexcept -> std::string_view;
  /// `polling.` of `polling.interval`, `tenants[].` of `tenants[].id`; empty at the top.
  [[nodiscard]] auto parent() const noexcept -> std::string_view;
  /// What `parent()` of the options inside this section or list is.
  [[nodiscard]] auto prefix() const -> std::string;
};

/// All options, those of a section or list right after it.
[[nodiscard]] auto fields() -> std::span<const Field>;

/// The options whose `parent()` is `prefix`, in the table's order.
[[nodiscard]] auto fields_in(std::string_view prefix) -> std::vector<const Field*>;

} // namespace sluice::config

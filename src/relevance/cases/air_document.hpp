// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "record/json_outline.hpp"
#include "relevance/cases/reused.hpp"

/// Private to `air_json`: one JSON document out of a record, read leniently.
namespace sluice::relevance {

using JsonValue = record::JsonOutline::Value;

/// Use:     `open`, and then look at the value until the next `open`.
/// Threads: one at a time. Memory: some times the size of the largest text it has read.
class AirDocument {
public:
  enum class Found : std::uint8_t { nothing, object, array, nonsense };

  /// Finds what the raw JSON value `raw` of a record holds; JSON in a string counts as itself.
  auto open(std::string_view raw) -> Found;
  /// The same for JSON that stands in the string `text` of another document.
  auto open(JsonValue text) -> Found;

  /// What was found last.
  [[nodiscard]] auto root() const -> JsonValue { return outline_[0]; }
  /// The object itself, or the one that `{"$ref": "n"}` points back to; else none.
  [[nodiscard]] auto object_of(JsonValue value) -> JsonValue;

private:
  auto open_written(std::string_view written) -> Found;
  auto open_text(std::string_view text) -> Found;
  [[nodiscard]] auto found() const -> Found;
  void find_references();

  record::JsonOutline outline_;
  std::string text_;
  std::string mended_;
  bool has_references_ = false;
  std::unordered_map<std::string, JsonValue> references_;
};

/// As many items of a list are kept. One more is read, so that it can be told.
constexpr std::size_t most_listed = 64;

/// A scalar as text, cut after 2,048 bytes; empty for null, arrays, objects and none. Good until
/// the next one is read.
[[nodiscard]] auto scalar(JsonValue value) -> std::string_view;
/// As `ticks_of`.
[[nodiscard]] auto time_of(JsonValue value) -> std::int64_t;

/// Gives `take` the items of an array, `most` of them; none of anything else.
template <class Take>
void each_item(JsonValue value, std::size_t most, const Take& take) {
  for (const auto item : value.items()) {
    if (most-- == 0) {
      return;
    }
    take(item);
  }
}

/// Adds a text that is not empty, or those of a list, up to one more than are kept.
void add(ReusedSet<std::string>& to, std::string_view text);
void add_all(ReusedSet<std::string>& to, JsonValue list);

} // namespace sluice::relevance

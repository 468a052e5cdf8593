// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <simdjson.h>

#include "relevance/cases/reused.hpp"

/// Private to `air_json`: one JSON document out of a record, read leniently.
namespace sluice::relevance {

/// Use:     `open`, and then read the element until the next `open`.
/// Threads: one at a time. Memory: some times the size of the largest text it has read.
class AirDocument {
public:
  enum class Found : std::uint8_t { nothing, object, array, nonsense };

  /// Finds what the raw JSON value `raw` holds; JSON in a string counts as itself. `element` is
  /// good until the next call.
  auto open(std::string_view raw, simdjson::dom::element& element) -> Found;
  /// The same for JSON that stands in no string any more.
  auto open_text(std::string_view text, simdjson::dom::element& element) -> Found;

  /// The object itself, or the one that `{"$ref": "n"}` points back to.
  [[nodiscard]] auto object_of(simdjson::dom::element element)
      -> std::optional<simdjson::dom::object>;

private:
  auto parse(std::string_view text, simdjson::dom::element& element) -> Found;
  void find_references();

  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
  std::string text_;
  std::string mended_;
  bool has_references_ = false;
  std::unordered_map<std::string_view, simdjson::dom::object> references_;
};

/// As many items of a list are kept. One more is read, so that it can be told.
constexpr std::size_t most_listed = 64;

/// A scalar as text, cut after 2,048 bytes; empty for null, arrays and objects. Good until the next
/// one, or the next document, is read.
[[nodiscard]] auto scalar(simdjson::dom::element value) -> std::string_view;
/// As `ticks_of`.
[[nodiscard]] auto time_of(simdjson::dom::element value) -> std::int64_t;
/// The value of the last member of that key.
[[nodiscard]] auto member(simdjson::dom::object object, std::string_view key)
    -> std::optional<simdjson::dom::element>;

/// Gives `take` the items of an array, `most` of them; none of anything else.
template <class Take>
void each_item(simdjson::dom::element value, std::size_t most, const Take& take) {
  simdjson::dom::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) {
    return;
  }
  for (const auto item : array) {
    if (most-- == 0) {
      return;
    }
    take(item);
  }
}

/// Adds a text that is not empty, or those of a list, up to one more than are kept.
void add(ReusedSet<std::string>& to, std::string_view text);
void add_all(ReusedSet<std::string>& to, simdjson::dom::element list);

} // namespace sluice::relevance

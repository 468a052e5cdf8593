// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/air_document.hpp"

#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "kql/dynamic.hpp"
#include "record/json_text.hpp"
#include "relevance/cases/air_json.hpp"
#include "relevance/cases/case_text.hpp"

namespace sluice::relevance {
namespace {

using record::JsonKind;
using Form = record::JsonOutline::Form;

constexpr std::size_t longest_text = 2048;

/// As it is usually written: a real one in its shortest form.
auto number_text(std::string_view raw) -> std::string {
  if (raw.find_first_of(".eE") == std::string_view::npos) {
    return std::string{raw == "-0" ? "0" : raw};
  }
  double value = 0;
  std::from_chars(raw.data(), raw.data() + raw.size(), value);
  return fmt::format("{}", value);
}

} // namespace

auto AirDocument::open(std::string_view raw) -> Found {
  switch (record::kind_of(raw)) {
  case JsonKind::nothing:
    return raw.empty() ? Found::nothing : open_text(raw);
  case JsonKind::null:
    return Found::nothing;
  case JsonKind::string:
    return raw.size() >= 2 && raw.back() == '"' ? open_written(raw.substr(1, raw.size() - 2))
                                                : Found::nonsense;
  default:
    return open_text(raw);
  }
}

auto AirDocument::open(JsonValue text) -> Found {
  if (text.form() == Form::plain) {
    return open_written(text.raw());
  }
  const auto said = record::trimmed(text.text(text_));
  return said.empty() ? Found::nothing : open_text(said);
}

/// JSON as it is written between the quotes of a string.
auto AirDocument::open_written(std::string_view written) -> Found {
  has_references_ = false;
  if (outline_.read(written, Form::in_string)) {
    return found();
  }
  const auto text = record::unescaped(written, text_);
  if (!text) {
    return Found::nonsense;
  }
  const auto trimmed = record::trimmed(*text);
  return trimmed.empty() ? Found::nothing : open_text(trimmed);
}

auto AirDocument::open_text(std::string_view text) -> Found {
  has_references_ = false;
  if (outline_.read(text, Form::plain)) {
    return found();
  }
  // Half a surrogate pair is text to us, and a mistake to the outline.
  auto canonical = kql::canonical_json(text);
  if (!canonical) {
    return Found::nonsense;
  }
  mended_ = *std::move(canonical);
  return outline_.read(mended_, Form::plain) ? found() : Found::nonsense;
}

auto AirDocument::found() const -> Found {
  switch (root().kind()) {
  case JsonKind::object:
    return Found::object;
  case JsonKind::array:
    return Found::array;
  default:
    return Found::nonsense;
  }
}

auto AirDocument::object_of(JsonValue value) -> JsonValue {
  if (value.kind() != JsonKind::object) {
    return {};
  }
  const auto reference = value.only_member("$ref");
  if (reference.kind() != JsonKind::string) {
    return value;
  }
  find_references();
  std::string storage;
  const auto at = references_.find(std::string{reference.text(storage)});
  return at == references_.end() ? JsonValue{} : at->second;
}

/// Every object of the document that has an `$id`; the first of each.
void AirDocument::find_references() {
  if (std::exchange(has_references_, true)) {
    return;
  }
  references_.clear();
  std::string storage;
  for (std::size_t at = 0; at < outline_.size(); ++at) {
    const auto id = outline_[at].member("$id");
    if (id.kind() == JsonKind::string) {
      references_.try_emplace(std::string{id.text(storage)}, outline_[at]);
    }
  }
}

auto scalar(JsonValue value) -> std::string_view {
  thread_local std::string storage;
  switch (value.kind()) {
  case JsonKind::string:
    return clipped(value.text(storage), longest_text);
  case JsonKind::number:
    return storage = number_text(value.raw());
  case JsonKind::boolean:
    return value.raw();
  default:
    return {};
  }
}

auto time_of(JsonValue value) -> std::int64_t {
  return value.kind() == JsonKind::string ? ticks_of(scalar(value)) : 0;
}

void add(ReusedSet<std::string>& to, std::string_view text) {
  if (!text.empty() && to.size() <= most_listed) {
    to.insert(text);
  }
}

void add_all(ReusedSet<std::string>& to, JsonValue list) {
  each_item(list, most_listed + 1, [&](JsonValue item) { add(to, scalar(item)); });
}

} // namespace sluice::relevance

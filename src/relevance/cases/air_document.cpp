// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/air_document.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "kql/dynamic.hpp"
#include "record/json_text.hpp"
#include "relevance/cases/air_json.hpp"
#include "relevance/cases/case_text.hpp"

namespace sluice::relevance {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t longest_text = 2048;

} // namespace

auto AirDocument::open(std::string_view raw, dom::element& element) -> Found {
  if (raw.empty() || record::kind_of(raw) == record::JsonKind::null) {
    return Found::nothing;
  }
  if (record::kind_of(raw) == record::JsonKind::string) {
    const auto text = record::string_text(raw, text_);
    if (!text) {
      return Found::nonsense;
    }
    raw = record::trimmed(*text);
    if (raw.empty()) {
      return Found::nothing;
    }
  }
  return open_text(raw, element);
}

auto AirDocument::open_text(std::string_view text, dom::element& element) -> Found {
  references_.clear();
  has_references_ = false;
  return parse(text, element);
}

auto AirDocument::object_of(dom::element element) -> std::optional<dom::object> {
  dom::object object;
  if (element.get_object().get(object) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  std::string_view reference;
  if (object.size() != 1 || object["$ref"].get_string().get(reference) != simdjson::SUCCESS) {
    return object;
  }
  find_references();
  const auto at = references_.find(reference);
  return at == references_.end() ? std::nullopt : std::optional{at->second};
}

auto AirDocument::parse(std::string_view text, dom::element& element) -> Found {
  auto failure = parser_.parse(text.data(), text.size(), true).get(root_);
  if (failure != simdjson::SUCCESS) {
    // Half a surrogate pair is text to us, and a mistake to the parser.
    auto canonical = kql::canonical_json(text);
    if (!canonical) {
      return Found::nonsense;
    }
    mended_ = *std::move(canonical);
    failure = parser_.parse(mended_.data(), mended_.size(), true).get(root_);
  }
  if (failure != simdjson::SUCCESS) {
    return Found::nonsense;
  }
  element = root_;
  return element.is_object() ? Found::object : element.is_array() ? Found::array : Found::nonsense;
}

/// Every object of the document that has an `$id`; the first of each.
void AirDocument::find_references() {
  if (std::exchange(has_references_, true)) {
    return;
  }
  std::vector<dom::element> waiting{root_};
  while (!waiting.empty()) {
    const auto element = waiting.back();
    waiting.pop_back();
    dom::object object;
    dom::array array;
    if (element.get_object().get(object) == simdjson::SUCCESS) {
      std::string_view id;
      if (object["$id"].get_string().get(id) == simdjson::SUCCESS) {
        references_.try_emplace(id, object);
      }
      for (const auto field : object) {
        waiting.push_back(field.value);
      }
    } else if (element.get_array().get(array) == simdjson::SUCCESS) {
      for (const auto item : array) {
        waiting.push_back(item);
      }
    }
  }
}

auto scalar(dom::element value) -> std::string_view {
  thread_local std::string number;
  switch (value.type()) {
  case dom::element_type::STRING:
    return clipped(std::string_view{value.get_string().value_unsafe()}, longest_text);
  case dom::element_type::INT64:
    return number = fmt::format("{}", value.get_int64().value_unsafe());
  case dom::element_type::UINT64:
    return number = fmt::format("{}", value.get_uint64().value_unsafe());
  case dom::element_type::DOUBLE:
    return number = fmt::format("{}", value.get_double().value_unsafe());
  case dom::element_type::BOOL:
    return value.get_bool().value_unsafe() ? "true" : "false";
  default:
    return {};
  }
}

auto time_of(dom::element value) -> std::int64_t {
  std::string_view text;
  return value.get_string().get(text) == simdjson::SUCCESS ? ticks_of(text) : 0;
}

auto member(dom::object object, std::string_view key) -> std::optional<dom::element> {
  std::optional<dom::element> found;
  for (const auto field : object) {
    if (field.key == key) {
      found = field.value;
    }
  }
  return found;
}

void add(ReusedSet<std::string>& to, std::string_view text) {
  if (!text.empty() && to.size() <= most_listed) {
    to.insert(text);
  }
}

void add_all(ReusedSet<std::string>& to, dom::element list) {
  each_item(list, most_listed + 1, [&](dom::element item) { add(to, scalar(item)); });
}

} // namespace sluice::relevance

// SPDX-License-Identifier: Apache-2.0
#include "config/field_value.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/check.hpp"
#include "config/quantity.hpp"
#include "config/value_check.hpp"

namespace sluice::config {
namespace {

using Outcome = tl::expected<FieldValue, Diagnostic>;

auto failure(Place place, std::string message, std::string hint = {}) -> Outcome {
  return tl::unexpected{Diagnostic{place, std::move(message), std::move(hint)}};
}

auto read_choice(const Field& field, const Node& node) -> Outcome {
  if (std::ranges::find(field.choices, node.text) != field.choices.end()) {
    return FieldValue{.text = node.text, .place = node.place};
  }
  const auto near = closest(node.text, {field.choices.begin(), field.choices.end()});
  return failure(node.place,
                 fmt::format("`{}` is none of the values of `{}`", node.text, field.key()),
                 near ? fmt::format("did you mean `{}`?", *near)
                      : fmt::format("one of {}", fmt::join(field.choices, ", ")));
}

auto read_choices(const Field& field, const Node& node) -> Outcome {
  if (node.kind != Node::Kind::sequence || node.children.empty()) {
    return failure(node.place,
                   fmt::format("`{}` is a list with at least one element", field.key()),
                   fmt::format("for example {}: [{}]", field.key(), field.choices.front()));
  }
  FieldValue value{.place = node.place};
  for (const auto& child : node.children) {
    auto choice = read_choice(field, child);
    if (!choice) {
      return choice;
    }
    if (std::ranges::find(value.texts, choice->text) == value.texts.end()) {
      value.texts.push_back(std::move(choice->text));
    }
  }
  return value;
}

auto read_texts(const Field& field, const Node& node) -> Outcome {
  if (node.kind != Node::Kind::sequence || node.children.empty()) {
    return failure(node.place,
                   fmt::format("`{}` is a list with at least one element", field.key()),
                   "write each element after a dash");
  }
  FieldValue value{.place = node.place};
  for (const auto& child : node.children) {
    if (child.kind != Node::Kind::scalar || child.text.empty()) {
      return failure(child.place, fmt::format("an element of `{}` is a text", field.key()));
    }
    value.texts.push_back(child.text);
  }
  return value;
}

auto parse_number(FieldType type, std::string_view text) -> std::optional<std::int64_t> {
  switch (type) {
  case FieldType::duration:
    return parse_duration(text);
  case FieldType::size:
    return parse_size(text);
  default:
    return parse_count(text);
  }
}

auto number_example(FieldType type) -> std::string_view {
  switch (type) {
  case FieldType::duration:
    return "a duration is written like 90s, 5m, 23h or 7d";
  case FieldType::size:
    return "a size is written like 512KiB, 64MiB or 2GiB";
  default:
    return "write a whole number";
  }
}

auto read_number(const Field& field, const Node& node) -> Outcome {
  const auto number = parse_number(field.type, node.text);
  if (!number) {
    return failure(node.place,
                   fmt::format("`{}` is no value for `{}`", node.text, field.key()),
                   std::string{number_example(field.type)});
  }
  const auto least = parse_number(field.type, field.least);
  const auto most = parse_number(field.type, field.most);
  CHECK(least && most);
  if (*number < *least || *number > *most) {
    return failure(node.place,
                   fmt::format("`{}` must be {} to {}", field.key(), field.least, field.most));
  }
  return FieldValue{.text = node.text, .number = *number, .place = node.place};
}

auto read_checked(const Node& node, const std::optional<Objection>& objection) -> Outcome {
  if (objection) {
    return failure(node.place, objection->message, objection->hint);
  }
  return FieldValue{.text = node.text, .place = node.place};
}

auto read_guid(const Field& field, const Node& node) -> Outcome {
  auto guid = parse_guid(node.text);
  if (!guid) {
    return failure(node.place,
                   fmt::format("`{}` must be a GUID", field.key()),
                   "for example 11111111-2222-3333-4444-555555555555");
  }
  return FieldValue{.text = *std::move(guid), .place = node.place};
}

auto read_name(const Field& field, const Node& node) -> Outcome {
  if (!is_name(node.text)) {
    return failure(
        node.place,
        fmt::format("`{}` must be 1 to 64 letters, digits, `_`, `-` or `.`", field.key()));
  }
  return FieldValue{.text = node.text, .place = node.place};
}

auto read_path(const Node& node, const std::filesystem::path& folder) -> Outcome {
  if (node.text.find('\0') != std::string::npos || node.text.size() > 4'000) {
    return failure(node.place, "this is no path");
  }
  auto path = (folder / node.text).lexically_normal();
  if (!path.has_filename()) { // `a/b/` names the same directory as `a/b`.
    path = path.parent_path();
  }
  return FieldValue{.text = path.string(), .place = node.place};
}

} // namespace

auto read_value(const Field& field, const Node& node, const std::filesystem::path& folder)
    -> tl::expected<FieldValue, Diagnostic> {
  if (field.type == FieldType::choices) {
    return read_choices(field, node);
  }
  if (field.type == FieldType::texts) {
    return read_texts(field, node);
  }
  if (node.kind != Node::Kind::scalar) {
    return failure(node.kind == Node::Kind::null ? node.key_place : node.place,
                   node.kind == Node::Kind::null
                       ? fmt::format("`{}` has no value", field.key())
                       : fmt::format("`{}` is a single value", field.key()));
  }
  if (node.text.empty()) {
    return failure(node.place, fmt::format("`{}` is empty", field.key()));
  }
  switch (field.type) {
  case FieldType::choice:
    return read_choice(field, node);
  case FieldType::duration:
  case FieldType::size:
  case FieldType::count:
    return read_number(field, node);
  case FieldType::guid:
    return read_guid(field, node);
  case FieldType::name:
    return read_name(field, node);
  case FieldType::endpoint:
    return read_checked(node, object_to_endpoint(node.text));
  case FieldType::secret:
    return read_checked(node, object_to_secret(node.text));
  case FieldType::path:
    return read_path(node, folder);
  default:
    return FieldValue{.text = node.text, .place = node.place};
  }
}

} // namespace sluice::config

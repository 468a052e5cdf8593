// SPDX-License-Identifier: Apache-2.0
#include "config/reader.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/field_value.hpp"
#include "config/value_check.hpp"

namespace sluice::config {
namespace {

/// How a message calls the mapping that `prefix` leads to.
auto shown_name(std::string_view prefix) -> std::string {
  if (prefix.empty()) {
    return "the configuration";
  }
  const auto path = prefix.substr(0, prefix.size() - 1);
  return path.ends_with("[]") ? fmt::format("an element of `{}`", path.substr(0, path.size() - 2))
                              : fmt::format("`{}`", path.substr(path.rfind('.') + 1));
}

/// The value of an option as the text gives it, or else as the default does.
auto effective_text(const Node* parent, std::string_view prefix, std::string_view key)
    -> std::string_view {
  if (const auto* node = parent == nullptr ? nullptr : parent->find(key)) {
    return node->text;
  }
  for (const auto* field : fields_in(prefix)) {
    if (field->key() == key) {
      return field->fallback;
    }
  }
  return {};
}

/// False when the option belongs to another choice of the option beside it.
auto is_wanted(const Field& field, const Node* parent, std::string_view prefix) -> bool {
  return field.when_key.empty() ||
         effective_text(parent, prefix, field.when_key) == field.when_value;
}

/// A value that is written in the option table.
auto fallback_node(std::string_view text) -> Node {
  return {.kind = Node::Kind::scalar, .text = std::string{text}};
}

} // namespace

void Reader::read(const Node& root) {
  if (root.kind != Node::Kind::mapping) {
    note(root.place, "a configuration is a mapping of options", "for example tenants: [...]");
    return;
  }
  read_options(&root, "", shown_name(""));
}

void Reader::read_options(const Node* node, std::string_view prefix, std::string_view shown) {
  if (node != nullptr) {
    refuse_unknown(*node, prefix, shown);
  }
  for (const auto* field : fields_in(prefix)) {
    const auto* child = node == nullptr ? nullptr : node->find(field->key());
    const auto wanted = is_wanted(*field, node, prefix);
    if (child != nullptr && wanted) {
      read_field(*field, *child);
    } else if (child != nullptr) {
      refuse_misplaced(*field, *child);
    } else {
      const auto required = field->required || (!field->when_key.empty() && wanted);
      read_absent(*field, node, required, shown);
    }
  }
}

void Reader::read_field(const Field& field, const Node& node) {
  if (field.type == FieldType::section) {
    read_section(field, node);
  } else if (field.type == FieldType::list) {
    read_list(field, node);
  } else if (auto value = read_value(field, node, folder_)) {
    field.assign(config_, *std::move(value));
  } else {
    diagnostics_.push_back(std::move(value).error());
  }
}

void Reader::read_section(const Field& field, const Node& node) {
  if (node.kind != Node::Kind::mapping) {
    note(node.key_place,
         fmt::format("`{}` holds options of its own", field.key()),
         fmt::format("such as `{}`", fields_in(field.prefix()).front()->key()));
    return;
  }
  if (field.begin != nullptr) {
    field.begin(config_, node.place);
  }
  const auto prefix = field.prefix();
  read_options(&node, prefix, shown_name(prefix));
}

void Reader::read_list(const Field& field, const Node& node) {
  if (node.kind != Node::Kind::sequence || node.children.empty()) {
    note(node.key_place,
         fmt::format("`{}` is a list with at least one element", field.key()),
         "write each element after a dash");
    return;
  }
  for (const auto& element : node.children) {
    read_list_element(field, element);
  }
}

void Reader::read_list_element(const Field& field, const Node& element) {
  const auto prefix = field.prefix();
  if (element.kind == Node::Kind::mapping) {
    field.begin(config_, element.place);
    read_options(&element, prefix, shown_name(prefix));
    return;
  }
  if (element.kind != Node::Kind::scalar || field.shorthand.empty()) {
    note(element.place, fmt::format("{} is a mapping of options", shown_name(prefix)));
    return;
  }
  field.begin(config_, element.place);
  for (const auto* option : fields_in(prefix)) {
    if (option->key() == field.shorthand) {
      read_field(*option, element);
    }
  }
}

void Reader::read_absent(const Field& field,
                         const Node* parent,
                         bool required,
                         std::string_view shown) {
  if (required) {
    const auto place = parent == nullptr ? Place{} : parent->place;
    note(place, fmt::format("{} lacks `{}`", shown, field.key()), std::string{field.about});
  } else if (field.type == FieldType::section && field.when_key.empty()) {
    const auto prefix = field.prefix();
    read_options(nullptr, prefix, shown_name(prefix));
  } else if (field.type == FieldType::list && !field.fallback.empty()) {
    read_list_element(field, fallback_node(field.fallback));
  } else if (!field.fallback.empty()) {
    read_field(field, fallback_node(field.fallback));
  }
}

void Reader::refuse_unknown(const Node& node, std::string_view prefix, std::string_view shown) {
  std::vector<std::string_view> known;
  for (const auto* field : fields_in(prefix)) {
    known.push_back(field->key());
  }
  for (const auto& child : node.children) {
    if (std::ranges::find(known, child.key) != known.end()) {
      continue;
    }
    std::string hint;
    if (const auto near = closest(child.key, known)) {
      hint = fmt::format("did you mean `{}`?", *near);
    } else if (const auto elsewhere = std::ranges::find(fields(), child.key, &Field::key);
               elsewhere != fields().end()) {
      hint = fmt::format("`{}` belongs to {}", child.key, shown_name(elsewhere->parent()));
    }
    note(child.key_place, fmt::format("{} has no option `{}`", shown, child.key), std::move(hint));
  }
}

void Reader::refuse_misplaced(const Field& field, const Node& child) {
  note(child.key_place,
       fmt::format("`{}` goes with `{}: {}` only", field.key(), field.when_key, field.when_value));
}

void Reader::note(Place place, std::string message, std::string hint) {
  diagnostics_.push_back({place, std::move(message), std::move(hint)});
}

} // namespace sluice::config

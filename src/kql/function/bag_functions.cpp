// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/json_text.hpp"
#include "kql/conversion.hpp"
#include "kql/function/arguments.hpp"
#include "kql/function/families.hpp"
#include "kql/xml_json.hpp"

/// Bags and arrays as wholes: what is in them, side by side, out of XML.
namespace sluice::kql {
namespace {

auto parse_xml(Arguments a, EvaluationContext&) -> Value {
  auto json = xml_to_json(to_text(a[0]));
  return json ? Value::dynamic(*std::move(json)) : Value{};
}

/// Items of the same place together; a value that is no array stands for an array of it.
auto zip(Arguments a, EvaluationContext&) -> Value {
  std::vector<std::vector<std::string_view>> columns;
  std::size_t length = 0;
  for (const auto& value : a) {
    columns.push_back(is_array(value)   ? items_of(value)
                      : value.is_null() ? std::vector<std::string_view>{}
                                        : std::vector{value.text()});
    length = std::max(length, columns.back().size());
  }
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < length; ++i) {
    std::vector<std::string_view> row;
    for (const auto& column : columns) {
      row.push_back(i < column.size() ? column[i] : "null");
    }
    rows.emplace_back(array_of(row).text());
  }
  return array_of(rows);
}

void add_paths(std::string_view json, const std::string& path, std::vector<std::string>& paths) {
  if (json_kind(json) == JsonKind::array && json_length(json) > 0) {
    const auto inside = path + "[0]";
    if (std::ranges::find(paths, json_quoted(inside)) == paths.end()) {
      paths.push_back(json_quoted(inside));
    }
  }
  for (JsonItems item{json}; item.next();) {
    const bool is_member = !item.key().empty();
    const auto inside =
        path + (is_member ? "['" + json_unquoted(item.key()) + "']" : std::string{"[0]"});
    auto quoted = json_quoted(inside);
    if (std::ranges::find(paths, quoted) == paths.end()) {
      paths.push_back(std::move(quoted));
    }
    add_paths(item.value(), inside, paths);
  }
}

/// The paths of all that is in it, each once.
auto tree_path(Arguments a, EvaluationContext&) -> Value {
  if (!is_array(a[0]) && !is_bag(a[0])) {
    return Value{};
  }
  std::vector<std::string> paths;
  add_paths(a[0].text(), "", paths);
  return array_of(paths);
}

/// The bag with the member at the rest of the path set to `value`; bags on the way are made.
auto with_member(std::string_view bag, std::string_view path, const std::string& value)
    -> std::string {
  const auto end = std::min(path.find('.'), path.size());
  const auto key = json_quoted(path.substr(0, end));
  const bool is_last = end == path.size();
  const auto inner = [&](std::string_view old) {
    return is_last ? value : with_member(old, path.substr(end + 1), value);
  };
  std::string json;
  std::string_view old;
  for (JsonItems member{json_kind(bag) == JsonKind::object ? bag : "{}"}; member.next();) {
    if (member.key() == key) {
      old = member.value();
      continue;
    }
    json += json.empty() ? "{" : ",";
    json.append(member.key()).append(":").append(member.value());
  }
  json += json.empty() ? "{" : ",";
  return json + key + ":" + inner(old.empty() ? "{}" : old) + "}";
}

/// A key, or a path of keys after `$.`
auto bag_set_key(Arguments a, EvaluationContext&) -> Value {
  constexpr std::ptrdiff_t max_depth = 50;
  auto path = a[1].text();
  if (!is_bag(a[0]) || path.empty() || std::ranges::count(path, '.') > max_depth) {
    return Value{};
  }
  const bool is_path = path.starts_with("$.");
  path.remove_prefix(is_path ? 2 : 0);
  const bool has_brackets = path.find('[') != std::string_view::npos;
  if (is_path && (has_brackets || path.empty())) {
    return Value{};
  }
  return Value::dynamic(
      canonical_json(with_member(a[0].text(), path, to_json(a[2]))).value_or("null"));
}

/// The bag without the member that the path leads to, step by step.
auto without(std::string_view bag, std::span<const std::string> path) -> std::string {
  std::string json = "{";
  for (JsonItems member{bag}; member.next();) {
    const bool is_on_path = json_unquoted(member.key()) == path.front();
    if (is_on_path && path.size() == 1) {
      continue;
    }
    const bool goes_on = is_on_path && json_kind(member.value()) == JsonKind::object;
    json += json.size() > 1 ? "," : "";
    json.append(member.key()).append(":");
    json += goes_on ? without(member.value(), path.subspan(1)) : std::string{member.value()};
  }
  return json + "}";
}

/// `$.a.b` is two steps; any other text is a key.
auto steps_of(std::string_view key) -> std::vector<std::string> {
  if (!key.starts_with("$.")) {
    return {std::string{key}};
  }
  std::vector<std::string> steps;
  for (key.remove_prefix(2); !key.empty();) {
    const auto end = std::min(key.find('.'), key.size());
    steps.emplace_back(key.substr(0, end));
    key.remove_prefix(std::min(end + 1, key.size()));
  }
  return steps;
}

auto bag_remove_keys(Arguments a, EvaluationContext&) -> Value {
  if (!is_bag(a[0]) || !is_array(a[1])) {
    return Value::null(Type::dynamic);
  }
  std::string json{a[0].text()};
  for (const auto key : items_of(a[1])) {
    if (const auto steps = steps_of(json_to_text(key)); !steps.empty()) {
      json = without(json, steps);
    }
  }
  return Value::dynamic(std::move(json));
}

auto bag_zip(Arguments a, EvaluationContext&) -> Value {
  if (!is_array(a[0])) {
    return Value::null(Type::dynamic);
  }
  const auto keys = items_of(a[0]);
  const auto values = is_array(a[1]) ? items_of(a[1]) : std::vector<std::string_view>{};
  std::string json = "{";
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (json_kind(keys[i]) == JsonKind::string) {
      json += json.size() > 1 ? "," : "";
      json.append(keys[i]).append(":").append(i < values.size() ? values[i] : "null");
    }
  }
  return Value::dynamic(canonical_json(json + "}").value_or("null"));
}

/// With the keys of bags in order.
auto in_order(std::string_view json) -> std::string {
  const auto kind = json_kind(json);
  std::vector<std::string> parts;
  for (JsonItems item{json}; item.next();) {
    parts.push_back((kind == JsonKind::object ? std::string{item.key()} + ":" : "") +
                    in_order(item.value()));
  }
  if (kind != JsonKind::array && kind != JsonKind::object) {
    return std::string{json};
  }
  if (kind == JsonKind::object) {
    std::ranges::sort(parts);
  }
  std::string made{kind == JsonKind::array ? "[" : "{"};
  for (const auto& part : parts) {
    made += (made.size() > 1 ? "," : "") + part;
  }
  return made + (kind == JsonKind::array ? "]" : "}");
}

auto dynamic_to_json(Arguments a, EvaluationContext&) -> Value {
  return Value::string(a[0].is_null() ? "" : in_order(to_json(a[0])));
}

} // namespace

auto bag_functions() -> std::vector<Function> {
  using enum Family;
  return {
      {"parse_xml",
       {"parsexml"},
       conversion,
       "any -> dynamic",
       "XML as bags: attributes begin with @, text beside others is #text; null when it is none.",
       "parse_xml('<e a=\"1\">x</e>').e[\"@a\"] => 1",
       parse_xml,
       true},
      {"zip",
       {},
       dynamic,
       "dynamic, dynamic... -> dynamic",
       "Arrays of what stands at the same place; shorter arrays are filled up with nulls.",
       "zip(dynamic([1, 2]), dynamic([3])) => [[1,3],[2,null]]",
       zip},
      {"treepath",
       {},
       dynamic,
       "dynamic -> dynamic",
       "The paths of all that is in it.",
       "treepath(dynamic({\"a\": {\"b\": 1}})) => [\"['a']\",\"['a']['b']\"]",
       tree_path},
      {"bag_set_key",
       {},
       dynamic,
       "dynamic, string, any -> dynamic",
       "The bag with a key, or a path of keys after `$.`, set.",
       "bag_set_key(dynamic({}), \"$.a.b\", 1) => {\"a\":{\"b\":1}}",
       bag_set_key},
      {"bag_remove_keys",
       {},
       dynamic,
       "dynamic, dynamic -> dynamic",
       "The bag without some keys.",
       "bag_remove_keys(dynamic({\"a\":1,\"b\":2}), dynamic([\"a\"])) => {\"b\":2}",
       bag_remove_keys},
      {"bag_zip",
       {},
       dynamic,
       "dynamic, dynamic -> dynamic",
       "A bag of an array of keys and one of values.",
       "bag_zip(dynamic([\"a\"]), dynamic([1])) => {\"a\":1}",
       bag_zip},
      {"dynamic_to_json",
       {},
       dynamic,
       "any -> string",
       "The value as JSON text.",
       "dynamic_to_json(dynamic([1])) => [1]",
       dynamic_to_json},
  };
}

} // namespace sluice::kql

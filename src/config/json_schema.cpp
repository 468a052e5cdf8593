// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/json_text.hpp"
#include "config/field.hpp"
#include "config/quantity.hpp"
#include "config/reference.hpp"

namespace sluice::config {
namespace {

auto object_schema(std::string_view prefix, std::size_t depth) -> std::string;

auto quoted_list(std::span<const std::string_view> texts) -> std::string {
  std::string out;
  for (const auto text : texts) {
    out += fmt::format("{}{}", out.empty() ? "" : ", ", json_quoted(text));
  }
  return fmt::format("[{}]", out);
}

auto of_pattern(std::string_view pattern) -> std::string {
  return fmt::format(R"("type": "string", "pattern": {})", json_quoted(pattern));
}

/// The keywords that say what may stand for the option.
auto type_keywords(const Field& field, std::size_t depth) -> std::string {
  switch (field.type) {
  case FieldType::section:
    return object_schema(field.prefix(), depth);
  case FieldType::list: {
    const auto element = fmt::format("{{{}}}", object_schema(field.prefix(), depth));
    return fmt::format(R"("type": "array", "minItems": 1, "items": {})",
                       field.shorthand.empty()
                           ? element
                           : fmt::format(R"({{"anyOf": [{{"type": "string"}}, {}]}})", element));
  }
  case FieldType::text:
    return R"("type": "string", "minLength": 1)";
  case FieldType::path:
    return R"("type": "string", "minLength": 1, "maxLength": 4000)";
  case FieldType::name:
    return of_pattern("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$");
  case FieldType::guid:
    return of_pattern("^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$");
  case FieldType::choice:
    return fmt::format(R"("enum": {})", quoted_list(field.choices));
  case FieldType::choices:
    return fmt::format(R"("type": "array", "minItems": 1, "items": {{"enum": {}}})",
                       quoted_list(field.choices));
  case FieldType::texts:
    return R"("type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1})";
  case FieldType::duration:
    return of_pattern("^[0-9]+(ms|s|m|h|d)$");
  case FieldType::size:
    return R"("type": ["string", "integer"], "pattern": "^[0-9]+(B|KiB|MiB|GiB)?$")";
  case FieldType::count:
    return fmt::format(
        R"("type": "integer", "minimum": {}, "maximum": {})", field.least, field.most);
  case FieldType::endpoint:
    return of_pattern("^https?://[^/?#@]+$");
  case FieldType::secret:
    return of_pattern("^(file:/[^/]|(cred|keyvault):[^/]+$)");
  }
  return {};
}

auto default_keyword(const Field& field) -> std::string {
  if (field.fallback.empty()) {
    return {};
  }
  if (field.type == FieldType::count) {
    return fmt::format(R"(, "default": {})", field.fallback);
  }
  const auto text = json_quoted(field.fallback);
  return field.type == FieldType::list ? fmt::format(R"(, "default": [{}])", text)
                                       : fmt::format(R"(, "default": {})", text);
}

/// "If the option beside it has that value, this one must be there; else it must not."
auto condition(const Field& field) -> std::string {
  return fmt::format(R"({{"if": {{"properties": {{{0}: {{"const": {1}}}}}, "required": [{0}]}}, )"
                     R"("then": {{"required": [{2}]}}, "else": {{"not": {{"required": [{2}]}}}}}})",
                     json_quoted(field.when_key),
                     json_quoted(field.when_value),
                     json_quoted(field.key()));
}

/// The keywords of a mapping, without its braces.
auto object_schema(std::string_view prefix, std::size_t depth) -> std::string {
  const std::string indent(2 * depth, ' ');
  std::vector<std::string_view> required;
  std::string properties;
  std::string conditions;
  for (const auto* field : fields_in(prefix)) {
    if (field->required) {
      required.push_back(field->key());
    }
    if (!field->when_key.empty()) {
      conditions += fmt::format("{}{}", conditions.empty() ? "" : ", ", condition(*field));
    }
    properties += fmt::format("{}\n{}  {}: {{\"description\": {}, {}{}}}",
                              properties.empty() ? "" : ",",
                              indent,
                              json_quoted(field->key()),
                              json_quoted(field->about),
                              type_keywords(*field, depth + 1),
                              default_keyword(*field));
  }
  auto out = fmt::format(
      R"("type": "object", "additionalProperties": false, "required": {}, "properties": {{{}}})",
      quoted_list(required),
      properties);
  if (!conditions.empty()) {
    out += fmt::format(R"(, "allOf": [{}])", conditions);
  }
  return out;
}

} // namespace

auto json_schema() -> std::string {
  return fmt::format("{{\n"
                     "  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
                     "  \"title\": \"Sluice configuration\",\n"
                     "  {}\n"
                     "}}\n",
                     object_schema("", 1));
}

} // namespace sluice::config

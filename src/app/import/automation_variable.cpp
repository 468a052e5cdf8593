// SPDX-License-Identifier: Apache-2.0
#include "app/import/automation_variable.hpp"

#include <fmt/format.h>

#include "http/server_request.hpp"
#include "kql/dynamic.hpp"
#include "record/json_check.hpp"

namespace sluice::app {
namespace {

/// What Windows PowerShell writes with `>`.
auto is_utf16(std::string_view text) -> bool {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
}

/// In any case; empty when there is none.
auto member(std::string_view object, std::string_view name) -> std::string_view {
  for (kql::JsonItems item{object}; item.next();) {
    if (http::same_name(kql::json_unquoted(item.key()), name)) {
      return item.value();
    }
  }
  return {};
}

/// At the top, or under `properties`.
auto either_member(std::string_view object, std::string_view name) -> std::string_view {
  const auto found = member(object, name);
  return found.empty() ? member(member(object, "properties"), name) : found;
}

/// The value without the quotes of JSON inside a text.
auto value_text(std::string_view json) -> std::string {
  auto text = json.empty() ? std::string{} : kql::json_to_text(json);
  const auto inner = text.starts_with('"') ? kql::canonical_json(text) : std::nullopt;
  return inner ? kql::json_to_text(*inner) : text;
}

/// `place`: the how manieth of the export.
auto read_variable(std::string_view object, std::size_t place) -> Result<AutomationVariable> {
  const auto name = either_member(object, "name");
  if (name.empty() || kql::json_kind(name) != kql::JsonKind::string) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("element {} is no variable: it has no name", place)};
  }
  const bool encrypted = either_member(object, "encrypted") == "true" ||
                         either_member(object, "isEncrypted") == "true";
  return AutomationVariable{.name = kql::json_unquoted(name),
                            .value = value_text(either_member(object, "value")),
                            .encrypted = encrypted};
}

} // namespace

auto parse_automation_variables(std::string_view text) -> Result<std::vector<AutomationVariable>> {
  if (is_utf16(text)) {
    return Error{ErrorKind::invalid_input, "the export is UTF-16"}.with_hint(
        "write it with `| Out-File -Encoding utf8 FILE`");
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  const auto json = kql::canonical_json(text);
  if (!json) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("the export is not JSON: {}", record::json_fault(text))}
        .with_hint("write it with `Get-AzAutomationVariable ... | ConvertTo-Json`");
  }
  std::vector<AutomationVariable> variables;
  if (kql::json_kind(*json) == kql::JsonKind::object) {
    TRY(auto only, read_variable(*json, 1));
    variables.push_back(std::move(only));
    return variables;
  }
  for (kql::JsonItems item{*json}; item.next();) {
    TRY(auto next, read_variable(item.value(), variables.size() + 1));
    variables.push_back(std::move(next));
  }
  if (variables.empty()) {
    return Error{ErrorKind::invalid_input, "the export has no variables"};
  }
  return variables;
}

} // namespace sluice::app

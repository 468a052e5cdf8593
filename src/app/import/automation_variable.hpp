// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace sluice::app {

/// A variable of an Azure Automation account, as an export has it.
struct AutomationVariable {
  std::string name;
  std::string value; ///< Empty when it is encrypted, since exports leave it out then.
  bool encrypted = false;
};

/// Reads what `Get-AzAutomationVariable | ConvertTo-Json`, `az automation variable list -o json` or
/// the service's REST interface give: one object or an array of them, with `name`, `value` and
/// `encrypted` or `isEncrypted` in any case, at the top or under `properties`. A value that is JSON
/// in a text, as the latter two have it, is read once more.
/// Errors: invalid_input when it is no such JSON, or no UTF-8.
[[nodiscard]] auto parse_automation_variables(std::string_view text)
    -> Result<std::vector<AutomationVariable>>;

} // namespace sluice::app

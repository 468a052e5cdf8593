// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "app/import/automation_variable.hpp"

namespace sluice::app {

/// What became of a variable.
struct ImportFinding {
  enum class Fate : std::uint8_t { taken, left_out, unknown, missing };

  Fate fate = Fate::unknown;
  std::string variable; ///< Of `missing` the option.
  std::string about;    ///< The option, or a reason.
};

struct ImportedConfiguration {
  std::string yaml;
  /// One for each variable, in their order, then what is missing.
  std::vector<ImportFinding> findings;
};

/// What stands where a value is missing. No option takes it, so `sluice validate` names each place.
inline constexpr std::string_view to_fill_in = "<fill in>";

/// A configuration that does what the runbooks with these variables did. No secret stands in it:
/// each becomes the secret of the key vault that has its variable's name. Nor does any value that
/// is not what its option may be.
[[nodiscard]] auto import_variables(std::span<const AutomationVariable> variables)
    -> ImportedConfiguration;

} // namespace sluice::app

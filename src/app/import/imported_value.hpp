// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/import/variable_meaning.hpp"

namespace sluice::app {

/// The value as the configuration wants it: clusters, vaults and storage accounts may be given by
/// name or by address. Nothing when it is none that the option may have; what is returned needs no
/// quotes in YAML but those of an address.
[[nodiscard]] auto imported_value(Meaning meaning, std::string_view value)
    -> std::optional<std::string>;

/// `keyvault:NAME` for the variable's name, with a dash for what a vault does not take in names.
[[nodiscard]] auto vault_reference(std::string_view variable) -> std::string;

} // namespace sluice::app

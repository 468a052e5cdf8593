// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include <tl/expected.hpp>

#include "config/document.hpp"
#include "config/field.hpp"

namespace sluice::config {

/// Reads what stands for a field that is no section or list, and checks it against the field's
/// type, choices and range. Paths that are not absolute begin at `folder`. The text of a secret is
/// never part of the diagnostic.
[[nodiscard]] auto
read_value(const Field& field, const Node& node, const std::filesystem::path& folder)
    -> tl::expected<FieldValue, Diagnostic>;

} // namespace sluice::config

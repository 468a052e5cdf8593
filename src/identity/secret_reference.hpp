// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace sluice::identity {

/// Reads the secret that a configuration names: `file:/absolute/path`. Line ends after it are cut.
/// A file that others may read is used, and a warning logged.
/// Errors: invalid_input when `reference` is no reference (its text is not repeated: it may be the
/// secret itself), the file is missing, not readable, not a regular file, empty, or over 64 KiB.
[[nodiscard]] auto resolve_secret(std::string_view reference) -> Result<Secret>;

} // namespace sluice::identity

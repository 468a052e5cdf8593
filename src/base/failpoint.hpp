// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sluice {

/// Counts a visit to the point `name` and does what the environment variable SLUICE_FAILPOINTS
/// says: `name=kill@3;other=kill` ends the process as kill -9 would on the third visit of `name`,
/// the first of `other`. Only in test builds; in a release build FAILPOINT() is nothing.
void visit_failpoint(std::string_view name) noexcept;

} // namespace sluice

#ifdef SLUICE_FAILPOINTS
#define FAILPOINT(name) ::sluice::visit_failpoint(name)
#else
#define FAILPOINT(name) static_cast<void>(0)
#endif

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

#include "base/result.hpp"

namespace sluice {

/// Does `work` for 0 to `count` - 1, up to `most_at_once` of them at the same time, in threads of
/// its own and in the caller's. After a failure nothing more is begun; it returns when all that was
/// begun has ended.
/// Errors: the first that `work` returned.
[[nodiscard]] auto in_parallel(std::size_t count,
                               std::size_t most_at_once,
                               const std::function<auto(std::size_t)->Result<>>& work) -> Result<>;

} // namespace sluice

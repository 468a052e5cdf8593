// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "simulator/api_error.hpp"

namespace sluice::simulator {

/// The names of sensitive information types as JSON, in the language that `Accept-Language` asks
/// for: exactly one, else AF20053; of the form `en` or `en-US`, else AF20054; none is `en-US`.
[[nodiscard]] auto dlp_names(std::string_view accept_language) -> ApiResult<std::string>;

} // namespace sluice::simulator

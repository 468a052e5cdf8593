// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "config/config.hpp"

/// Reads any bytes as a configuration, and shows the mistakes found in them.
extern "C" auto LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) -> int {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto config = sluice::config::parse(text, "/"); !config) {
    static_cast<void>(sluice::config::render(config.error(), text, "sluice.yaml"));
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <source_location>
#include <string_view>

namespace sluice {

/// Prints the broken assumption and where it stood, then aborts.
[[noreturn]] void
check_failed(std::string_view condition,
             std::source_location where = std::source_location::current()) noexcept;

} // namespace sluice

/// States what must hold if our own code is right. On in release builds: a collector that goes on
/// after its own assumptions broke would lose events quietly. Never use it on input from outside.
#define CHECK(...)                                                                                 \
  do {                                                                                             \
    if (!(__VA_ARGS__)) [[unlikely]] {                                                             \
      ::sluice::check_failed(#__VA_ARGS__);                                                        \
    }                                                                                              \
  } while (false)

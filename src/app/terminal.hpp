// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace sluice::app {

/// Whether `stream` is a terminal that a person looks at.
[[nodiscard]] auto is_terminal(std::FILE* stream) -> bool;

/// Columns of the terminal on stdout; 240 when it is none or does not say: a file has no edge, but
/// people still look at it.
[[nodiscard]] auto terminal_width() -> std::size_t;

/// One line on stderr that is written over as work goes on; nothing at all when stderr is no
/// terminal.
///
/// Threads: one at a time.
class ProgressLine {
public:
  ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  auto operator=(const ProgressLine&) -> ProgressLine& = delete;
  /// Clears the line.
  ~ProgressLine();

  void show(std::string_view text);

private:
  const bool enabled_;
  bool shown_ = false;
};

} // namespace sluice::app

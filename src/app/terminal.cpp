// SPDX-License-Identifier: Apache-2.0
#include "app/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace sluice::app {

auto is_terminal(std::FILE* stream) -> bool {
  return ::isatty(::fileno(stream)) == 1;
}

auto terminal_width() -> std::size_t {
  constexpr std::size_t fallback = 240;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return fallback;
  }
  return size.ws_col;
}

ProgressLine::ProgressLine() : enabled_{is_terminal(stderr)} {}

ProgressLine::~ProgressLine() {
  if (shown_) {
    fmt::print(stderr, "\r\x1b[K");
  }
}

void ProgressLine::show(std::string_view text) {
  if (enabled_) {
    fmt::print(stderr, "\r\x1b[K{}", text.substr(0, terminal_width() - 1));
    std::fflush(stderr);
    shown_ = true;
  }
}

} // namespace sluice::app

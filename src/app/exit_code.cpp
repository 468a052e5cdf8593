// SPDX-License-Identifier: Apache-2.0
#include "app/exit_code.hpp"

#include <cstdio>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "base/log.hpp"

namespace sluice::app {

auto exit_code_for(ErrorKind kind) noexcept -> ExitCode {
  switch (kind) {
  case ErrorKind::invalid_input:
    return ExitCode::usage;
  case ErrorKind::unauthorized:
  case ErrorKind::forbidden:
    return ExitCode::no_permission;
  case ErrorKind::gone:
  case ErrorKind::malformed:
  case ErrorKind::untrusted:
  case ErrorKind::unavailable:
    return ExitCode::unavailable;
  case ErrorKind::throttled:
  case ErrorKind::cancelled:
    return ExitCode::try_later;
  case ErrorKind::storage:
    return ExitCode::io_error;
  case ErrorKind::corrupt:
    return ExitCode::internal;
  }
  return ExitCode::internal;
}

auto report(const Error& error) -> ExitCode {
  auto text = fmt::format("error: {}", redact(error.message()));
  if (!error.code().empty()) {
    text += fmt::format(" [{}]", error.code());
  }
  fmt::print(stderr, "{}\n", escape_control(text));
  if (!error.hint().empty()) {
    fmt::print(stderr, "hint: {}\n", escape_control(redact(error.hint())));
  }
  return exit_code_for(error.kind());
}

} // namespace sluice::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace sluice {

enum class LogLevel : std::uint8_t { debug, info, warning, error };
enum class LogFormat : std::uint8_t {
  text, ///< One readable line, for a terminal.
  json, ///< One JSON object a line, for a log collector.
};

/// One `name=value` of a log line. Values are escaped; a secret has no way to become one.
struct LogField {
  LogField(std::string_view field_name, std::string_view field_value)
      : name{field_name},
        value{field_value} {}
  LogField(std::string_view field_name, std::int64_t number);

  std::string name;
  std::string value;
};

/// Sets where the process logs to: always stderr, so that stdout stays data. Call it once, first.
void configure_log(LogLevel least, LogFormat format);

/// Writes one line. `event` is a stable name in snake_case that alerts may be built on; `message`
/// is a sentence for people. Texts that look like a bearer token, a signature or a client secret
/// are replaced by `[redacted]`.
///
/// Threads: any.
void log(LogLevel level,
         std::string_view event,
         std::string_view message,
         std::initializer_list<LogField> fields = {});

/// The text with every token, signature and secret in it replaced by `[redacted]`.
[[nodiscard]] auto redact(std::string_view text) -> std::string;

} // namespace sluice

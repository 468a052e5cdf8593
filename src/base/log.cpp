// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"

#include <array>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/clock.hpp"
#include "base/json_text.hpp"

namespace sluice {
namespace {

/// What comes right before something secret; the secret ends at the first character that no token
/// has.
constexpr auto secret_markers = std::to_array<std::string_view>({"Bearer ",
                                                                 "client_secret=",
                                                                 "client_assertion=",
                                                                 "sig=",
                                                                 "\"access_token\":\"",
                                                                 "\"refresh_token\":\"",
                                                                 "SharedKey ",
                                                                 "AccountKey=",
                                                                 "SharedAccessKey=",
                                                                 "password="});

auto is_token_character(char c) -> bool {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view{"-._~+/=%:"}.find(c) != std::string_view::npos;
}

auto level_name(LogLevel level) -> std::string_view {
  constexpr std::array<std::string_view, 4> names{"debug", "info", "warning", "error"};
  return names.at(static_cast<std::size_t>(level));
}

struct LogState {
  std::shared_ptr<spdlog::logger> logger =
      std::make_shared<spdlog::logger>("sluice", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  LogFormat format = LogFormat::text;
  LogState() { logger->set_pattern("%v"); }
};

auto state() -> LogState& {
  static LogState instance;
  return instance;
}

auto spdlog_level(LogLevel level) -> spdlog::level::level_enum {
  constexpr std::array levels{
      spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};
  return levels.at(static_cast<std::size_t>(level));
}

} // namespace

LogField::LogField(std::string_view field_name, std::int64_t number)
    : name{field_name},
      value{std::to_string(number)} {}

void configure_log(LogLevel least, LogFormat format) {
  state().logger->set_level(spdlog_level(least));
  state().format = format;
}

auto redact(std::string_view text) -> std::string {
  std::string out{text};
  for (const auto marker : secret_markers) {
    for (auto at = out.find(marker); at != std::string::npos; at = out.find(marker, at)) {
      at += marker.size();
      auto end = at;
      while (end < out.size() && is_token_character(out[end])) {
        ++end;
      }
      out.replace(at, end - at, "[redacted]");
    }
  }
  return out;
}

void log(LogLevel level,
         std::string_view event,
         std::string_view message,
         std::initializer_list<LogField> fields) {
  auto& log_state = state();
  if (!log_state.logger->should_log(spdlog_level(level))) {
    return;
  }
  const auto time = to_iso8601(SystemClock{}.now(), 3);
  const bool json = log_state.format == LogFormat::json;
  auto line =
      json ? fmt::format(R"({{"time":"{}","level":"{}","event":{},"message":{})",
                         time,
                         level_name(level),
                         json_quoted(event),
                         json_quoted(redact(message)))
           : fmt::format("{} {} {}", time, level_name(level), escape_control(redact(message)));
  for (const auto& field : fields) {
    line += json ? fmt::format(",{}:{}", json_quoted(field.name), json_quoted(redact(field.value)))
                 : fmt::format(" {}={}", field.name, escape_control(redact(field.value)));
  }
  log_state.logger->log(spdlog_level(level), spdlog::string_view_t{json ? line + "}" : line});
}

} // namespace sluice

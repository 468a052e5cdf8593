// SPDX-License-Identifier: Apache-2.0
// How a run behaves.
#include <chrono>

#include "config/field_tables.hpp"

namespace sluice::config {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 4> log_levels{"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 2> log_formats{"text", "json"};

auto as_log_level(std::string_view name) -> LogLevel {
  return name == "debug"     ? LogLevel::debug
         : name == "info"    ? LogLevel::info
         : name == "warning" ? LogLevel::warning
                             : LogLevel::error;
}

// clang-format off
constexpr std::array table{
    Field{.path = "publisher_identifier", .type = FieldType::guid, .fallback_note = "each tenant's own id",
          .about = "Sent with every request, so that the service counts them for your organisation.",
          .assign = [](Config& c, FieldValue&& v) { c.publisher_identifier = std::move(v.text); }},

    Field{.path = "polling", .type = FieldType::section, .about = "How the feed is listed."},
    Field{.path = "polling.interval", .type = FieldType::duration, .fallback = "1m", .least = "1s", .most = "1d",
          .about = "From the beginning of one listing to the next.",
          .assign = [](Config& c, FieldValue&& v) { c.polling.interval = milliseconds{v.number}; }},
    Field{.path = "polling.window", .type = FieldType::duration, .fallback = "6h", .least = "1m", .most = "23h",
          .about = "Span of one listing. Windows lie on a fixed grid, so that content ids stay the same from listing to listing.",
          .assign = [](Config& c, FieldValue&& v) { c.polling.window = milliseconds{v.number}; }},
    Field{.path = "polling.overlap", .type = FieldType::duration, .fallback = "6h", .least = "1m", .most = "6d",
          .about = "How far back finished windows are listed again: content may turn up late.",
          .assign = [](Config& c, FieldValue&& v) { c.polling.overlap = milliseconds{v.number}; }},
    Field{.path = "polling.settle", .type = FieldType::duration, .fallback = "5m", .least = "0s", .most = "12h",
          .about = "How old a window's end must be before it counts as finished.",
          .assign = [](Config& c, FieldValue&& v) { c.polling.settle = milliseconds{v.number}; }},
    Field{.path = "polling.full_listing_interval", .type = FieldType::duration, .fallback = "24h", .least = "1h", .most = "6d",
          .about = "How often everything that the service still offers is listed again.",
          .assign = [](Config& c, FieldValue&& v) { c.polling.full_listing_interval = milliseconds{v.number}; }},

    Field{.path = "limits", .type = FieldType::section,
          .about = "Bounds on what Sluice asks of the service and of this machine. Content beyond a bound is set aside and reported."},
    Field{.path = "limits.requests_per_minute", .type = FieldType::count, .fallback = "2000", .least = "1", .most = "6000000",
          .about = "Requests to one tenant's API. It goes lower by itself when the service asks for it.",
          .assign = [](Config& c, FieldValue&& v) { c.limits.requests_per_minute = as_bytes(v.number); }},
    Field{.path = "limits.parallel_retrievals", .type = FieldType::count, .fallback = "16", .least = "1", .most = "256",
          .about = "Contents retrieved at the same time.",
          .assign = [](Config& c, FieldValue&& v) { c.limits.parallel_retrievals = as_bytes(v.number); }},
    Field{.path = "limits.max_content_bytes", .type = FieldType::size, .fallback = "1GiB", .least = "1MiB", .most = "64GiB",
          .about = "Size of one content, as it came and once inflated.",
          .assign = [](Config& c, FieldValue&& v) { c.limits.max_content_bytes = as_bytes(v.number); }},
    Field{.path = "limits.max_record_bytes", .type = FieldType::size, .fallback = "4MiB", .least = "64KiB", .most = "256MiB",
          .about = "Size of one record. A retrieval needs six times this much memory while such a record passes.",
          .assign = [](Config& c, FieldValue&& v) { c.limits.max_record_bytes = as_bytes(v.number); }},
    Field{.path = "limits.max_expansion_ratio", .type = FieldType::count, .fallback = "300", .least = "10", .most = "1100",
          .about = "Inflated bytes for each compressed byte of a content.",
          .assign = [](Config& c, FieldValue&& v) { c.limits.max_expansion_ratio = as_bytes(v.number); }},

    Field{.path = "retry", .type = FieldType::section, .about = "How soon something that failed is tried again."},
    Field{.path = "retry.first_wait", .type = FieldType::duration, .fallback = "1s", .least = "1ms", .most = "5m",
          .about = "The longest wait after the first failure. It doubles with each further one.",
          .assign = [](Config& c, FieldValue&& v) { c.retry.first_wait = milliseconds{v.number}; }},
    Field{.path = "retry.longest_wait", .type = FieldType::duration, .fallback = "5m", .least = "1ms", .most = "1h",
          .about = "No wait is longer, unless the service asks for it.",
          .assign = [](Config& c, FieldValue&& v) { c.retry.longest_wait = milliseconds{v.number}; }},

    Field{.path = "tls", .type = FieldType::section, .about = "How servers are recognised. Their certificates are always checked."},
    Field{.path = "tls.authorities_file", .type = FieldType::path, .fallback_note = "the system's",
          .about = "Certificates of the authorities that vouch for servers, PEM, in place of the system's: for a proxy or a private cloud with an authority of its own.",
          .assign = [](Config& c, FieldValue&& v) { c.authorities_file = std::move(v.text); }},

    Field{.path = "log", .type = FieldType::section, .about = "Messages go to standard error."},
    Field{.path = "log.level", .type = FieldType::choice, .fallback = "info", .choices = log_levels,
          .about = "The least severe message to write.",
          .assign = [](Config& c, FieldValue&& v) { c.log.level = as_log_level(v.text); }},
    Field{.path = "log.format", .type = FieldType::choice, .fallback = "text", .choices = log_formats,
          .about = "A readable line, or a JSON object a line for a log collector.",
          .assign = [](Config& c, FieldValue&& v) { c.log.format = v.text == "json" ? LogFormat::json : LogFormat::text; }},
};
// clang-format on

} // namespace

auto running_fields() -> std::span<const Field> {
  return table;
}

} // namespace sluice::config

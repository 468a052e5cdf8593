// SPDX-License-Identifier: Apache-2.0
#include "simulator/service_headers.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace sluice::simulator {
namespace {

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
auto http_date(DateTime time) -> std::string {
  constexpr std::array days{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}; // 0001-01-01 was one.
  constexpr std::array months{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto civil = to_civil(time);
  const auto day = std::chrono::duration_cast<std::chrono::days>(time.since_year_one).count() % 7;
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     days[static_cast<std::size_t>(day)],
                     civil.day,
                     months[static_cast<std::size_t>(civil.month) - 1],
                     civil.year,
                     civil.hour,
                     civil.minute,
                     civil.second);
}

} // namespace

void add_service_headers(http::ServerReply& reply, DateTime date) {
  for (const auto& [name, value] : {std::pair{"Cache-Control", "no-cache"},
                                    std::pair{"Pragma", "no-cache"},
                                    std::pair{"Expires", "-1"},
                                    std::pair{"Server", "Microsoft-IIS/10.0"},
                                    std::pair{"X-AspNet-Version", "4.0.30319"},
                                    std::pair{"X-Powered-By", "ASP.NET"}}) {
    reply.headers.emplace_back(name, value);
  }
  reply.headers.emplace_back("Date", http_date(date));
}

} // namespace sluice::simulator

// SPDX-License-Identifier: Apache-2.0
#include "kusto/ingestor.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "kusto/remedy.hpp"

namespace sluice::kusto {
namespace {

/// Where streaming is off for the cluster, its address is not there; where it is off for the table,
/// only the words say so (observed).
auto says_streaming_is_off(const Error& error) -> bool {
  const auto& words = error.message();
  const bool about_it = words.find("treaming") != std::string::npos;
  return error.kind() == ErrorKind::gone ||
         (about_it && (words.find("disabled") != std::string::npos ||
                       words.find("not enabled") != std::string::npos));
}

auto is_too_large(const Error& error) -> bool {
  return error.code() == "BadRequest_RequestTooLarge";
}

} // namespace

Ingestor::Ingestor(
    Cluster& engine, Cluster& management, http::HttpClient& client, Clock& clock, Options options)
    : engine_{engine},
      clock_{clock},
      options_{std::move(options)},
      lending_{management, clock},
      queued_{lending_, client, clock, options_.queued} {}

auto Ingestor::ingest(const Rows& rows, const std::stop_token& stop) -> Result<Ingested> {
  if (may_stream(rows)) {
    TRY(const bool streamed, try_stream(rows, stop));
    if (streamed) {
      return Ingested::streamed;
    }
  }
  return queued_.ingest(rows, stop);
}

auto Ingestor::may_stream(const Rows& rows) -> bool {
  const std::lock_guard lock{mutex_};
  return options_.streaming && rows.objects.size() <= options_.max_streamed_bytes &&
         paused_[rows.table] <= clock_.steady();
}

void Ingestor::pause(const std::string& table, std::chrono::seconds time) {
  const std::lock_guard lock{mutex_};
  paused_[table] = clock_.steady() + time;
}

auto Ingestor::try_stream(const Rows& rows, const std::stop_token& stop) -> Result<bool> {
  http::RetryPolicy policy{options_.retry, static_cast<std::uint64_t>(clock_.steady().count())};
  for (int retry = 1;; ++retry) {
    const auto streamed = engine_.stream(options_.queued.database, rows, stop);
    if (streamed) {
      return true;
    }
    const auto& error = streamed.error();
    const auto by_queue = [&](std::chrono::seconds time) {
      log(LogLevel::info,
          "streaming_given_up",
          error.message(),
          {{"table", rows.table}, {"seconds", static_cast<std::int64_t>(time.count())}});
      pause(rows.table, time);
      return false;
    };
    if (says_streaming_is_off(error)) {
      return by_queue(options_.off_pause);
    }
    if (is_too_large(error)) {
      return by_queue(std::chrono::seconds{0}); // The next piece may be smaller.
    }
    if (error.kind() == ErrorKind::cancelled || remedy_for(error) != Remedy::retry) {
      return error;
    }
    const auto wait = policy.wait_before(retry, error);
    if (!wait) {
      return by_queue(options_.busy_pause);
    }
    if (!clock_.wait(*wait, stop)) {
      return Error{ErrorKind::cancelled, "waiting to stream again"};
    }
  }
}

auto management_address(std::string_view url) -> Result<std::string> {
  TRY(const auto parsed, http::Url::parse(url).while_doing("reading the cluster's address"));
  auto origin = parsed.origin();
  if (!origin.is_loopback() && !origin.host.starts_with("ingest-")) {
    origin.host = "ingest-" + origin.host;
  }
  return origin.text();
}

} // namespace sluice::kusto

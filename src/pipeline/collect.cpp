// SPDX-License-Identifier: Apache-2.0
#include "pipeline/collect.hpp"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "pipeline/failure_policy.hpp"

namespace sluice::pipeline {
namespace {

/// Contents that are made durable together at most; it bounds what waits in memory as well.
constexpr std::size_t seal_group = 64;
/// How long a content waits for others to be made durable with: much shorter than it took to come.
constexpr auto seal_linger = std::chrono::milliseconds{10};
/// How long to look away when there is no work: retries come due without a ring.
constexpr auto idle_wait = std::chrono::milliseconds{200};

auto log_content(LogLevel level,
                 std::string_view event,
                 std::string_view message,
                 const ledger::ContentKey& key,
                 std::string_view code) {
  log(level,
      event,
      message,
      {{"tenant", key.feed.tenant},
       {"content_type", key.feed.content_type},
       {"content_id", key.content_id},
       {"code", code}});
}

/// Whether reading from the archive failed because of what is there.
auto is_archive_damage(const Error& error) -> bool {
  return error.kind() == ErrorKind::corrupt || error.kind() == ErrorKind::gone ||
         error.kind() == ErrorKind::malformed;
}

auto to_archive_content(const ledger::WorkItem& item) -> archive::Content {
  return {item.key.feed.tenant, item.key.feed.content_type, item.key.content_id, item.created};
}

} // namespace

/// What the threads of one `run` share.
struct Collect::Session {
  Session(Doorbell& from, Doorbell& to, std::size_t queue_length)
      : upstream{from},
        downstream{to},
        work{queue_length},
        sealable{seal_group} {}

  /// The first error that ends the run; it stops all threads.
  void fail(Error error) {
    const std::lock_guard lock{mutex};
    outcome = outcome ? Result<>{std::move(error)} : std::move(outcome);
    stop.request_stop();
  }

  /// `count` contents are done with, in whichever way.
  void done(std::size_t count) {
    if (under_way.fetch_sub(count) == count) {
      upstream.ring(); // Whoever hands out may now see that nothing is left.
    }
  }

  Doorbell& upstream;
  Doorbell& downstream;
  BoundedQueue<Work> work;
  BoundedQueue<Sealable> sealable;
  std::atomic<std::size_t> under_way{0};
  std::atomic<std::int64_t> last_success_ns{0};
  std::stop_source stop;
  std::mutex mutex;
  Result<> outcome;
};

Collect::Collect(std::span<const std::unique_ptr<TenantFeed>> tenants,
                 ledger::Ledger& ledger,
                 archive::Archive& archive,
                 const relevance::RuleSet& rules,
                 Options options,
                 Clock& clock,
                 Progress& progress)
    : tenants_{tenants},
      ledger_{ledger},
      archive_{archive},
      workspaces_{rules, options.limits},
      options_{options},
      clock_{clock},
      progress_{progress},
      keeper_{ledger, clock},
      retry_{options.retry, options.seed} {}

auto Collect::run(Doorbell& upstream, Doorbell& downstream, const std::stop_token& stop)
    -> Result<> {
  Session session{upstream, downstream, static_cast<std::size_t>(options_.parallel_retrievals)};
  session.last_success_ns = clock_.steady().count();
  const std::stop_callback forward{stop, [&] { session.stop.request_stop(); }};
  {
    std::jthread sealer{[&] { seal_all(session); }};
    {
      std::vector<std::jthread> retrievers;
      for (int i = 0; i < options_.parallel_retrievals; ++i) {
        retrievers.emplace_back([&] { retrieve_all(session); });
      }
      if (auto handed_out = hand_out(session); !handed_out) {
        session.fail(std::move(handed_out).error());
      }
      session.work.close();
    }
    session.sealable.close();
  }
  downstream.close();
  return session.outcome;
}

/// Gives work to the retrievers until nothing is left, or until told to stop.
auto Collect::hand_out(Session& session) -> Result<> {
  const auto stop = session.stop.get_token();
  while (!stop.stop_requested()) {
    // Asked before the ledger is: what was entered until then is seen, so nothing is overlooked.
    const bool may_be_last = session.upstream.closed() && session.under_way == 0;
    TRY(auto taken, take_work());
    if (taken.empty()) {
      if (may_be_last) {
        TRY(const bool finished, is_finished(session));
        if (finished) {
          break;
        }
      }
      session.upstream.wait(idle_wait, stop);
    }
    session.under_way += taken.size();
    for (auto& work : taken) {
      if (!session.work.push(std::move(work), stop)) {
        break;
      }
    }
  }
  return {};
}

auto Collect::take_work() -> Result<std::vector<Work>> {
  std::vector<Work> taken;
  for (const auto& tenant : tenants_) {
    TRY(auto items,
        ledger_.take_work({.tenant = tenant->id(),
                           .limit = static_cast<std::size_t>(options_.parallel_retrievals) * 2,
                           .now = clock_.now()}));
    for (auto& item : items) {
      taken.push_back({tenant.get(), std::move(item)});
    }
  }
  return taken;
}

/// No work is due and none will come: what remains failed before and waits for its next attempt.
/// Errors: unavailable when that is not worth waiting for any longer.
auto Collect::is_finished(Session& session) -> Result<bool> {
  std::optional<DateTime> next; // Of configured tenants: nobody works on what others left.
  for (const auto& tenant : tenants_) {
    TRY(const auto due, ledger_.next_attempt(tenant->id()));
    next = due && next ? std::min(*due, *next) : due.has_value() ? due : next;
  }
  if (!next) {
    return true;
  }
  const auto now = clock_.now();
  const auto quiet = clock_.steady() - std::chrono::nanoseconds{session.last_success_ns};
  if (quiet > options_.patience || *next > now + Ticks{options_.patience}) {
    return Error{ErrorKind::unavailable, "contents are left that could not be collected now"}
        .with_hint("run again later; `sluice status` shows what is left and why");
  }
  return false;
}

void Collect::retrieve_all(Session& session) {
  const auto stop = session.stop.get_token();
  while (auto work = session.work.pop(stop)) {
    if (auto done = process(*work, session); !done) {
      session.fail(std::move(done).error());
    }
    if (stop.stop_requested()) {
      return; // What was not sealed is still listed; the next start hands it out again.
    }
  }
}

/// Takes one content as far as to the sealer, or writes down why not.
/// Errors: those that end the run.
auto Collect::process(Work& work, Session& session) -> Result<> {
  const auto stop = session.stop.get_token();
  ContentPass pass{archive_,
                   workspaces_,
                   to_archive_content(work.item),
                   work.item.generation,
                   /*keep_raw=*/!work.item.raw.has_value()};
  auto read = retrieve(work, pass, stop);
  auto finished = read ? pass.finish(work.item) : std::move(read).error();
  if (finished) {
    session.last_success_ns = clock_.steady().count();
    {
      const std::lock_guard lock{nonsense_mutex_};
      nonsense_.erase(work.item.key);
    }
    // Refused only when the run has to end.
    static_cast<void>(session.sealable.push({std::move(*finished), pass.take_objects()}, stop));
    return {};
  }
  if (stop.stop_requested()) {
    return {};
  }
  if (work.item.raw && is_archive_damage(finished.error())) {
    TRY_DO(forget_archived(work.item, finished.error()));
    work.item.raw.reset();
    return process(work, session);
  }
  TRY_DO(handle_failure(work, pass, finished.error(), stop));
  session.done(1);
  return {};
}

/// What the archive has is damaged: it is set aside, and the service is asked again.
auto Collect::forget_archived(const ledger::WorkItem& item, const Error& error) -> Result<> {
  log_content(LogLevel::error, "archived_content_damaged", error.message(), item.key, error.code());
  auto moved = archive_.set_aside(item.raw->name);
  const bool missing = !moved && moved.error().kind() == ErrorKind::gone;
  return missing ? Result<>{} : moved;
}

auto Collect::retrieve(const Work& work, ContentPass& pass, const std::stop_token& stop)
    -> Result<> {
  if (work.item.raw) {
    return read_archived(work.item, pass);
  }
  TRY(const auto slot, work.tenant->concurrency.acquire(stop));
  auto retrieved =
      work.tenant->reader.retrieve(activity::ContentId{work.item.key.content_id}, pass, stop);
  if (!retrieved) {
    if (retrieved.error().kind() == ErrorKind::throttled) {
      work.tenant->concurrency.throttled();
    }
    return std::move(retrieved).error();
  }
  if (pass.came_faster()) {
    work.tenant->concurrency.fell_behind();
  } else {
    work.tenant->concurrency.succeeded();
  }
  return {};
}

auto Collect::read_archived(const ledger::WorkItem& item, ContentPass& pass) -> Result<> {
  TRY(auto reader, archive_.open({item.raw->name, item.raw->bytes, item.raw->sha256}));
  std::vector<std::byte> buffer(std::size_t{64} * 1024);
  for (;;) {
    TRY(const auto count, reader->read(buffer));
    if (count == 0) {
      return {};
    }
    TRY_DO(pass.write(std::span{buffer}.first(count)));
  }
}

/// How often the content came as nonsense before, if `error` says that it did so again.
auto Collect::nonsense_before(const ledger::ContentKey& key, const Error& error) -> std::uint32_t {
  if (error.kind() != ErrorKind::malformed) {
    return 0;
  }
  const std::lock_guard lock{nonsense_mutex_};
  return nonsense_[key]++;
}

/// Decides what becomes of a content that failed, and writes it down.
/// Errors: those that end the run.
auto Collect::handle_failure(const Work& work,
                             ContentPass& pass,
                             const Error& error,
                             const std::stop_token& stop) -> Result<> {
  const auto& item = work.item;
  if (subscription_is_off(error)) {
    const auto type = activity::parse_content_type(item.key.feed.content_type);
    CHECK(type.has_value()); // Discover entered it.
    if (auto started = keeper_.start(*work.tenant, *type, stop); !started) {
      log_content(LogLevel::debug,
                  "subscription_not_started",
                  started.error().message(),
                  item.key,
                  started.error().code());
    }
  }
  const auto decision =
      decide_failure(item, error, nonsense_before(item.key, error), clock_.now(), retry_);
  if (const auto* later = std::get_if<RetryLater>(&decision)) {
    ++progress_.failures;
    const auto level = item.attempts < 3 ? LogLevel::debug : LogLevel::warning;
    log_content(level, "content_failed", error.message(), item.key, error.code());
    return ledger_.record_failure(item.key, error, later->at);
  }
  if (std::holds_alternative<GiveUpExpired>(decision)) {
    ++progress_.contents_expired;
    log_content(LogLevel::error, "content_lost", error.message(), item.key, error.code());
    return ledger_.mark_expired(item.key, error);
  }
  if (std::holds_alternative<SetAside>(decision)) {
    return set_aside(work, pass, error);
  }
  return error;
}

/// Keeps what was received where people find it, and notes the reason.
auto Collect::set_aside(const Work& work, ContentPass& pass, const Error& error) -> Result<> {
  ++progress_.contents_quarantined;
  log_content(LogLevel::error, "content_quarantined", error.message(), work.item.key, error.code());
  if (auto raw = pass.take_raw_writer()) {
    TRY(const auto object, raw->finish());
    std::array writers{std::move(raw)};
    TRY_DO(archive_.commit(writers));
    TRY_DO(archive_.set_aside(object.name));
  }
  return ledger_.quarantine(work.item.key, error);
}

void Collect::seal_all(Session& session) {
  // No stop token: what was retrieved is sealed even when the run is to stop, it only takes a
  // moment.
  for (;;) {
    auto group = session.sealable.pop_some(
        seal_group, seal_linger, [&](std::size_t count) { return count >= session.under_way; }, {});
    if (group.empty()) {
      return;
    }
    if (auto sealed = seal(group); !sealed) {
      session.fail(std::move(sealed).error());
      return;
    }
    session.done(group.size());
    session.downstream.ring();
  }
}

auto Collect::seal(std::span<Sealable> group) -> Result<> {
  std::vector<std::unique_ptr<archive::ObjectWriter>> writers;
  std::vector<ledger::CollectedContent> contents;
  for (auto& sealable : group) {
    TRY_DO(sealable.objects.note_in(sealable.content));
    contents.push_back(std::move(sealable.content));
    for (auto* writer : {&sealable.objects.raw, &sealable.objects.staged}) {
      if (*writer) {
        writers.push_back(std::move(*writer));
      }
    }
  }
  FAILPOINT("collect.before_commit");
  TRY_DO(archive_.commit(writers));
  FAILPOINT("collect.before_record");
  TRY(const auto outcomes, ledger_.record_collected(contents, clock_.now()));
  FAILPOINT("collect.after_record");
  for (std::size_t i = 0; i < contents.size(); ++i) {
    if (!outcomes[i].recorded) {
      log_content(LogLevel::info,
                  "content_taken_over",
                  "another process has taken the content over",
                  contents[i].key,
                  {});
      continue;
    }
    ++progress_.contents_collected;
    progress_.bytes_received += contents[i].raw.bytes;
    progress_.records_read += contents[i].records;
    progress_.records_kept += contents[i].claims.size() - outcomes[i].duplicates.size();
    progress_.records_duplicate += outcomes[i].duplicates.size();
    if (outcomes[i].former_staged) {
      TRY_DO(archive_.remove(outcomes[i].former_staged->name));
    }
  }
  return {};
}

} // namespace sluice::pipeline

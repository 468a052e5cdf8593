// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>

#include "base/date_time.hpp"
#include "simulator/traffic/content_type.hpp"
#include "simulator/traffic/ingest_key.hpp"

namespace sluice::simulator {

/// What a tenant's users, and its attackers, are up to. The same options give the same bytes on
/// every machine. Rates are chances from 0 to 1.
struct TrafficOptions {
  std::string tenant_id = "11111111-2222-3333-4444-555555555555";
  std::uint64_t seed = 1;
  /// Different records over all content types; copies come on top. 1 to 1'000'000'000.
  std::uint64_t events = 100'000;
  /// The first chunk is ingested at or after `start`, the last one before `start + span`.
  DateTime start;
  Ticks span = std::chrono::days{6};
  std::uint32_t users = 400;
  /// The share of `events` that belongs to stories (reports, alerts, investigations).
  double story_share = 0.01;
  /// A record is delivered once more, byte for byte, in a later chunk.
  double duplicate_rate = 0.01;
  /// A record is 1 hour to 5 days old when it is ingested; others 2 to 90 minutes.
  double late_rate = 0.01;
  /// A record stands at another place in its chunk than its time says.
  double out_of_order_rate = 0.2;
  /// A whole chunk comes again under another key, up to 5 days later.
  double replay_rate = 0.003;
  std::uint32_t mean_records_per_chunk = 80;
  /// The size of one chunk of Audit.SharePoint that is far bigger than the rest (about 1.1 KB a
  /// record); at most a tenth of its feed. 0 for none.
  std::uint32_t big_chunk_records = 15'000;
};

/// Records that were ingested together: the smallest thing that a listing can cut.
struct Chunk {
  IngestKey key; ///< Strictly increasing within a content type.
  DateTime ingested;
  std::uint32_t record_count = 0; ///< Copies included; never 0.
};

/// The audit records of one tenant, made when asked for.
///
/// Holds O(chunks + stories) memory, never the records: each is a pure function of the options and
/// of its place. One core renders several hundred megabytes a second.
///
/// Threads: all members may be called from any thread at once.
class Traffic {
public:
  [[nodiscard]] static auto create(TrafficOptions options) -> Traffic;
  Traffic(Traffic&&) noexcept;
  auto operator=(Traffic&&) noexcept -> Traffic&;
  ~Traffic();

  [[nodiscard]] auto options() const noexcept -> const TrafficOptions&;

  /// All chunks of a feed, by key.
  [[nodiscard]] auto chunks(ContentType type) const noexcept -> std::span<const Chunk>;

  /// Appends the records of `chunks(type)[chunk]`: JSON objects with a comma between them, no
  /// brackets around them.
  void render(ContentType type, std::size_t chunk, std::string& out) const;

  /// Writes what a right program must find, as one JSON object a line:
  /// - a header `{"truth":1,"seed":..,"events":..,"tenant":..,"relevant":..,"cases":..}`;
  /// - for each different record `{"id":..,"type":"Audit.General","record_type":64,
  ///   "relevant":true,"copies":2}`, where `relevant` is meant for the default rules
  ///   (user-reported phishing) and `copies` counts all deliveries;
  /// - for each case `{"case":{"story":..,"alert_id":..,"investigation_id":..,"status":..,
  ///   "alert_status":..,"processed":..,"outcome":..,"links":[..]}}`, see `Case` in story.hpp.
  /// It comes from what each story means, not from looking at the records.
  void write_truth(std::ostream& out) const;

private:
  struct State;
  explicit Traffic(std::unique_ptr<const State> state);

  std::unique_ptr<const State> state_;
};

} // namespace sluice::simulator

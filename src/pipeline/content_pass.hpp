// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "archive/archive.hpp"
#include "base/result.hpp"
#include "http/client.hpp"
#include "ledger/content.hpp"
#include "pipeline/content_workspace.hpp"
#include "record/record_scanner.hpp"
#include "relevance/rule_set.hpp"

namespace sluice::pipeline {

/// What a content leaves in the archive.
struct ContentObjects {
  std::unique_ptr<archive::ObjectWriter> raw;    ///< Null when the archive had it before.
  std::unique_ptr<archive::ObjectWriter> staged; ///< Null when no record is kept.

  /// Says in `content` what was written. Cheaper when the objects of other contents are closed by
  /// then.
  /// Errors: as `ObjectWriter::finish`.
  [[nodiscard]] auto note_in(ledger::CollectedContent& content) -> Result<>;
};

/// The way of one content through the collect stage, as its bytes arrive: to the archive as they
/// came, and inflated, cut into records and judged by the rules; what a rule keeps goes to the
/// staged object.
///
/// A content that makes no sense is still received to its end, so that it can be set aside whole.
///
/// Use:     give it to `ContentReader::retrieve` (or call `write` for archived bytes), then
/// `finish`
///          and `take_objects`. One pass for one attempt at one content.
/// Threads: one at a time.
/// Memory:  a workspace from the first byte to `finish`, more while a record of more than 128 KiB
///          passes.
class ContentPass final : public http::BodySink, private record::RecordSink {
public:
  /// `archive` and `workspaces` must outlive the pass.
  ContentPass(archive::Archive& archive,
              ContentWorkspaces& workspaces,
              archive::Content content,
              std::uint32_t generation,
              bool keep_raw);

  [[nodiscard]] auto begin(const http::ResponseHead& head) -> Result<> override;
  [[nodiscard]] auto write(std::span<const std::byte> bytes) -> Result<> override;
  void fell_behind() override { came_faster_ = true; }
  /// Whether the bytes came faster than they were worked on.
  [[nodiscard]] auto came_faster() const -> bool { return came_faster_; }

  /// The content has ended: what the ledger is to know of it, save the objects in `take_objects`.
  /// Errors: malformed when it was no array of records, or was cut; invalid_input when it is over a
  /// limit; storage.
  [[nodiscard]] auto finish(const ledger::WorkItem& item) -> Result<ledger::CollectedContent>;

  /// The closed objects, for `Archive::commit`.
  [[nodiscard]] auto take_objects() -> ContentObjects;
  /// The raw object of a content that failed; null when there is none.
  [[nodiscard]] auto take_raw_writer() -> std::unique_ptr<archive::ObjectWriter>;

private:
  auto on_record(const record::ScannedRecord& record) -> Result<> override;
  auto on_bad_record(const record::BadRecord& record) -> Result<> override;

  [[nodiscard]] auto keep_raw_bytes(std::span<const std::byte> bytes) -> Result<>;
  [[nodiscard]] auto end() -> Result<>;
  [[nodiscard]] auto scan(std::string_view bytes) -> Result<>;
  [[nodiscard]] auto stage(const record::ScannedRecord& record) -> Result<>;
  [[nodiscard]] auto claim_of(const record::ScannedRecord& record) -> std::string;

  archive::Archive& archive_;
  ContentWorkspaces& workspaces_;
  const archive::Content content_;
  const std::uint32_t generation_;
  const bool keep_raw_;

  ContentObjects objects_;
  std::optional<ContentWorkspaces::Lease> workspace_;
  bool compressed_ = false;
  bool came_faster_ = false;
  relevance::RuleSet::Matcher matcher_;
  std::uint64_t received_bytes_ = 0;
  /// The first thing that was wrong with the content itself.
  std::optional<Error> fault_;

  ledger::CollectedContent collected_;
  std::unordered_map<std::string, int> nameless_; ///< Digest of id-less records -> how many so far.
};

} // namespace sluice::pipeline

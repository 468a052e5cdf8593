// SPDX-License-Identifier: Apache-2.0
#include "pipeline/content_pass.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/log.hpp"
#include "record/inflated_content.hpp"
#include "record/json_check.hpp"
#include "record/json_text.hpp"
#include "relevance/filter.hpp"

namespace sluice::pipeline {
namespace {

auto as_text(std::span<const std::byte> bytes) -> std::string_view {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

auto as_bytes(std::string_view text) -> std::span<const std::byte> {
  return std::as_bytes(std::span{text});
}

auto to_ledger(const archive::StoredObject& object) -> ledger::StoredObject {
  return {object.name, object.bytes, object.sha256};
}

/// Faults of the content itself are kept for the end; these are not.
auto is_ours(const Error& error) -> bool {
  return error.kind() == ErrorKind::storage;
}

} // namespace

auto ContentObjects::note_in(ledger::CollectedContent& content) -> Result<> {
  if (raw) {
    TRY(const auto object, raw->finish());
    content.raw = to_ledger(object);
  }
  if (staged) {
    TRY(const auto object, staged->finish());
    content.staged = to_ledger(object);
  }
  return {};
}

ContentPass::ContentPass(archive::Archive& archive,
                         ContentWorkspaces& workspaces,
                         archive::Content content,
                         std::uint32_t generation,
                         bool keep_raw)
    : archive_{archive},
      workspaces_{workspaces},
      content_{std::move(content)},
      generation_{generation},
      keep_raw_{keep_raw},
      matcher_{workspaces.rules()} {}

auto ContentPass::begin(const http::ResponseHead& /*head*/) -> Result<> {
  return {};
}

auto ContentPass::write(std::span<const std::byte> bytes) -> Result<> {
  received_bytes_ += bytes.size();
  if (const auto most = workspaces_.limits().max_content_bytes; received_bytes_ > most) {
    return Error{ErrorKind::invalid_input, fmt::format("the content is larger than {} bytes", most)}
        .with_hint("raise limits.max_content_bytes");
  }
  const auto text = as_text(bytes);
  if (!workspace_ && !bytes.empty()) {
    workspace_.emplace(workspaces_);
    // What the bytes are decides, not what a header says: the archive must be readable without it.
    compressed_ = looks_compressed(text);
  }
  TRY_DO(keep_raw_bytes(bytes));
  if (fault_) {
    return {}; // Received to its end all the same, so that it can be set aside whole.
  }
  auto scanned = scan(text);
  if (!scanned && is_ours(scanned.error())) {
    return scanned;
  }
  if (!scanned) {
    fault_ = std::move(scanned).error();
  }
  return {};
}

auto ContentPass::keep_raw_bytes(std::span<const std::byte> bytes) -> Result<> {
  if (!keep_raw_ || bytes.empty()) {
    return {};
  }
  if (!objects_.raw) {
    const auto encoding = compressed_ ? archive::Encoding::gzip : archive::Encoding::identity;
    TRY(objects_.raw, archive_.begin_raw(content_, encoding));
  }
  return objects_.raw->append(bytes);
}

auto ContentPass::scan(std::string_view bytes) -> Result<> {
  auto& scanner = (*workspace_)->scanner;
  if (!compressed_) {
    return scanner.feed(bytes, *this);
  }
  record::InflatedContent inflated{scanner, *this};
  return (*workspace_)->inflater.feed(bytes, inflated);
}

auto ContentPass::on_record(const record::ScannedRecord& record) -> Result<> {
  ++collected_.records;
  if (!matcher_.keeps(record)) {
    ++collected_.dropped;
    return {};
  }
  if (const auto fault = record::json_fault(record.bytes); !fault.empty()) {
    --collected_.records; // Counted again as bad.
    return on_bad_record({record.offset, record.bytes.size(), fault, record.bytes});
  }
  return stage(record);
}

auto ContentPass::on_bad_record(const record::BadRecord& record) -> Result<> {
  ++collected_.records;
  ++collected_.quarantined;
  log(LogLevel::warning,
      "record_quarantined",
      record.reason,
      {{"content_id", content_.content_id},
       {"offset", static_cast<std::int64_t>(record.offset)},
       {"length", static_cast<std::int64_t>(record.length)}});
  return {};
}

auto ContentPass::stage(const record::ScannedRecord& record) -> Result<> {
  if (!objects_.staged) {
    TRY(objects_.staged, archive_.begin_staged(content_, generation_));
  }
  std::string storage;
  TRY_DO(objects_.staged->append(as_bytes(relevance::in_one_line(record.bytes, storage))));
  TRY_DO(objects_.staged->append(as_bytes("\n")));
  collected_.claims.push_back(claim_of(record));
  return {};
}

/// The record's id. A record without one is told from others by its bytes and by how many equal
/// ones came before it in the content: two events that are alike to the letter both count.
auto ContentPass::claim_of(const record::ScannedRecord& record) -> std::string {
  std::string storage;
  const auto id = record::string_text(record.fields.front(), storage);
  if (id && !id->empty()) {
    return std::string{*id};
  }
  auto digest = to_hex(sha256(record.bytes));
  const int earlier = nameless_[digest]++;
  return fmt::format("sha256:{}#{}", digest, earlier);
}

auto ContentPass::end() -> Result<> {
  if (!workspace_) { // No byte came: the scanner says what it thinks of that.
    workspace_.emplace(workspaces_);
  }
  if (compressed_) {
    TRY_DO((*workspace_)->inflater.finish());
  }
  return (*workspace_)->scanner.finish(*this);
}

auto ContentPass::finish(const ledger::WorkItem& item) -> Result<ledger::CollectedContent> {
  if (!fault_) {
    auto ended = end();
    if (!ended && is_ours(ended.error())) {
      return std::move(ended).error();
    }
    if (!ended) {
      fault_ = std::move(ended).error();
    }
  }
  workspace_.reset();
  if (fault_) {
    return *fault_;
  }
  collected_.key = item.key;
  collected_.generation = item.generation;
  if (objects_.raw) {
    TRY_DO(objects_.raw->close());
  } else {
    CHECK(item.raw.has_value());
    collected_.raw = *item.raw;
  }
  if (objects_.staged) {
    TRY_DO(objects_.staged->close());
  }
  for (std::size_t i = 0; i < matcher_.counts().size(); ++i) {
    if (matcher_.counts()[i] > 0) {
      collected_.rules.push_back({workspaces_.rules().rules()[i].name, matcher_.counts()[i]});
    }
  }
  return std::move(collected_);
}

auto ContentPass::take_objects() -> ContentObjects {
  return std::move(objects_);
}

auto ContentPass::take_raw_writer() -> std::unique_ptr<archive::ObjectWriter> {
  return std::move(objects_.raw);
}

} // namespace sluice::pipeline

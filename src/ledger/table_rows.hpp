// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "azure/table_entity.hpp"
#include "base/result.hpp"
#include "ledger/content.hpp"

namespace sluice::ledger::tables {

/// All that a ledger knows of one content. Every row about it holds all of this; what each row is
/// to be trusted for says `table_keys.hpp`.
struct ContentFacts {
  ContentKey key;
  DateTime created;
  DateTime expiration;
  State state = State::listed;
  std::uint32_t generation = 0;
  std::optional<StoredObject> raw = {};
  std::optional<StoredObject> staged = {};
  RecordCounts counts = {};
  std::vector<std::uint32_t> duplicates = {}; ///< Ascending.
  std::vector<RuleCount> rules = {};
  /// Which destinations have it, and in which generation.
  std::map<std::string, std::uint32_t> had = {};
  bool owns = false; ///< It has claimed record ids.

  // Trusted in the row of a content that waits.
  std::uint32_t attempts = 0;
  DateTime next_attempt{};
  std::string code = {};
  std::string reason = {};
  std::string holder = {};   ///< The worker that has it; empty for none.
  std::uint32_t takings = 0; ///< Since somebody last said what came of it.

  std::string row = {};  ///< Where it was read.
  std::string etag = {}; ///< Of that row.
};

/// The entity of `facts` at `row` of its tenant's partition.
[[nodiscard]] auto to_entity(const ContentFacts& facts, std::string row) -> azure::TableEntity;
/// Errors: corrupt.
[[nodiscard]] auto facts_of(const azure::TableEntity& entity) -> Result<ContentFacts>;

/// Only what names the entity, to be removed or merged into as it was read.
[[nodiscard]] auto row_of(const ContentFacts& facts) -> azure::TableEntity;

/// Which destinations have a content, as `to_entity` writes it.
[[nodiscard]] auto text_of(const std::map<std::string, std::uint32_t>& had) -> std::string;

/// Keeps any number of bytes, up to the 1 MiB of an entity, in properties that begin with `name`.
void put_bytes(azure::TableEntity& entity, const std::string& name, std::string_view bytes);
/// Errors: corrupt.
[[nodiscard]] auto bytes_of(const azure::TableEntity& entity, const std::string& name)
    -> Result<std::string>;

} // namespace sluice::ledger::tables

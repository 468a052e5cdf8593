// SPDX-License-Identifier: Apache-2.0
#include "ledger/table_rows.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "azure/base64.hpp"
#include "ledger/table_keys.hpp"

namespace sluice::ledger::tables {
namespace {

/// Characters of one text; the service takes 32 Ki (documented as 64 KiB of UTF-16).
constexpr std::size_t text_piece = 30'000;

auto damaged() -> Error {
  return Error{ErrorKind::corrupt, "the ledger: an entity is not what it should be"};
}

auto count_of(const azure::TableEntity& entity, std::string_view name) -> std::uint64_t {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(entity.number(name), 0));
}

auto small_of(const azure::TableEntity& entity, std::string_view name) -> std::uint32_t {
  return static_cast<std::uint32_t>(count_of(entity, name));
}

auto time_of(const azure::TableEntity& entity, std::string_view name) -> DateTime {
  return {Ticks{std::clamp<std::int64_t>(entity.number(name), 0, DateTime::max_ticks)}};
}

void put_count(azure::TableEntity& entity, std::string name, std::uint64_t count) {
  entity.properties.insert_or_assign(std::move(name), static_cast<std::int64_t>(count));
}

void put_time(azure::TableEntity& entity, std::string name, DateTime time) {
  entity.properties.insert_or_assign(std::move(name), time.since_year_one.count());
}

void put_text(azure::TableEntity& entity, std::string name, std::string_view text) {
  entity.properties.insert_or_assign(std::move(name), escaped(text));
}

void put_object(azure::TableEntity& entity,
                const std::string& name,
                const std::optional<StoredObject>& object) {
  if (object) {
    put_text(entity, name, object->name);
    put_count(entity, name + "Bytes", object->bytes);
    entity.properties.insert_or_assign(name + "Sha256", to_hex(object->sha256));
  }
}

auto object_of(const azure::TableEntity& entity, const std::string& name)
    -> Result<std::optional<StoredObject>> {
  if (!entity.properties.contains(name)) {
    return std::nullopt;
  }
  const auto digest = sha256_from_hex(entity.text(name + "Sha256"));
  if (!digest) {
    return damaged();
  }
  return StoredObject{.name = unescaped(entity.text(name)),
                      .bytes = count_of(entity, name + "Bytes"),
                      .sha256 = *digest};
}

/// The distances between ascending positions, seven bits a byte: mostly one byte each.
auto packed(const std::vector<std::uint32_t>& positions) -> std::string {
  std::string bytes;
  std::uint32_t last = 0;
  for (const auto position : positions) {
    auto distance = position - last;
    for (; distance > 0x7F; distance >>= 7U) {
      bytes += static_cast<char>(distance | 0x80U);
    }
    bytes += static_cast<char>(distance);
    last = position;
  }
  return bytes;
}

auto unpacked(std::string_view bytes) -> std::vector<std::uint32_t> {
  std::vector<std::uint32_t> positions;
  std::uint32_t last = 0;
  std::uint32_t distance = 0;
  unsigned shift = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    distance |= shift < 32 ? (byte & 0x7FU) << shift : 0U;
    shift += 7;
    if ((byte & 0x80U) == 0) {
      last += distance;
      positions.push_back(last);
      distance = 0;
      shift = 0;
    }
  }
  return positions;
}

/// `name|count` of each, a line each.
template <class Pairs>
auto lines_of(const Pairs& pairs) -> std::string {
  std::string text;
  for (const auto& [name, count] : pairs) {
    text += fmt::format("{}|{}\n", escaped(name), count);
  }
  return text;
}

template <class Take>
auto read_lines(std::string_view text, const Take& take) -> Result<> {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    const auto bar = line.rfind('|');
    std::uint64_t count = 0;
    if (bar == std::string_view::npos ||
        std::from_chars(line.data() + bar + 1, line.data() + line.size(), count).ec !=
            std::errc{}) {
      return damaged();
    }
    take(unescaped(line.substr(0, bar)), count);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

void put_counts(azure::TableEntity& entity, const RecordCounts& counts) {
  put_count(entity, "Records", counts.records);
  put_count(entity, "Kept", counts.kept);
  put_count(entity, "Dropped", counts.dropped);
  put_count(entity, "Duplicate", counts.duplicate);
  put_count(entity, "Unreadable", counts.quarantined);
}

} // namespace

auto text_of(const std::map<std::string, std::uint32_t>& had) -> std::string {
  return lines_of(had);
}

void put_bytes(azure::TableEntity& entity, const std::string& name, std::string_view bytes) {
  const auto text = azure::base64_encoded(bytes);
  std::size_t piece = 0;
  for (std::size_t at = 0; at < text.size(); at += text_piece) {
    entity.properties.insert_or_assign(fmt::format("{}{}", name, piece++),
                                       text.substr(at, text_piece));
  }
}

auto bytes_of(const azure::TableEntity& entity, const std::string& name) -> Result<std::string> {
  std::string text;
  for (std::size_t piece = 0;; ++piece) {
    const auto part = entity.text(fmt::format("{}{}", name, piece));
    if (part.empty()) {
      break;
    }
    text += part;
  }
  auto bytes = azure::base64_decoded(text);
  return bytes ? Result<std::string>{*std::move(bytes)} : Result<std::string>{damaged()};
}

auto to_entity(const ContentFacts& facts, std::string row) -> azure::TableEntity {
  azure::TableEntity entity{.partition_key = tenant_partition(facts.key.feed.tenant),
                            .row_key = std::move(row)};
  put_text(entity, "Tenant", facts.key.feed.tenant);
  put_text(entity, "Type", facts.key.feed.content_type);
  put_text(entity, "Id", facts.key.content_id);
  put_time(entity, "Created", facts.created);
  put_time(entity, "Expires", facts.expiration);
  put_count(entity, "State", static_cast<std::uint64_t>(facts.state));
  put_count(entity, "Generation", facts.generation);
  put_object(entity, "Raw", facts.raw);
  put_object(entity, "Staged", facts.staged);
  put_counts(entity, facts.counts);
  put_bytes(entity, "Duplicates", packed(facts.duplicates));
  std::vector<std::pair<std::string, std::uint64_t>> rules;
  for (const auto& rule : facts.rules) {
    rules.emplace_back(rule.rule, rule.matched);
  }
  put_bytes(entity, "Rules", lines_of(rules));
  entity.properties.insert_or_assign("Had", text_of(facts.had));
  entity.properties.insert_or_assign("Owns", facts.owns);
  put_count(entity, "Attempts", facts.attempts);
  put_time(entity, "NextAttempt", facts.next_attempt);
  put_text(entity, "Code", facts.code);
  put_text(entity, "Reason", facts.reason);
  put_text(entity, "Holder", facts.holder);
  put_count(entity, "Takings", facts.takings);
  entity.etag = facts.etag;
  return entity;
}

auto facts_of(const azure::TableEntity& entity) -> Result<ContentFacts> {
  ContentFacts facts{.key = {{unescaped(entity.text("Tenant")), unescaped(entity.text("Type"))},
                             unescaped(entity.text("Id"))},
                     .created = time_of(entity, "Created"),
                     .expiration = time_of(entity, "Expires")};
  const auto state = count_of(entity, "State");
  if (state > static_cast<std::uint64_t>(State::quarantined)) {
    return damaged();
  }
  facts.state = static_cast<State>(state);
  facts.generation = small_of(entity, "Generation");
  TRY(facts.raw, object_of(entity, "Raw"));
  TRY(facts.staged, object_of(entity, "Staged"));
  facts.counts = {.records = count_of(entity, "Records"),
                  .kept = count_of(entity, "Kept"),
                  .dropped = count_of(entity, "Dropped"),
                  .duplicate = count_of(entity, "Duplicate"),
                  .quarantined = count_of(entity, "Unreadable")};
  TRY(const auto duplicates, bytes_of(entity, "Duplicates"));
  facts.duplicates = unpacked(duplicates);
  TRY(const auto rules, bytes_of(entity, "Rules"));
  TRY_DO(read_lines(rules, [&](std::string rule, std::uint64_t matched) {
    facts.rules.push_back({std::move(rule), matched});
  }));
  TRY_DO(read_lines(entity.text("Had"), [&](std::string name, std::uint64_t generation) {
    facts.had.insert_or_assign(std::move(name), static_cast<std::uint32_t>(generation));
  }));
  const auto owns = entity.properties.find("Owns");
  facts.owns = owns != entity.properties.end() && owns->second == azure::TableValue{true};
  facts.attempts = small_of(entity, "Attempts");
  facts.next_attempt = time_of(entity, "NextAttempt");
  facts.code = unescaped(entity.text("Code"));
  facts.reason = unescaped(entity.text("Reason"));
  facts.holder = unescaped(entity.text("Holder"));
  facts.takings = small_of(entity, "Takings");
  facts.row = entity.row_key;
  facts.etag = entity.etag;
  return facts;
}

auto row_of(const ContentFacts& facts) -> azure::TableEntity {
  return {.partition_key = tenant_partition(facts.key.feed.tenant),
          .row_key = facts.row,
          .etag = facts.etag};
}

} // namespace sluice::ledger::tables

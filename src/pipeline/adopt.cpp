// SPDX-License-Identifier: Apache-2.0
#include "pipeline/adopt.hpp"

#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

#include "base/sha256.hpp"

namespace sluice::pipeline {
namespace {

auto digest_of(archive::Archive& archive, const archive::RawObject& object) -> Result<Sha256> {
  TRY(const auto reader, archive.open(object.name));
  Sha256Hasher hasher;
  std::vector<std::byte> buffer(std::size_t{64} * 1024);
  for (;;) {
    TRY(const auto count, reader->read(buffer));
    if (count == 0) {
      return hasher.finish();
    }
    hasher.append(std::span{buffer}.first(count));
  }
}

} // namespace

auto adopt_archive(archive::Archive& archive, ledger::Ledger& ledger, DateTime now)
    -> Result<std::uint64_t> {
  // The archive does not know when the service drops a content; it only decides the order of work.
  constexpr auto documented_life = std::chrono::hours{24 * 7};
  std::uint64_t entered = 0;
  TRY_DO(archive.list_raw([&](const archive::RawObject& object) -> Result<> {
    const auto& content = object.content;
    TRY(const auto digest, digest_of(archive, object));
    const ledger::ListedContent entry{content.content_id,
                                      content.created,
                                      content.created + Ticks{documented_life},
                                      ledger::StoredObject{object.name, object.bytes, digest}};
    TRY(const auto report,
        ledger.enter({.feed = {content.tenant, content.content_type},
                      .entries = std::span{&entry, 1},
                      .listed_at = now,
                      .complete_until = {}}));
    entered += report.added;
    return {};
  }));
  return entered;
}

} // namespace sluice::pipeline

// SPDX-License-Identifier: Apache-2.0
#include "simulator/feed.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "simulator/gzip_text.hpp"

namespace sluice::simulator {
namespace {

struct IdParts {
  IngestKey low;
  IngestKey high;
  ContentType type{};
};

auto split(std::string_view id) -> std::vector<std::string_view> {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = id.find('$');
    parts.push_back(id.substr(0, end));
    if (end == std::string_view::npos) {
      return parts;
    }
    id.remove_prefix(end + 1);
  }
}

auto parse_id(std::string_view id) -> std::optional<IdParts> {
  auto parts = split(id);
  // Ids out of notifications carry a marker that retrieval accepts (observed).
  if (!parts.empty() && parts.back() == "IsFromNotification") {
    parts.pop_back();
  }
  if (parts.size() < 4 || parts.size() > 6) {
    return std::nullopt;
  }
  const auto low = IngestKey::parse(parts[0]);
  const auto high = IngestKey::parse(parts[1]);
  for (const auto type : content_types) {
    if (low && high && parts[2] == table_name(type) && parts[3] == blob_name(type)) {
      return IdParts{.low = *low, .high = *high, .type = type};
    }
  }
  return std::nullopt;
}

} // namespace

auto type_of_content(std::string_view content_id) -> std::optional<ContentType> {
  const auto parts = parse_id(content_id);
  return parts ? std::optional{parts->type} : std::nullopt;
}

auto Feed::fits(const Blob& blob, const Chunk& next) const -> bool {
  return blob.chunks.size() < options_.chunks_per_blob &&
         next.key.time - blob.low.time <= options_.blob_span;
}

auto Feed::list(ContentType type,
                const RequestWindow& window,
                std::optional<IngestKey> after,
                const Visibility& visibility) const -> BlobPage {
  const auto chunks = source_.chunks(type);
  auto first = std::ranges::lower_bound(
      chunks, window.start, {}, [](const Chunk& chunk) { return chunk.key.time; });
  if (after) {
    first = std::max(first, std::ranges::upper_bound(chunks, *after, {}, &Chunk::key));
  }
  BlobPage page;
  for (auto chunk = first; chunk != chunks.end() && chunk->key.time < window.end; ++chunk) {
    if (!visibility.shows(chunk->ingested)) {
      continue;
    }
    if (page.blobs.empty() || !fits(page.blobs.back(), *chunk)) {
      if (page.blobs.size() == options_.rows_per_page) {
        page.more = true;
        break;
      }
      page.blobs.push_back({.type = type, .low = chunk->key, .high = chunk->key, .chunks = {}});
    }
    page.blobs.back().high = chunk->key;
    page.blobs.back().chunks.push_back(static_cast<std::size_t>(chunk - chunks.begin()));
  }
  return page;
}

auto Feed::find(std::string_view content_id, const Visibility& visibility, DateTime now) const
    -> ApiResult<Blob> {
  const auto parts = parse_id(content_id);
  if (!parts || parts->high < parts->low ||
      parts->high.time - parts->low.time > options_.blob_span) {
    return refuse("AF20052", content_id);
  }
  auto blob = Blob{.type = parts->type, .low = parts->low, .high = parts->high, .chunks = {}};
  if (now >= expires(blob)) {
    return refuse("AF20051", content_id);
  }
  const auto chunks = source_.chunks(parts->type);
  auto chunk = std::ranges::lower_bound(chunks, parts->low, {}, &Chunk::key);
  for (; chunk != chunks.end() && chunk->key <= parts->high; ++chunk) {
    if (visibility.shows(chunk->ingested)) {
      if (!fits(blob, *chunk)) {
        return refuse("AF20052", content_id);
      }
      blob.chunks.push_back(static_cast<std::size_t>(chunk - chunks.begin()));
    }
  }
  const auto key_at = [&](std::size_t place) { return chunks[place].key; };
  if (blob.chunks.empty() || key_at(blob.chunks.front()) != blob.low ||
      key_at(blob.chunks.back()) != blob.high) {
    return refuse("AF20050", content_id);
  }
  return blob;
}

auto Feed::body(const Blob& blob, bool gzip) const -> BlobBody {
  const auto key = fmt::format("{}{}", content_id(blob), gzip ? "*" : "");
  if (options_.cache_bytes > 0) {
    const std::lock_guard lock{mutex_};
    if (const auto kept = cache_.find(key); kept != cache_.end()) {
      return kept->second;
    }
  }
  std::string text = "[";
  for (const auto chunk : blob.chunks) {
    if (text.size() > 1) {
      text += ',';
    }
    source_.render(blob.type, chunk, text);
  }
  text += ']';
  auto made = BlobBody{
      .bytes = std::make_shared<const std::string>(gzip ? gzip_text(text) : std::move(text)),
      .gzip = gzip};
  keep(key, made);
  return made;
}

void Feed::keep(const std::string& key, const BlobBody& made) const {
  const std::lock_guard lock{mutex_};
  if (cached_bytes_ + made.bytes->size() <= options_.cache_bytes &&
      cache_.emplace(key, made).second) {
    cached_bytes_ += made.bytes->size();
  }
}

auto Feed::content_id(const Blob& blob) const -> std::string {
  return fmt::format("{}${}${}${}${}",
                     blob.low.text(),
                     blob.high.text(),
                     table_name(blob.type),
                     blob_name(blob.type),
                     options_.datacenter);
}

auto Feed::expires(const Blob& blob) const -> DateTime {
  return blob.low.time + options_.expiration;
}

} // namespace sluice::simulator

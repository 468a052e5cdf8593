// SPDX-License-Identifier: Apache-2.0
#include "ledger/table_keys.hpp"

#include <charconv>

#include <fmt/format.h>

#include "azure/table.hpp"
#include "base/sha256.hpp"

namespace sluice::ledger::tables {
namespace {

constexpr char mark = '~';
constexpr std::size_t longest_part = 120;
/// Bytes of a content id that rows are sorted by.
constexpr std::size_t sorted_bytes = 40;

auto is_plain(char c) -> bool {
  return c > 0x1F && c < 0x7F && std::string_view{"~/\\#?%|'"}.find(c) == std::string_view::npos;
}

auto hex_of(std::string_view bytes) -> std::string {
  std::string text;
  for (const char c : bytes) {
    text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return text;
}

} // namespace

auto escaped(std::string_view text) -> std::string {
  std::string safe;
  for (const char c : text) {
    if (is_plain(c)) {
      safe += c;
    } else {
      safe += fmt::format("{}{:02x}", mark, static_cast<unsigned char>(c));
    }
  }
  return safe;
}

auto unescaped(std::string_view text) -> std::string {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const auto* digits = text.data() + i + 1;
    if (text[i] == mark && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      plain += static_cast<char>(byte);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

auto digest_part(std::string_view text) -> std::string {
  return to_hex(sha256(text));
}

auto key_part(std::string_view text) -> std::string {
  auto part = escaped(text);
  return part.size() <= longest_part ? part
                                     : part.substr(0, longest_part / 2) + mark + digest_part(text);
}

auto number_part(std::int64_t number) -> std::string {
  return fmt::format("{:019}", number);
}

auto tenant_partition(std::string_view tenant) -> std::string {
  return "tenant|" + key_part(tenant);
}

auto feed_row(std::string_view content_type) -> std::string {
  return std::string{rows::feeds} + key_part(content_type);
}

auto content_mark(const ContentKey& key) -> std::string {
  return key_part(key.feed.content_type) + "|" + digest_part(key.content_id);
}

auto content_row(const ContentKey& key) -> std::string {
  return std::string{rows::contents} + content_mark(key);
}

auto waiting_row(DateTime expiration, const ContentKey& key) -> std::string {
  return fmt::format(
      "{}{}|{}", rows::waiting, number_part(expiration.since_year_one.count()), content_mark(key));
}

auto staged_row(std::string_view family, DateTime created, const ContentKey& key) -> std::string {
  return fmt::format("{}{}|{}|{}",
                     family,
                     number_part(created.since_year_one.count()),
                     hex_of(std::string_view{key.content_id}.substr(0, sorted_bytes)),
                     content_mark(key));
}

auto owned_row(const ContentKey& key, std::size_t piece) -> std::string {
  return fmt::format("{}{}|{:06}", rows::owned, content_mark(key), piece);
}

auto rows_of(std::string_view partition, std::string_view prefix) -> std::string {
  auto end = std::string{prefix};
  ++end.back();
  return fmt::format("PartitionKey eq {} and RowKey ge {} and RowKey lt {}",
                     azure::filter_literal(partition),
                     azure::filter_literal(prefix),
                     azure::filter_literal(end));
}

} // namespace sluice::ledger::tables

// SPDX-License-Identifier: Apache-2.0
#include "archive/object_name.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace sluice::archive {
namespace {

constexpr std::size_t max_id_bytes = 200; // Of the 255 that a file name may have.
constexpr std::size_t max_type_bytes = 64;
constexpr std::size_t moment_bytes = 14; // hhmmss and seven digits, then '-'.
constexpr std::size_t guid_bytes = 36;

auto is_letter_or_digit(char c) -> bool {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

auto is_hex(char c) -> bool {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

auto is_guid(std::string_view text) -> bool {
  if (text.size() != guid_bytes) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) {
      return false;
    }
  }
  return true;
}

auto is_content_type(std::string_view text) -> bool {
  if (text.empty() || text.size() > max_type_bytes || text.front() == '.' || text.back() == '.' ||
      text.find("..") != std::string_view::npos) {
    return false;
  }
  return std::ranges::all_of(text, [](char c) { return c == '.' || is_letter_or_digit(c); });
}

auto encode_id(std::string_view id) -> std::string {
  std::string name;
  for (const char c : id) {
    if (is_letter_or_digit(c) || c == '_' || c == '-') {
      name += c;
    } else if (c == '$') {
      name += '.';
    } else {
      name += fmt::format("={:02X}", static_cast<unsigned char>(c));
    }
  }
  return name;
}

/// Only what `encode_id` writes is read, so that one content has one name.
auto decode_id(std::string_view name) -> std::optional<std::string> {
  std::string id;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '.') {
      id += '$';
    } else if (name[i] != '=') {
      id += name[i];
    } else {
      const auto digits = name.substr(i + 1, 2);
      unsigned value = 0;
      const auto* end = digits.data() + digits.size();
      if (digits.size() != 2 || std::from_chars(digits.data(), end, value, 16).ptr != end) {
        return std::nullopt;
      }
      id += static_cast<char>(value);
      i += 2;
    }
  }
  if (id.empty() || encode_id(id) != name) {
    return std::nullopt;
  }
  return id;
}

/// `<top>/<tenant>/<type>/<yyyy>/<mm>/<dd>/<moment>-<id>`
auto stem(std::string_view top, const Content& content) -> Result<std::string> {
  if (!is_guid(content.tenant)) {
    return Error{ErrorKind::invalid_input, "the tenant id is not a GUID"};
  }
  if (!is_content_type(content.content_type)) {
    return Error{ErrorKind::invalid_input, "the content type has characters that no type has"};
  }
  const auto id = encode_id(content.content_id);
  if (id.empty() || id.size() > max_id_bytes) {
    return Error{ErrorKind::invalid_input,
                 fmt::format("a content id of {} bytes cannot be in a name", id.size())};
  }
  const auto t = to_civil(content.created);
  return fmt::format("{}/{}/{}/{:04}/{:02}/{:02}/{:02}{:02}{:02}{:07}-{}",
                     top,
                     content.tenant,
                     content.content_type,
                     t.year,
                     t.month,
                     t.day,
                     t.hour,
                     t.minute,
                     t.second,
                     t.ticks,
                     id);
}

auto take_number(std::string_view& text, std::size_t digits) -> std::optional<int> {
  int value = 0;
  const auto part = text.substr(0, digits);
  const auto* end = part.data() + part.size();
  if (part.size() != digits || std::from_chars(part.data(), end, value).ptr != end) {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  return value;
}

auto take_until_slash(std::string_view& text) -> std::string_view {
  const auto part = text.substr(0, text.find('/'));
  text.remove_prefix(std::min(text.size(), part.size() + 1));
  return part;
}

auto parse_created(std::string_view date, std::string_view moment) -> std::optional<DateTime> {
  CivilTime civil;
  const auto take = [](std::string_view& text, std::size_t digits, int& into) {
    const auto number = take_number(text, digits);
    into = number.value_or(-1);
  };
  take(date, 4, civil.year);
  date.remove_prefix(std::min<std::size_t>(date.size(), 1));
  take(date, 2, civil.month);
  date.remove_prefix(std::min<std::size_t>(date.size(), 1));
  take(date, 2, civil.day);
  take(moment, 2, civil.hour);
  take(moment, 2, civil.minute);
  take(moment, 2, civil.second);
  take(moment, 7, civil.ticks);
  return from_civil(civil);
}

auto has_only_plain_parts(std::string_view name) -> bool {
  while (true) {
    const auto part = name.substr(0, name.find('/'));
    if (part.empty() || part == "." || part == "..") {
      return false;
    }
    if (part.size() == name.size()) {
      return true;
    }
    name.remove_prefix(part.size() + 1);
  }
}

} // namespace

auto raw_name(const Content& content, Encoding encoding) -> Result<std::string> {
  TRY(auto name, stem("raw", content));
  return name + (encoding == Encoding::gzip ? ".json.gz" : ".json");
}

auto staged_name(const Content& content, std::uint32_t generation) -> Result<std::string> {
  TRY(const auto name, stem("staged", content));
  return fmt::format("{}.{}.ndjson", name, generation);
}

auto parse_raw_name(std::string_view name) -> std::optional<ParsedRawName> {
  auto rest = name;
  ParsedRawName parsed;
  if (take_until_slash(rest) != "raw") {
    return std::nullopt;
  }
  parsed.content.tenant = take_until_slash(rest);
  parsed.content.content_type = take_until_slash(rest);
  constexpr std::size_t date_bytes = 10;
  if (rest.size() < date_bytes + 1 + moment_bytes) {
    return std::nullopt;
  }
  const auto created = parse_created(rest.substr(0, date_bytes), rest.substr(date_bytes + 1));
  if (!created) {
    return std::nullopt;
  }
  parsed.content.created = *created;
  rest.remove_prefix(date_bytes + 1 + moment_bytes);
  parsed.encoding = rest.ends_with(".gz") ? Encoding::gzip : Encoding::identity;
  const std::string_view ending = parsed.encoding == Encoding::gzip ? ".json.gz" : ".json";
  if (!rest.ends_with(ending)) {
    return std::nullopt;
  }
  rest.remove_suffix(ending.size());
  const auto id = decode_id(rest);
  if (!id) {
    return std::nullopt;
  }
  parsed.content.content_id = *id;
  // Writing it again catches every other way in which a name could be nearly right.
  const auto written = raw_name(parsed.content, parsed.encoding);
  return written && *written == name ? std::optional{parsed} : std::nullopt;
}

auto check_object_name(std::string_view name) -> Result<> {
  if (!has_only_plain_parts(name) || (!name.starts_with("raw/") && !name.starts_with("staged/"))) {
    return Error{ErrorKind::invalid_input, fmt::format("'{}' is not the name of an object", name)};
  }
  return {};
}

} // namespace sluice::archive

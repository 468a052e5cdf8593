// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/case_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include <utf8proc.h>

#include "kql/case_fold.hpp"

namespace sluice::relevance {
namespace {

constexpr std::size_t longest_link_id = 128;
constexpr std::size_t longest_type = 24;

constexpr auto lower(char c) -> char {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// What characters become; 0 for those that are dropped.
using Characters = std::array<char, 256>;

constexpr auto id_characters = [] {
  Characters characters{};
  for (std::size_t i = ' ' + 1; i < characters.size(); ++i) {
    characters.at(i) = lower(static_cast<char>(i));
  }
  characters.at('{') = '\0';
  characters.at('}') = '\0';
  return characters;
}();

constexpr auto address_characters = [] {
  auto characters = id_characters;
  characters.at('{') = '{';
  characters.at('}') = '}';
  return characters;
}();

/// Letters and digits; of what is not ASCII, everything.
constexpr auto status_characters = [] {
  auto characters = id_characters;
  for (std::size_t i = 0; i < 0x80; ++i) {
    const char c = characters.at(i);
    const bool counts = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    characters.at(i) = counts ? c : '\0';
  }
  return characters;
}();

/// Writes what the characters of `text` become, and returns where that ends. There is room for all
/// of them.
auto put_characters(std::string_view text, const Characters& characters, char* out) -> char* {
  for (const char c : text) {
    *out = characters[static_cast<unsigned char>(c)];
    out += *out == '\0' ? 0 : 1; // Written before it is known whether to.
  }
  return out;
}

auto with_characters(std::string_view text, const Characters& characters) -> std::string {
  std::string written(text.size(), '\0');
  const auto* const end = put_characters(text, characters, written.data());
  written.resize(static_cast<std::size_t>(end - written.data()));
  return written;
}

/// Whether eight characters of an id stay what they are.
auto stay(std::uint64_t characters) -> bool {
  constexpr std::uint64_t each = 0x0101010101010101U;
  constexpr std::uint64_t high = each << 7U;
  const auto are = [=](char c) {
    const auto differs = characters ^ (each * static_cast<unsigned char>(c));
    return (differs - each) & ~differs;
  };
  const auto low_bits = characters & ~high;
  const auto blanks = characters - each * (' ' + 1);
  const auto capitals = (low_bits + each * (0x80U - 'A')) ^ (low_bits + each * (0x7FU - 'Z'));
  return ((blanks | capitals | are('{') | are('}')) & ~characters & high) == 0;
}

/// Whether an id is written as it should be: most are. False for short ones, too.
auto is_normal_id(std::string_view text) -> bool {
  std::uint64_t characters = 0;
  constexpr auto width = sizeof(characters);
  if (text.size() < width) {
    return false;
  }
  const auto* const last = text.data() + text.size() - width;
  for (const auto* at = text.data(); at < last; at += width) {
    std::memcpy(&characters, at, width);
    if (!stay(characters)) {
      return false;
    }
  }
  std::memcpy(&characters, last, width);
  return stay(characters);
}

auto is_hex(char c) -> bool {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f');
}

/// A blank, or a character that only formats: nothing that a person sees.
auto is_unseen(char32_t c) -> bool {
  if (c < 0x80U) {
    return c < ' ' || c == 0x7FU;
  }
  if (c > 0x10FFFF) {
    return false;
  }
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
  case UTF8PROC_CATEGORY_CF:
  case UTF8PROC_CATEGORY_CC:
    return true;
  default:
    return false;
  }
}

/// ASCII, visible, and blanks only between words and one at a time: most names are.
auto is_plain_name(std::string_view text) -> bool {
  char before = ' ';
  for (const char c : text) {
    if (c < ' ' || c > '~' || (c == ' ' && before == ' ')) {
      return false;
    }
    before = c;
  }
  return text.empty() || before != ' ';
}

auto is_blank(char32_t c) -> bool {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x00A0 ||
         (c >= 0x80U && c <= 0x10FFFF &&
          utf8proc_category(static_cast<utf8proc_int32_t>(c)) == UTF8PROC_CATEGORY_ZS);
}

/// `%3A` for the colons of an id in a link.
auto with_colons(std::string_view text) -> std::string {
  const auto first = std::min(text.find('%'), text.size());
  std::string plain{text.substr(0, first)};
  text.remove_prefix(first);
  while (!text.empty()) {
    const bool encoded =
        text.size() >= 3 && text[0] == '%' && text[1] == '3' && lower(text[2]) == 'a';
    plain += encoded ? ':' : text.front();
    text.remove_prefix(encoded ? 3 : 1);
  }
  return plain;
}

auto guid_at(std::string_view text) -> std::string {
  constexpr std::size_t guid_length = 36;
  const auto guid = text.substr(0, guid_length);
  for (std::size_t i = 0; i < guid.size(); ++i) {
    const bool is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_hyphen ? guid[i] != '-' : !is_hex(guid[i])) {
      return {};
    }
  }
  return guid.size() == guid_length ? normal_id(guid).text() : std::string{};
}

} // namespace

auto clipped(std::string_view text, std::size_t bytes) -> std::string_view {
  if (text.size() <= bytes) {
    return text;
  }
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) {
    --bytes;
  }
  return text.substr(0, bytes);
}

NormalId::NormalId(std::string_view text) {
  if (text.size() <= longest && is_normal_id(text)) {
    size_ = text.copy(text_.data(), text.size());
  } else {
    while (!text.empty() && size_ < longest) {
      // As many characters as there is room for, whatever becomes of them.
      const auto some = text.substr(0, longest - size_);
      const auto* const end = put_characters(some, id_characters, text_.data() + size_);
      size_ = static_cast<std::size_t>(end - text_.data());
      text.remove_prefix(some.size());
    }
  }
  if ((text_[0] == '0' || text_[0] == '-') &&
      view().find_first_not_of("0-") == std::string_view::npos) {
    size_ = 0;
  }
}

auto normal_investigation_id(std::string_view text) -> std::string {
  const auto whole = normal_id(text);
  const auto id = whole.view();
  constexpr std::string_view prefix = "urn:";
  const auto colon = id.rfind(':');
  if (id.starts_with(prefix) && colon != id.npos && colon >= prefix.size()) {
    const auto end_of_type = prefix.size() + longest_type;
    if (colon > end_of_type) {
      return std::string{id.substr(0, end_of_type)}.append(id.substr(colon));
    }
  }
  return whole.text();
}

auto investigation_of_link(std::string_view link) -> std::string {
  if (link.empty()) {
    return {};
  }
  const auto end = link.find_first_of("?#");
  link = link.substr(0, end);
  while (link.ends_with('/')) {
    link.remove_suffix(1);
  }
  const auto id = with_colons(link.substr(link.rfind('/') + 1));
  const auto colon = id.rfind(':');
  const bool is_id =
      id.starts_with("urn:") && colon != id.npos && colon > 4 && colon + 1 < id.size() &&
      id.size() <= longest_link_id &&
      std::all_of(id.begin() + static_cast<std::ptrdiff_t>(colon) + 1, id.end(), is_hex);
  return is_id ? id : std::string{};
}

auto alert_of_link(std::string_view link) -> std::string {
  constexpr std::string_view path = "/alerts/";
  constexpr std::size_t letters = 2;
  if (const auto at = link.find(path); at != link.npos) {
    const auto rest = link.substr(at + path.size());
    auto id = guid_at(rest);
    return id.empty() && rest.size() > letters ? guid_at(rest.substr(letters)) : id;
  }
  constexpr std::string_view parameter = "id=";
  for (auto at = link.find(parameter); at != link.npos; at = link.find(parameter, at + 1)) {
    const bool begins = at > 0 && (link[at - 1] == '?' || link[at - 1] == '&');
    if (auto id = guid_at(link.substr(at + parameter.size())); begins && !id.empty()) {
      return id;
    }
  }
  return {};
}

auto normal_name(std::string_view text) -> std::string {
  if (is_plain_name(text)) {
    std::string name{text};
    std::ranges::transform(name, name.begin(), lower);
    return name;
  }
  std::string name;
  name.reserve(text.size());
  bool is_ascii = true;
  bool blank = false;
  while (!text.empty()) {
    const auto point = kql::decode(text);
    const auto character = text.substr(0, point.bytes);
    text.remove_prefix(point.bytes);
    if (is_blank(point.value)) {
      blank = true;
    } else if (!is_unseen(point.value)) {
      if (blank && !name.empty()) {
        name += ' ';
      }
      if (point.value < 0x80U) {
        name += lower(character.front());
      } else {
        name += character;
        is_ascii = false;
      }
      blank = false;
    }
  }
  return is_ascii ? name : kql::folded(name);
}

auto normal_status(std::string_view text) -> std::string {
  auto status = with_characters(text, status_characters);
  if (status == "pendingactions") {
    status.pop_back();
  }
  return status;
}

auto normal_address(std::string_view text) -> std::string {
  const auto open = text.rfind('<');
  const auto close = text.rfind('>');
  if (open != text.npos && close != text.npos && open < close) {
    text = text.substr(open + 1, close - open - 1);
  }
  return with_characters(text, address_characters);
}

} // namespace sluice::relevance

// SPDX-License-Identifier: Apache-2.0
#include "relevance/cases/case_text.hpp"

#include <algorithm>
#include <array>

#include <utf8proc.h>

#include "kql/case_fold.hpp"

namespace sluice::relevance {
namespace {

constexpr std::size_t longest_link_id = 128;
constexpr std::size_t longest_type = 24;

constexpr auto lower(char c) -> char {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// What a character of an id becomes; 0 for what is dropped: braces, blanks and controls.
constexpr auto id_characters = [] {
  std::array<char, 256> characters{};
  for (std::size_t i = ' ' + 1; i < characters.size(); ++i) {
    characters.at(i) = lower(static_cast<char>(i));
  }
  characters.at('{') = '\0';
  characters.at('}') = '\0';
  return characters;
}();

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
  std::string plain;
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
  std::size_t size =
      0; // Not the member, which every write of a character might be taken to change.
  for (const char c : text) {
    text_[size] = id_characters[static_cast<unsigned char>(c)];
    size += text_[size] == '\0' ? 0 : 1;
    if (size == longest) {
      break;
    }
  }
  const std::string_view found{text_.data(), size};
  size_ = found.find_first_not_of("0-") == found.npos ? 0 : size;
}

auto normal_investigation_id(std::string_view text) -> std::string {
  const auto whole = normal_id(text);
  const std::string_view id = whole;
  constexpr std::string_view prefix = "urn:";
  const auto colon = id.rfind(':');
  if (id.starts_with(prefix) && colon != id.npos && colon >= prefix.size()) {
    const auto type = id.substr(prefix.size(), colon - prefix.size());
    return std::string{prefix}.append(type.substr(0, longest_type)).append(id.substr(colon));
  }
  return whole.text();
}

auto investigation_of_link(std::string_view link) -> std::string {
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
  std::string status{text};
  auto end = status.begin();
  for (const char c : text) {
    const char small = lower(c);
    const bool counts = (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9') ||
                        static_cast<unsigned char>(c) >= 0x80U;
    *end = small;
    end += counts ? 1 : 0;
  }
  status.erase(end, status.end());
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
  std::string address;
  address.reserve(text.size());
  for (const char c : text) {
    if (static_cast<unsigned char>(c) > ' ') {
      address += lower(c);
    }
  }
  return address;
}

} // namespace sluice::relevance

// SPDX-License-Identifier: Apache-2.0
#include "http/server_request.hpp"

#include <algorithm>

namespace sluice::http {
namespace {

constexpr auto same_letter = [](char a, char b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return lower(a) == lower(b);
};

auto hex_digit(char c) noexcept -> int {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  c = static_cast<char>(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

} // namespace

auto same_name(std::string_view a, std::string_view b) noexcept -> bool {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_letter);
}

auto decode_percent(std::string_view text, bool plus_is_space) -> std::string {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
        hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

auto ServerRequest::header(std::string_view name) const noexcept -> std::string_view {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) {
      return value;
    }
  }
  return {};
}

auto ServerRequest::parameter(std::string_view name) const noexcept
    -> std::optional<std::string_view> {
  for (const auto& [key, value] : query) {
    if (same_name(key, name)) {
      return value;
    }
  }
  return std::nullopt;
}

auto parse_form(std::string_view text) -> ServerFields {
  ServerFields fields;
  while (!text.empty()) {
    const auto item = text.substr(0, std::min(text.find('&'), text.size()));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    if (item.empty()) {
      continue;
    }
    const auto equals = std::min(item.find('='), item.size());
    const auto value = item.substr(std::min(equals + 1, item.size()));
    fields.emplace_back(decode_percent(item.substr(0, equals), true), decode_percent(value, true));
  }
  return fields;
}

} // namespace sluice::http

// SPDX-License-Identifier: Apache-2.0
#include "http/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace sluice::http {
namespace {

constexpr std::size_t max_url_bytes = 8'192;
constexpr std::size_t max_host_bytes = 253;

auto is_digit(char c) -> bool {
  return c >= '0' && c <= '9';
}

auto is_letter(char c) -> bool {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

auto to_lower(char c) -> char {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

auto to_lower(std::string_view text) -> std::string {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) { return to_lower(c); });
  return out;
}

auto is_unreserved(char c) -> bool {
  return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

auto hex_value(char c) -> int {
  if (is_digit(c)) {
    return c - '0';
  }
  const auto lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

auto refuse(std::string_view why) -> Error {
  return Error{ErrorKind::invalid_input, fmt::format("not a usable URL: {}", why)};
}

/// Characters that may stand in a path or a query (RFC 3986), `%` aside.
auto is_target_character(char c, bool query) -> bool {
  return is_unreserved(c) || std::string_view{"!$&'()*+,;=:@/"}.find(c) != std::string_view::npos ||
         (query && c == '?');
}

auto check_characters(std::string_view text, bool query) -> Result<> {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size() || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0) {
        return refuse("a % that encodes nothing");
      }
      i += 2;
    } else if (!is_target_character(text[i], query)) {
      return refuse("a character that must not stand in a URL");
    }
  }
  return {};
}

auto check_path(std::string_view path) -> Result<> {
  if (!path.starts_with('/') || path.starts_with("//")) {
    return refuse("the path does not begin with a single /");
  }
  TRY_DO(check_characters(path, false));
  for (std::size_t begin = 1; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto segment = percent_decoded(path.substr(begin, end - begin));
    if (segment == "." || segment == "..") {
      return refuse("a path that climbs");
    }
    if (segment && segment->find_first_of(std::string_view{"/\\\0", 3}) != std::string::npos) {
      return refuse("an encoded separator in the path");
    }
    begin = end + 1;
  }
  return {};
}

auto check_ipv6(std::string_view bracketed) -> Result<> {
  const std::string address{bracketed.substr(1, bracketed.size() - 2)};
  in6_addr parsed{};
  if (inet_pton(AF_INET6, address.c_str(), &parsed) != 1) {
    return refuse("no IPv6 address in the brackets");
  }
  return {};
}

/// `0x7f.1` and `2130706433` are addresses to some resolvers and names to others.
auto looks_numeric(std::string_view host) -> bool {
  const auto last = host.substr(host.find_last_of('.') + 1);
  return std::ranges::all_of(last, is_digit) || last.starts_with("0x");
}

auto check_name(const std::string& host) -> Result<> {
  const bool plain = std::ranges::all_of(
      host, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_'; });
  if (host.empty() || host.size() > max_host_bytes || !plain) {
    return refuse("the host name");
  }
  if (host.front() == '.' || host.back() == '.' || host.front() == '-' ||
      host.find("..") != std::string::npos) {
    return refuse("the host name");
  }
  in_addr parsed{};
  if (looks_numeric(host) && inet_pton(AF_INET, host.c_str(), &parsed) != 1) {
    return refuse("a numeric host that is no dotted quad");
  }
  return {};
}

auto parse_port(std::string_view text) -> Result<std::uint16_t> {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0 ||
      text.front() == '0') {
    return refuse("the port");
  }
  return port;
}

auto default_port(std::string_view scheme) -> std::uint16_t {
  return scheme == "http" ? 80 : 443;
}

auto parse_authority(std::string scheme, std::string_view authority) -> Result<Origin> {
  if (authority.find('@') != std::string_view::npos) {
    return refuse("user-info before the host");
  }
  const bool ipv6 = authority.starts_with('[');
  const auto bracket = authority.find(']');
  if (ipv6 && bracket == std::string_view::npos) {
    return refuse("a bracket that is not closed");
  }
  const auto host_end = ipv6 ? bracket + 1 : std::min(authority.find(':'), authority.size());
  Origin origin{std::move(scheme), to_lower(authority.substr(0, host_end)), 0};
  TRY_DO(ipv6 ? check_ipv6(origin.host) : check_name(origin.host));
  const auto rest = authority.substr(host_end);
  if (rest.empty()) {
    origin.port = default_port(origin.scheme);
    return origin;
  }
  if (rest.front() != ':' || rest.size() == 1) {
    return refuse("the port");
  }
  TRY(origin.port, parse_port(rest.substr(1)));
  return origin;
}

} // namespace

auto Origin::is_loopback() const -> bool {
  in_addr parsed{};
  const bool quad = inet_pton(AF_INET, host.c_str(), &parsed) == 1;
  return host == "localhost" || host == "[::1]" || (quad && host.starts_with("127."));
}

auto Origin::text() const -> std::string {
  return port == default_port(scheme) ? fmt::format("{}://{}", scheme, host)
                                      : fmt::format("{}://{}:{}", scheme, host, port);
}

auto Url::parse(std::string_view text) -> Result<Url> {
  if (text.size() > max_url_bytes) {
    return refuse("longer than 8,192 bytes");
  }
  const auto colon = text.find("://");
  const auto scheme = to_lower(text.substr(0, std::min(colon, text.size())));
  if (colon == std::string_view::npos || (scheme != "http" && scheme != "https")) {
    return refuse("it does not begin with http:// or https://");
  }
  if (text.find('#') != std::string_view::npos) {
    return refuse("a fragment");
  }
  text.remove_prefix(colon + 3);
  const auto authority_end = std::min(text.find_first_of("/?"), text.size());
  Url url;
  TRY(url.origin_, parse_authority(scheme, text.substr(0, authority_end)));
  const auto target = text.substr(authority_end);
  const auto question = std::min(target.find('?'), target.size());
  const auto path = target.substr(0, question);
  const auto query = target.substr(std::min(question + 1, target.size()));
  return url.with_target(path.empty() ? "/" : path, query);
}

auto Url::text() const -> std::string {
  return query_.empty() ? origin_.text() + path_ : origin_.text() + path_ + "?" + query_;
}

auto Url::with_target(std::string_view path, std::string_view query) const -> Result<Url> {
  TRY_DO(check_path(path));
  TRY_DO(check_characters(query, true));
  Url url;
  url.origin_ = origin_;
  url.path_ = path;
  url.query_ = query;
  return url;
}

auto percent_encoded(std::string_view text) -> std::string {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return out;
}

auto percent_decoded(std::string_view text) -> std::optional<std::string> {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const auto low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

auto encoded(const Parameters& parameters) -> std::string {
  std::string out;
  for (const auto& [name, value] : parameters) {
    out += out.empty() ? "" : "&";
    out += percent_encoded(name);
    out += '=';
    out += percent_encoded(value);
  }
  return out;
}

auto decoded_query(std::string_view query) -> std::optional<Parameters> {
  Parameters parameters;
  for (std::size_t begin = 0; begin < query.size();) {
    const auto end = std::min(query.find('&', begin), query.size());
    const auto part = query.substr(begin, end - begin);
    const auto equals = std::min(part.find('='), part.size());
    auto name = percent_decoded(part.substr(0, equals));
    auto value = percent_decoded(part.substr(std::min(equals + 1, part.size())));
    if (!name || !value) {
      return std::nullopt;
    }
    if (!part.empty()) {
      parameters.emplace_back(*std::move(name), *std::move(value));
    }
    begin = end + 1;
  }
  return parameters;
}

auto equal_ignoring_case(std::string_view a, std::string_view b) noexcept -> bool {
  return std::ranges::equal(a, b, [](char x, char y) { return to_lower(x) == to_lower(y); });
}

} // namespace sluice::http

// SPDX-License-Identifier: Apache-2.0
#include "config/value_check.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <numeric>

namespace sluice::config {
namespace {

auto lower(std::string_view text) -> std::string {
  std::string out{text};
  std::ranges::transform(
      out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

auto all_of(std::string_view text, std::string_view extra) -> bool {
  return std::ranges::all_of(text, [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || extra.find(c) != extra.npos;
  });
}

/// Levenshtein's distance.
auto distance(std::string_view a, std::string_view b) -> std::size_t {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto replace = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
      diagonal = row[j];
      row[j] = std::min({replace, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

struct Authority {
  std::string_view host;
  std::optional<std::string_view> port;
};

/// Splits `host[:port]`; an IPv6 host keeps its brackets.
auto split_authority(std::string_view text) -> Authority {
  const auto after_host = text.starts_with('[') ? text.find(']') : 0;
  const auto colon = text.find(':', after_host == text.npos ? 0 : after_host);
  if (colon == text.npos) {
    return {text, std::nullopt};
  }
  return {text.substr(0, colon), text.substr(colon + 1)};
}

auto is_port(std::string_view text) -> bool {
  unsigned number = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data(), end, number);
  return problem == std::errc{} && stopped == end && number > 0 && number <= 65'535;
}

auto is_host(std::string_view host) -> bool {
  if (host.starts_with('[')) {
    return host.size() > 2 && host.ends_with(']') && all_of(host.substr(1, host.size() - 2), ":.");
  }
  return !host.empty() && host.size() <= 253 && all_of(host, ".-") && !host.starts_with('.') &&
         !host.starts_with('-');
}

/// A dotted quad that begins with 127, not a name that does: `127.example.com` is not ours.
auto is_loopback(std::string_view host) -> bool {
  const auto digits = host.find_first_not_of("0123456789.") == host.npos;
  return host == "localhost" || host == "[::1]" ||
         (digits && host.starts_with("127.") && std::ranges::count(host, '.') == 3);
}

} // namespace

auto parse_guid(std::string_view text) -> std::optional<std::string> {
  if (text.size() != 36) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) {
      return std::nullopt;
    }
  }
  return lower(text);
}

auto is_name(std::string_view text) noexcept -> bool {
  return !text.empty() && text.size() <= 64 && all_of(text, "_-.") && text.front() != '-' &&
         text.front() != '.';
}

auto object_to_endpoint(std::string_view text) -> std::optional<Objection> {
  const auto https = text.starts_with("https://");
  if (!https && !text.starts_with("http://")) {
    return Objection{"an endpoint begins with https://", "for example https://manage.example.com"};
  }
  const auto [host, port] = split_authority(text.substr(https ? 8 : 7));
  if (!is_host(host) || (port && !is_port(*port))) {
    return Objection{"an endpoint is a host and perhaps a port, and nothing after it",
                     "for example https://manage.example.com:8443"};
  }
  if (!https && !is_loopback(lower(host))) {
    return Objection{
        "plain http is for loopback hosts only: anyone on the way could read the token",
        "write https://"};
  }
  return std::nullopt;
}

auto object_to_secret(std::string_view text) -> std::optional<Objection> {
  for (const std::string_view scheme : {"cred:", "keyvault:"}) {
    if (text.starts_with(scheme) && text.find('/') == std::string_view::npos) {
      return text.size() > scheme.size()
                 ? std::nullopt
                 : std::optional{Objection{"a name is missing after the colon", {}}};
    }
  }
  if (!text.starts_with("file:")) {
    return Objection{"a secret is given by reference, never written here",
                     "put it in a file that only the service may read and write "
                     "\"file:/path/to/it\", or use cred:NAME or keyvault:NAME; replace the secret "
                     "if this file was shared"};
  }
  if (!text.starts_with("file:/") || text.size() < 7 || text.starts_with("file://")) {
    return Objection{"the path after file: must be absolute",
                     "for example file:/etc/sluice/secret"};
  }
  return std::nullopt;
}

auto closest(std::string_view text, const std::vector<std::string_view>& candidates)
    -> std::optional<std::string_view> {
  if (text.size() > 64) {
    return std::nullopt;
  }
  std::optional<std::string_view> best;
  auto best_distance = std::max<std::size_t>(text.size() / 3, 1) + 1;
  for (const auto candidate : candidates) {
    const auto steps = distance(lower(text), lower(candidate));
    if (steps < best_distance) {
      best = candidate;
      best_distance = steps;
    }
  }
  return best;
}

} // namespace sluice::config

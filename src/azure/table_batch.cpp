// SPDX-License-Identifier: Apache-2.0
#include "azure/table_batch.hpp"

#include <charconv>

#include <fmt/format.h>

#include "base/guid.hpp"

namespace sluice::azure {
namespace {

constexpr std::string_view status_line = "HTTP/1.1 ";

auto headers_of(const BatchPart& part) -> std::string {
  std::string headers = "Accept: application/json;odata=minimalmetadata\r\n"
                        "DataServiceVersion: 3.0\r\n";
  if (!part.if_match.empty()) {
    headers += fmt::format("If-Match: {}\r\n", part.if_match);
  }
  if (!part.body.empty()) {
    headers += "Content-Type: application/json\r\nPrefer: return-no-content\r\n";
  }
  return headers;
}

/// Takes the text up to the end of the line off `rest`.
auto next_line(std::string_view& rest) -> std::string_view {
  const auto end = std::min(rest.find('\n'), rest.size());
  auto line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

auto malformed() -> Error {
  return Error{ErrorKind::malformed, "the reply to a transaction of a table makes no sense"};
}

/// The reply whose status line was just read; `rest` begins with its headers.
auto read_part(std::string_view line, std::string_view& rest) -> Result<http::Response> {
  http::Response part;
  const auto digits = line.substr(status_line.size());
  const auto* end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, part.head.status).ec != std::errc{}) {
    return malformed();
  }
  for (auto header = next_line(rest); !header.empty(); header = next_line(rest)) {
    const auto colon = header.find(':');
    if (colon != std::string_view::npos) {
      part.head.headers.add(std::string{header.substr(0, colon)},
                            std::string{header.substr(colon + 1)});
    }
  }
  part.body = rest.substr(0, rest.find("\r\n--"));
  return part;
}

} // namespace

auto batch_body(std::span<const BatchPart> parts, std::string_view boundary) -> std::string {
  const auto changes = fmt::format("changeset_{}", random_guid());
  auto body =
      fmt::format("--{}\r\nContent-Type: multipart/mixed; boundary={}\r\n\r\n", boundary, changes);
  int number = 0;
  for (const auto& part : parts) {
    body += fmt::format("--{}\r\nContent-Type: application/http\r\n"
                        "Content-Transfer-Encoding: binary\r\nContent-ID: {}\r\n\r\n"
                        "{} {} HTTP/1.1\r\n{}\r\n{}\r\n",
                        changes,
                        ++number,
                        part.method,
                        part.url,
                        headers_of(part),
                        part.body);
  }
  return body + fmt::format("--{}--\r\n--{}--\r\n", changes, boundary);
}

auto batch_reply(const http::Response& response, std::size_t count) -> Result<http::Response> {
  http::Response all{.head = {.status = 204, .headers = {}}, .body = {}};
  std::size_t replies = 0;
  std::string_view rest = response.body;
  while (!rest.empty()) {
    const auto line = next_line(rest);
    if (!line.starts_with(status_line)) {
      continue;
    }
    TRY(auto part, read_part(line, rest));
    if (part.head.status < 200 || part.head.status >= 300) {
      return part;
    }
    ++replies;
    all.head.headers.add("ETag", std::string{part.head.headers.find("ETag").value_or("")});
  }
  return replies == count ? Result<http::Response>{std::move(all)} : malformed();
}

} // namespace sluice::azure

// SPDX-License-Identifier: Apache-2.0
#include "azure/blob_container.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "azure/base64.hpp"
#include "azure/storage_error.hpp"

namespace sluice::azure {
namespace {

/// However little is asked for, a refusal has a body too.
constexpr std::size_t most_refusal_bytes = std::size_t{64} * 1024;

void add_condition(http::Headers& headers, const BlobCondition& condition) {
  if (!condition.if_match.empty()) {
    headers.add("If-Match", condition.if_match);
  }
  if (!condition.if_none_match.empty()) {
    headers.add("If-None-Match", condition.if_none_match);
  }
  if (!condition.lease_id.empty()) {
    headers.add("x-ms-lease-id", condition.lease_id);
  }
}

void add_hash(http::Headers& headers, ContentHash hash, std::string_view bytes) {
  if (hash == ContentHash::md5) {
    headers.add("Content-MD5", md5_base64(bytes));
  } else {
    headers.add("x-ms-content-crc64", crc64_base64(bytes));
  }
}

auto etag_of(const http::Response& response) -> std::string {
  return std::string{response.head.headers.find("ETag").value_or("")};
}

auto to_number(std::string_view text) -> std::optional<std::uint64_t> {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

/// The blob's size: what stands behind the slash of `bytes 0-99/1234`.
auto size_of_whole(const http::Response& response) -> std::optional<std::uint64_t> {
  const auto& headers = response.head.headers;
  const auto range = headers.find("Content-Range");
  return range ? to_number(range->substr(range->find('/') + 1))
               : to_number(headers.find("Content-Length").value_or(""));
}

auto arrived_damaged(const http::Response& response) -> bool {
  const auto md5 = response.head.headers.find("Content-MD5");
  return md5 && response.head.status == 206 && *md5 != md5_base64(response.body);
}

} // namespace

auto blob_path(std::string_view name) -> std::string {
  std::string path;
  while (true) {
    const auto part = name.substr(0, name.find('/'));
    path += "/" + http::percent_encoded(part);
    if (part.size() == name.size()) {
      return path;
    }
    name.remove_prefix(part.size() + 1);
  }
}

auto BlobContainer::create(const std::stop_token& stop) const -> Result<bool> {
  auto made = resource_.send({.method = http::Method::put, .query = "restype=container"}, stop);
  if (!made && made.error().code() == "ContainerAlreadyExists") {
    return false;
  }
  if (!made) {
    return std::move(made).error().while_doing("making the container");
  }
  return true;
}

auto BlobContainer::put(std::string_view name,
                        std::string bytes,
                        const PutOptions& options,
                        const std::stop_token& stop) const -> Result<std::string> {
  http::Headers headers{{"x-ms-blob-type", "BlockBlob"}, {"Content-Type", options.content_type}};
  add_condition(headers, options.condition);
  add_hash(headers, options.hash, bytes);
  TRY(const auto response,
      resource_.send({.method = http::Method::put,
                      .path = blob_path(name),
                      .headers = std::move(headers),
                      .body = std::move(bytes)},
                     stop));
  return etag_of(response);
}

auto BlobContainer::stage_block(std::string_view name,
                                std::string_view block_id,
                                std::string bytes,
                                const PutOptions& options,
                                const std::stop_token& stop) const -> Result<> {
  http::Headers headers;
  add_condition(headers, {.lease_id = options.condition.lease_id});
  add_hash(headers, options.hash, bytes);
  TRY_DO(resource_.send(
      {.method = http::Method::put,
       .path = blob_path(name),
       .query = http::encoded({{"comp", "block"}, {"blockid", base64_encoded(block_id)}}),
       .headers = std::move(headers),
       .body = std::move(bytes)},
      stop));
  return {};
}

auto BlobContainer::commit_blocks(std::string_view name,
                                  const std::vector<std::string>& block_ids,
                                  const PutOptions& options,
                                  const std::stop_token& stop) const -> Result<std::string> {
  std::string body = R"(<?xml version="1.0" encoding="utf-8"?><BlockList>)";
  for (const auto& id : block_ids) {
    body += fmt::format("<Latest>{}</Latest>", base64_encoded(id));
  }
  body += "</BlockList>";
  http::Headers headers{{"Content-Type", "application/xml"},
                        {"x-ms-blob-content-type", options.content_type}};
  add_condition(headers, options.condition);
  add_hash(headers, options.hash, body);
  TRY(const auto response,
      resource_.send({.method = http::Method::put,
                      .path = blob_path(name),
                      .query = "comp=blocklist",
                      .headers = std::move(headers),
                      .body = std::move(body)},
                     stop));
  return etag_of(response);
}

auto BlobContainer::create_append_blob(std::string_view name,
                                       const BlobCondition& condition,
                                       const std::stop_token& stop) const -> Result<std::string> {
  http::Headers headers{{"x-ms-blob-type", "AppendBlob"}};
  add_condition(headers, condition);
  TRY(const auto response,
      resource_.send(
          {.method = http::Method::put, .path = blob_path(name), .headers = std::move(headers)},
          stop));
  return etag_of(response);
}

auto BlobContainer::append(std::string_view name,
                           std::uint64_t at,
                           std::string bytes,
                           const BlobCondition& condition,
                           const std::stop_token& stop) const -> Result<> {
  http::Headers headers{{"x-ms-blob-condition-appendpos", std::to_string(at)}};
  add_condition(headers, condition);
  add_hash(headers, ContentHash::md5, bytes);
  TRY_DO(resource_.send({.method = http::Method::put,
                         .path = blob_path(name),
                         .query = "comp=appendblock",
                         .headers = std::move(headers),
                         .body = std::move(bytes)},
                        stop));
  return {};
}

auto BlobContainer::read(std::string_view name,
                         std::uint64_t offset,
                         std::size_t length,
                         const BlobCondition& condition,
                         const std::stop_token& stop) const -> Result<BlobPart> {
  if (length == 0) {
    return Error{ErrorKind::invalid_input, "a read of no bytes"};
  }
  http::Headers headers{{"x-ms-range", fmt::format("bytes={}-{}", offset, offset + length - 1)}};
  add_condition(headers, condition);
  auto response = resource_.send({.method = http::Method::get,
                                  .path = blob_path(name),
                                  .headers = std::move(headers),
                                  .max_reply_bytes = std::max(length, most_refusal_bytes)},
                                 stop);
  if (!response && response.error().code() == "InvalidRange") {
    TRY(auto whole, facts(name, stop)); // Beyond the end, as every byte of an empty blob is.
    return BlobPart{.bytes = {}, .blob_bytes = whole.bytes, .etag = std::move(whole.etag)};
  }
  if (!response) {
    return std::move(response).error();
  }
  const auto whole = size_of_whole(*response);
  if (!whole || arrived_damaged(*response)) {
    return Error{ErrorKind::unavailable, "a part of a blob arrived damaged"};
  }
  auto etag = etag_of(*response);
  return BlobPart{
      .bytes = std::move(response->body), .blob_bytes = *whole, .etag = std::move(etag)};
}

auto BlobContainer::facts(std::string_view name, const std::stop_token& stop) const
    -> Result<BlobFacts> {
  TRY(const auto response,
      resource_.send({.method = http::Method::head, .path = blob_path(name)}, stop));
  const auto bytes = to_number(response.head.headers.find("Content-Length").value_or(""));
  if (!bytes) {
    return Error{ErrorKind::malformed, "a blob without a size"};
  }
  return BlobFacts{.name = std::string{name}, .bytes = *bytes, .etag = etag_of(response)};
}

auto BlobContainer::remove(std::string_view name,
                           const BlobCondition& condition,
                           const std::stop_token& stop) const -> Result<> {
  http::Headers headers{{"x-ms-delete-snapshots", "include"}};
  add_condition(headers, condition);
  TRY_DO(resource_.send(
      {.method = http::Method::del, .path = blob_path(name), .headers = std::move(headers)}, stop));
  return {};
}

} // namespace sluice::azure

// SPDX-License-Identifier: Apache-2.0
#include "endpoint/upload_folder.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "base/sha256.hpp"
#include "endpoint/ingestion_place.hpp"
#include "endpoint/storage_reply.hpp"

namespace sluice::endpoint {
namespace {

namespace fs = std::filesystem;

/// All blobs and blocks together.
constexpr std::int64_t most_upload_bytes = std::int64_t{16} * 1024 * 1024 * 1024;
/// The least that a file takes.
constexpr std::int64_t least_file_bytes = 4'096;
/// A blob that no message named until then is forgotten, as blocks are that nobody commits
/// (documented).
constexpr auto forgotten_after = std::chrono::hours{24 * 7};

/// A file name for anything that a client calls a blob or a block.
auto file_of(std::string_view blob) -> std::string {
  return "blob-" + to_hex(sha256(blob));
}

auto file_of_block(std::string_view blob, std::string_view block) -> std::string {
  return "block-" + to_hex(sha256(fmt::format("{}\n{}", blob, block)));
}

/// What a file counts as; 0 when there is none.
auto charge_of(const fs::path& file) -> std::int64_t {
  std::error_code gone;
  const auto size = fs::file_size(file, gone);
  return gone ? 0 : std::max(static_cast<std::int64_t>(size), least_file_bytes);
}

} // namespace

UploadFolder::UploadFolder(const Directory& directory) : directory_{directory} {
  const auto now = fs::file_time_type::clock::now();
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{directory.path(), ignored}) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with("blob-") && !name.starts_with("block-")) {
      continue;
    }
    std::error_code gone;
    if (const auto written = entry.last_write_time(gone);
        !gone && now - written > forgotten_after) {
      fs::remove(entry.path(), gone);
    }
    charged_bytes_ += charge_of(entry.path());
  }
}

auto UploadFolder::answer(const http::ServerRequest& request, std::string_view blob)
    -> Result<http::ServerReply> {
  if (request.method == "DELETE") {
    TRY_DO(remove(blob));
    return storage_reply(202);
  }
  return request.method == "PUT" ? put(request, blob) : storage_reply(405);
}

auto UploadFolder::put(const http::ServerRequest& request, std::string_view blob)
    -> Result<http::ServerReply> {
  if (charged_bytes_ + static_cast<std::int64_t>(request.body.size()) > most_upload_bytes) {
    return storage_reply(503, "ServerBusy");
  }
  const auto part = request.parameter("comp").value_or("");
  if (part == "blocklist") {
    return commit_blocks(blob, request.body);
  }
  TRY_DO(write(part == "block" ? file_of_block(blob, request.parameter("blockid").value_or(""))
                               : file_of(blob),
               request.body));
  return storage_reply(201);
}

auto UploadFolder::commit_blocks(std::string_view blob, std::string_view list)
    -> Result<http::ServerReply> {
  std::string whole;
  std::set<std::string> files;
  for (const auto block : xml_elements(list, "Latest")) {
    const auto& file = *files.insert(file_of_block(blob, block)).first;
    const auto bytes = read_file(directory_.path() / file, max_blob_bytes);
    if (!bytes && bytes.error().kind() == ErrorKind::gone) {
      return storage_reply(400, "InvalidBlockList");
    }
    if (!bytes) {
      return bytes.error();
    }
    if (whole.size() + bytes->size() > max_blob_bytes) {
      return storage_reply(413, "RequestBodyTooLarge");
    }
    whole += *bytes;
  }
  TRY_DO(write(file_of(blob), whole));
  for (const auto& file : files) { // Only now: a commit that is cut off is made again.
    TRY_DO(erase(file));
  }
  return storage_reply(201);
}

auto UploadFolder::read(std::string_view blob) const -> Result<std::string> {
  TRY(auto bytes, read_file(directory_.path() / file_of(blob), max_blob_bytes));
  return inflated(std::move(bytes));
}

auto UploadFolder::remove(std::string_view blob) -> Result<> {
  return erase(file_of(blob));
}

auto UploadFolder::write(const std::string& file, std::string_view bytes) -> Result<> {
  const auto path = directory_.path() / file;
  const auto before = charge_of(path);
  TRY_DO(replace_file(path, bytes));
  charged_bytes_ += charge_of(path) - before;
  return {};
}

auto UploadFolder::erase(const std::string& file) -> Result<> {
  const auto before = charge_of(directory_.path() / file);
  TRY_DO(directory_.remove(file));
  charged_bytes_ -= before;
  return {};
}

} // namespace sluice::endpoint

// SPDX-License-Identifier: Apache-2.0
#include "endpoint/storage.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/guid.hpp"
#include "base/gzip.hpp"
#include "base/log.hpp"
#include "base/sha256.hpp"
#include "endpoint/base64.hpp"
#include "http/url.hpp"
#include "kql/conversion.hpp"

namespace sluice::endpoint {
namespace {

constexpr std::size_t most_messages = 10'000;
constexpr std::size_t most_told = 10'000;
constexpr std::size_t max_message_bytes = std::size_t{64} * 1024;
constexpr std::size_t max_blob_bytes = std::size_t{256} * 1024 * 1024;
/// All blobs and blocks together.
constexpr std::uintmax_t most_upload_bytes = std::uintmax_t{16} * 1024 * 1024 * 1024;
/// A blob that no message named until then is forgotten, as blocks are that nobody commits
/// (documented).
constexpr auto forgotten_after = std::chrono::hours{24 * 7};
/// For how long a message that was received is hidden: at least and at most (documented).
constexpr std::pair hiding{std::chrono::seconds{1}, std::chrono::seconds{7 * 24 * 3600}};
constexpr std::string_view message_prefix = "message-";

auto status(int code) -> http::ServerReply {
  http::ServerReply reply;
  reply.status = code;
  return reply;
}

auto xml(int code, std::string body) -> http::ServerReply {
  auto reply = status(code);
  reply.headers.emplace_back("Content-Type", "application/xml");
  reply.body = R"(<?xml version="1.0" encoding="utf-8"?>)" + std::move(body);
  return reply;
}

/// A file name for anything that a client calls a blob or a block.
auto file_of(std::string_view blob) -> std::string {
  return "blob-" + to_hex(sha256(blob));
}

auto file_of_block(std::string_view blob, std::string_view block) -> std::string {
  return "block-" + to_hex(sha256(fmt::format("{}\n{}", blob, block)));
}

/// Calls `visit` for each blob and block that is there; others may go meanwhile.
void each_upload(const Directory& directory,
                 const std::function<void(const std::filesystem::directory_entry&)>& visit) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator{directory.path(), ignored}) {
    if (entry.path().filename().string().starts_with("blo")) {
      visit(entry);
    }
  }
}

auto uploaded_bytes(const Directory& directory) -> std::uintmax_t {
  std::uintmax_t bytes = 0;
  each_upload(directory, [&](const auto& entry) {
    std::error_code gone;
    const auto size = entry.file_size(gone);
    bytes += gone ? 0 : size;
  });
  return bytes;
}

void forget_old_uploads(const Directory& directory) {
  const auto now = std::filesystem::file_time_type::clock::now();
  each_upload(directory, [&](const auto& entry) {
    std::error_code gone;
    if (const auto written = entry.last_write_time(gone);
        !gone && now - written > forgotten_after) {
      std::filesystem::remove(entry.path(), gone);
    }
  });
}

/// What stands between `<tag>` and `</tag>`, all of them in order.
auto elements(std::string_view text, std::string_view tag) -> std::vector<std::string_view> {
  const auto open = fmt::format("<{}>", tag);
  const auto close = fmt::format("</{}>", tag);
  std::vector<std::string_view> found;
  for (auto at = text.find(open); at != std::string_view::npos; at = text.find(open)) {
    text.remove_prefix(at + open.size());
    const auto end = text.find(close);
    if (end == std::string_view::npos) {
      break;
    }
    found.push_back(text.substr(0, end));
    text.remove_prefix(end + close.size());
  }
  return found;
}

constexpr std::uint64_t max_inflated_bytes = std::uint64_t{512} * 1024 * 1024;

/// What identifies a blob in all containers: of those in `staging` the container too.
auto key_of(std::string_view container, std::string_view blob) -> std::string {
  return container == Storage::staging ? fmt::format("{}\n{}", container, blob) : std::string{blob};
}

/// The key of `http://host/sluiceaccount/tempstorage/name?...`; empty for other addresses. What
/// follows a semicolon says how to read the blob; `staging` is read by identities alone.
auto key_at(std::string_view address) -> std::string {
  const bool by_identity = address.find(";managed_identity=") != std::string_view::npos;
  const auto url = http::Url::parse(address.substr(0, address.find(';')));
  for (const auto container : {Storage::blobs, Storage::staging}) {
    const auto prefix = fmt::format("/{}/{}/", Storage::account, container);
    if (url && url->path().starts_with(prefix) && (container == Storage::blobs || by_identity)) {
      const auto blob = http::percent_decoded(std::string_view{url->path()}.substr(prefix.size()));
      return blob && !blob->empty() ? key_of(container, *blob) : std::string{};
    }
  }
  return {};
}

auto inflated(std::string bytes) -> Result<std::string> {
  if (!looks_compressed(bytes)) {
    return bytes;
  }
  std::string body;
  Inflater inflater{Inflater::Limits{.max_output_bytes = max_inflated_bytes, .max_ratio = 1'032}};
  TRY_DO(inflater.feed(bytes, [&body](std::string_view piece) -> Result<> {
    body += piece;
    return {};
  }));
  TRY_DO(inflater.finish());
  return body;
}

} // namespace

Storage::Storage(Directory directory, Clock& clock, Secret token)
    : directory_{std::move(directory)},
      clock_{clock},
      token_{std::move(token)},
      key_{random_guid() + random_guid()},
      messages_{most_messages} {}

auto Storage::open(const std::filesystem::path& path, Clock& clock, Secret token)
    -> Result<std::unique_ptr<Storage>> {
  TRY(auto directory, Directory::make(path));
  auto storage =
      std::unique_ptr<Storage>{new Storage{std::move(directory), clock, std::move(token)}};
  forget_old_uploads(storage->directory_);
  TRY(auto statuses_there, StatusTable::open(storage->directory_));
  storage->status_table_.emplace(std::move(statuses_there));
  TRY(const auto names, storage->directory_.names());
  for (const auto& name : names) {
    if (!name.starts_with(message_prefix)) {
      continue;
    }
    TRY(auto text, read_file(path / name, max_message_bytes));
    if (!storage->messages_.push({name, std::move(text)}, {})) {
      break;
    }
    const auto number = kql::parse_long(name.substr(message_prefix.size())).value_or(0);
    storage->next_message_ = static_cast<std::uint64_t>(number) + 1;
  }
  return storage;
}

auto Storage::address(std::string_view origin, std::string_view name) const -> std::string {
  return fmt::format("{}/{}/{}?sv=2026-04-06&sig={}", origin, account, name, key_);
}

auto Storage::is_let_in(const http::ServerRequest& request, std::string_view container) const
    -> bool {
  constexpr std::string_view scheme = "Bearer ";
  const auto authorization = request.header("Authorization");
  if (container != staging || !authorization.starts_with(scheme)) {
    return request.parameter("sig") == key_;
  }
  return token_.empty() || authorization.substr(scheme.size()) == token_.reveal();
}

auto Storage::answer(const http::ServerRequest& request) -> http::ServerReply {
  auto rest = std::string_view{request.path};
  rest.remove_prefix(std::min(account.size() + 2, rest.size()));
  const auto slash = std::min(rest.find('/'), rest.size());
  const auto name = rest.substr(0, slash);
  rest.remove_prefix(std::min(slash + 1, rest.size()));
  if (!is_let_in(request, name)) {
    return status(403);
  }
  auto reply = name == blobs || name == staging
                   ? answer_blob(request, rest.empty() ? std::string{} : key_of(name, rest))
               : name.starts_with(statuses) ? status_table_->answer(request, name)
                                            : answer_queue(request, name);
  if (!reply) {
    log(LogLevel::error, "endpoint_storage_failed", reply.error().message());
    return status(500);
  }
  return *std::move(reply);
}

auto Storage::answer_blob(const http::ServerRequest& request, std::string_view blob)
    -> Result<http::ServerReply> {
  if (blob.empty()) { // The container itself, which is there.
    auto reply = status(request.method == "PUT" ? 409 : 405);
    reply.headers.emplace_back("x-ms-error-code", "ContainerAlreadyExists");
    return reply;
  }
  if (request.method == "DELETE") {
    TRY_DO(directory_.remove(file_of(blob)));
    return status(202);
  }
  return request.method == "PUT" ? put_blob(request, blob) : status(405);
}

auto Storage::put_blob(const http::ServerRequest& request, std::string_view blob)
    -> Result<http::ServerReply> {
  if (uploaded_bytes(directory_) + request.body.size() > most_upload_bytes) {
    auto full = status(503);
    full.headers.emplace_back("x-ms-error-code", "ServerBusy");
    return full;
  }
  const auto part = request.parameter("comp").value_or("");
  if (part == "block") {
    TRY_DO(put(file_of_block(blob, request.parameter("blockid").value_or("")), request.body));
  } else if (part == "blocklist") {
    TRY_DO(commit_blocks(blob, request.body));
  } else {
    TRY_DO(put(file_of(blob), request.body));
  }
  return status(201);
}

auto Storage::commit_blocks(std::string_view blob, std::string_view list) -> Result<> {
  std::string whole;
  for (const auto block : elements(list, "Latest")) {
    const auto name = file_of_block(blob, block);
    TRY(const auto bytes, read_file(directory_.path() / name, max_blob_bytes));
    whole += bytes;
    if (whole.size() > max_blob_bytes) {
      return Error{ErrorKind::invalid_input, "a blob is too large"};
    }
    TRY_DO(directory_.remove(name));
  }
  return put(file_of(blob), whole);
}

auto Storage::put(const std::string& name, std::string_view bytes) const -> Result<> {
  return replace_file(directory_.path() / name, bytes);
}

auto Storage::answer_queue(const http::ServerRequest& request, std::string_view queue)
    -> Result<http::ServerReply> {
  const bool is_telling = queue == failures || queue == successes;
  if (queue == requests && request.method == "POST") {
    return enqueue(request.body);
  }
  if (is_telling && request.method == "GET") {
    return list_told(request, queue);
  }
  if (is_telling && request.method == "DELETE") {
    const auto slash = request.path.rfind('/');
    const std::lock_guard lock{mutex_};
    told_[std::string{queue}].erase(request.path.substr(slash + 1));
    return status(204);
  }
  return status(405);
}

auto Storage::enqueue(std::string_view body) -> Result<http::ServerReply> {
  const auto texts = elements(body, "MessageText");
  auto text = texts.empty() ? std::nullopt : decode_base64(texts.front());
  if (!text || text->size() > max_message_bytes) {
    return status(400);
  }
  TRY(const bool taken, submit(*std::move(text)));
  if (!taken) {
    return status(503);
  }
  const auto id = random_guid();
  // An empty body would be taken for a failure, and the message sent again (observed).
  return xml(201,
             fmt::format("<QueueMessagesList><QueueMessage><MessageId>{}</MessageId>"
                         "<PopReceipt>{}</PopReceipt></QueueMessage></QueueMessagesList>",
                         id,
                         id));
}

auto Storage::submit(std::string text) -> Result<bool> {
  Message message{{}, std::move(text)};
  {
    const std::lock_guard lock{mutex_};
    message.name = fmt::format("{}{:020}", message_prefix, next_message_++);
  }
  TRY_DO(put(message.name, message.text));
  return messages_.push(std::move(message), {});
}

auto Storage::list_told(const http::ServerRequest& request, std::string_view queue)
    -> http::ServerReply {
  const auto digits = request.parameter("numofmessages").value_or("1");
  const auto most = digits.size() == 1 && digits > "0" ? std::size_t(digits.front() - '0') : 32U;
  const bool is_peek = request.parameter("peekonly") == "true";
  const auto hidden = std::chrono::seconds{
      kql::parse_long(request.parameter("visibilitytimeout").value_or("")).value_or(30)};
  std::string list;
  std::size_t count = 0;
  const auto now = clock_.steady();
  const std::lock_guard lock{mutex_};
  for (auto& [id, told] : told_[std::string{queue}]) {
    if (told.hidden_until > now) {
      continue;
    }
    if (count++ == most) {
      break;
    }
    if (!is_peek) {
      told.hidden_until = now + std::clamp(hidden, hiding.first, hiding.second);
    }
    list += fmt::format("<QueueMessage><MessageId>{0}</MessageId><PopReceipt>{0}</PopReceipt>"
                        "<DequeueCount>1</DequeueCount><MessageText>{1}</MessageText>"
                        "</QueueMessage>",
                        id,
                        encode_base64(told.text));
  }
  return xml(200, fmt::format("<QueueMessagesList>{}</QueueMessagesList>", list));
}

auto Storage::take(const std::stop_token& stop) -> std::optional<Message> {
  return messages_.pop(stop);
}

void Storage::finish(const Message& message, std::string_view blob_address) {
  const auto removed = directory_.remove(message.name);
  const bool is_ours = blob_address.find(";managed_identity=") == std::string_view::npos;
  const auto blob = is_ours ? key_at(blob_address) : std::string{};
  if (!removed || (!blob.empty() && !directory_.remove(file_of(blob)))) {
    log(LogLevel::warning, "endpoint_storage_failed", "a message or its blob could not be removed");
  }
}

auto Storage::read_blob(std::string_view blob_address) const -> Result<std::string> {
  const auto blob = key_at(blob_address);
  if (blob.empty()) {
    return Error{ErrorKind::gone, "the message names no blob of this endpoint"}.with_code(
        "Download_SourceNotFound");
  }
  TRY(auto bytes, read_file(directory_.path() / file_of(blob), max_blob_bytes));
  return inflated(std::move(bytes));
}

void Storage::tell(std::string_view queue, std::string message) {
  const std::lock_guard lock{mutex_};
  auto& messages = told_[std::string{queue}];
  if (messages.size() >= most_told) {
    messages.erase(messages.begin());
  }
  messages.emplace(random_guid(), Told{.text = std::move(message)});
}

} // namespace sluice::endpoint

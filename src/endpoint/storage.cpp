// SPDX-License-Identifier: Apache-2.0
#include "endpoint/storage.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/guid.hpp"
#include "base/log.hpp"
#include "endpoint/reception.hpp"
#include "endpoint/storage_reply.hpp"
#include "http/url.hpp"

namespace sluice::endpoint {
namespace {

void log_failure(const Error& error) {
  log(LogLevel::error, "endpoint_storage_failed", error.message());
}

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

} // namespace

Storage::Storage(Directory directory, Secret token)
    : directory_{std::move(directory)},
      token_{std::move(token)},
      key_{random_guid() + random_guid()},
      uploads_{directory_} {}

auto Storage::open(const std::filesystem::path& path, Clock& clock, Secret token)
    -> Result<std::unique_ptr<Storage>> {
  TRY(auto directory, Directory::make(path));
  auto storage = std::unique_ptr<Storage>{new Storage{std::move(directory), std::move(token)}};
  const auto& there = storage->directory_;
  TRY(auto statuses_there, StatusTable::open(there));
  storage->status_table_.emplace(std::move(statuses_there));
  TRY(storage->requests_, RequestQueue::open(there));
  TRY(storage->failures_, ToldQueue::open(there, failures, clock));
  TRY(storage->successes_, ToldQueue::open(there, successes, clock));
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
    return same_secret(request.parameter("sig").value_or(""), key_);
  }
  return token_.empty() || same_secret(authorization.substr(scheme.size()), token_.reveal());
}

auto Storage::answer(const http::ServerRequest& request) -> http::ServerReply {
  auto rest = std::string_view{request.path};
  rest.remove_prefix(std::min(account.size() + 2, rest.size()));
  const auto slash = std::min(rest.find('/'), rest.size());
  const auto name = rest.substr(0, slash);
  rest.remove_prefix(std::min(slash + 1, rest.size()));
  if (!is_let_in(request, name)) {
    return storage_reply(403, "AuthenticationFailed");
  }
  auto reply = dispatch(request, name, rest);
  if (!reply) {
    log_failure(reply.error());
    return storage_reply(500, "InternalError");
  }
  return *std::move(reply);
}

auto Storage::dispatch(const http::ServerRequest& request,
                       std::string_view name,
                       std::string_view rest) -> Result<http::ServerReply> {
  if (name == blobs || name == staging) {
    if (!rest.empty()) {
      return uploads_.answer(request, key_of(name, rest));
    }
    // The container itself, which is there.
    return request.method == "PUT" ? storage_reply(409, "ContainerAlreadyExists")
                                   : storage_reply(405);
  }
  if (name.starts_with(statuses)) {
    return status_table_->answer(request, name);
  }
  if (name == requests && request.method == "POST") {
    return requests_->answer_put(request.body);
  }
  return name == failures    ? failures_->answer(request)
         : name == successes ? successes_->answer(request)
                             : storage_reply(405);
}

auto Storage::take(const std::stop_token& stop) -> std::optional<Message> {
  return requests_->take(stop);
}

void Storage::finish(const Message& message, std::string_view blob_address) {
  const bool is_ours = blob_address.find(";managed_identity=") == std::string_view::npos;
  const auto blob = is_ours ? key_at(blob_address) : std::string{};
  if (const auto finished = requests_->finish(message); !finished) {
    log_failure(finished.error());
  }
  if (const auto removed = blob.empty() ? Result<>{} : uploads_.remove(blob); !removed) {
    log_failure(removed.error());
  }
}

auto Storage::holds(std::string_view blob_address) const -> bool {
  return !key_at(blob_address).empty();
}

auto Storage::read_blob(std::string_view blob_address) const -> Result<std::string> {
  const auto blob = key_at(blob_address);
  if (blob.empty()) {
    return Error{ErrorKind::gone, "the message names no blob of this endpoint"}.with_code(
        "Download_SourceNotFound");
  }
  return uploads_.read(blob);
}

void Storage::tell(Outcome outcome, std::string_view text) {
  auto& told = outcome == Outcome::failure ? *failures_ : *successes_;
  if (const auto kept = told.tell(text); !kept) {
    log_failure(kept.error());
  }
}

} // namespace sluice::endpoint

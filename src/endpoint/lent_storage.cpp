// SPDX-License-Identifier: Apache-2.0
#include "endpoint/lent_storage.hpp"

#include <array>
#include <chrono>

#include <fmt/format.h>

#include "azure/signed_address.hpp"
#include "base/log.hpp"
#include "http/url.hpp"

namespace sluice::endpoint {
namespace {

using azure::StorageService;

/// Clients ask again every hour (observed); what they upload may wait.
constexpr auto signed_for = std::chrono::hours{25};
/// For how long nobody else takes a message up. Longer than an ingestion lasts; who dies is
/// followed after that.
constexpr auto hidden = std::chrono::minutes{15};
constexpr auto wait_when_empty = std::chrono::milliseconds{500};
constexpr auto wait_after_failure = std::chrono::seconds{5};
constexpr std::size_t part_bytes = std::size_t{8} * 1024 * 1024;

/// What is lent of an account, and what whoever has the address may do there.
struct Lent {
  std::string_view kind;
  StorageService service;
  std::string_view name;
  std::string_view permissions;
};

constexpr std::array table{
    Lent{"TempStorage", StorageService::blob, LentStorage::container_name, "rcwdl"},
    Lent{"SecuredReadyForAggregationQueue", StorageService::queue, LentStorage::requests_name, "a"},
    Lent{"FailedIngestionsQueue", StorageService::queue, LentStorage::failures_name, "rup"},
    Lent{"SuccessfulIngestionsQueue", StorageService::queue, LentStorage::successes_name, "rup"},
};

auto url_of(const azure::StorageAccount& account, const Lent& lent) -> Result<http::Url> {
  return azure::below(lent.service == StorageService::blob ? account.blob : account.queue,
                      lent.name);
}

void log_failure(const Error& error) {
  log(LogLevel::warning, "lent_storage_failed", error.message());
}

} // namespace

LentStorage::LentStorage(Clock& clock,
                         azure::StorageAccount account,
                         Secret key_base64,
                         const std::vector<azure::StorageResource>& parts)
    : clock_{clock},
      account_{std::move(account)},
      key_{std::move(key_base64)},
      container_{parts.at(0)},
      requests_{parts.at(1)},
      failures_{parts.at(2)},
      successes_{parts.at(3)} {}

auto LentStorage::open(http::HttpClient& client,
                       Clock& clock,
                       azure::StorageAccount account,
                       Secret key_base64) -> Result<std::unique_ptr<LentStorage>> {
  TRY(const auto authorization, azure::shared_key(account.name, key_base64));
  std::vector<azure::StorageResource> parts;
  for (const auto& lent : table) {
    TRY(auto url, url_of(account, lent));
    parts.emplace_back(client, clock, lent.service, std::move(url), authorization);
  }
  std::unique_ptr<LentStorage> storage{
      new LentStorage{clock, std::move(account), std::move(key_base64), parts}};
  TRY_DO(storage->container_.create({}));
  for (const auto* queue : {&storage->requests_, &storage->failures_, &storage->successes_}) {
    TRY_DO(queue->create({}));
  }
  return storage;
}

auto LentStorage::addresses() const -> Result<std::vector<std::pair<std::string_view, Secret>>> {
  std::vector<std::pair<std::string_view, Secret>> addresses;
  for (const auto& lent : table) {
    TRY(const auto url, url_of(account_, lent));
    TRY(const auto signature,
        azure::signature_for(
            account_,
            key_,
            lent.service,
            lent.name,
            {},
            {.permissions = std::string{lent.permissions}, .expires = clock_.now() + signed_for}));
    addresses.emplace_back(lent.kind, Secret{fmt::format("{}?{}", url.text(), signature.reveal())});
  }
  return addresses;
}

auto LentStorage::take(const std::stop_token& stop) -> std::optional<Message> {
  while (!stop.stop_requested()) {
    const auto messages = requests_.receive(1, hidden, stop);
    if (messages && !messages->empty()) {
      const auto& message = messages->front();
      return Message{message.id, message.pop_receipt, message.text, message.receptions};
    }
    if (!messages && messages.error().kind() != ErrorKind::cancelled) {
      log_failure(messages.error());
    }
    static_cast<void>(clock_.wait(
        messages ? std::chrono::nanoseconds{wait_when_empty} : wait_after_failure, stop));
  }
  return std::nullopt;
}

void LentStorage::finish(const Message& message, std::string_view blob_address) {
  azure::QueueMessage taken;
  taken.id = message.name;
  taken.pop_receipt = message.receipt;
  if (const auto removed = requests_.remove(taken, {}); !removed) {
    log_failure(removed.error()); // Whoever has it by now finds by its tags that it is done.
  }
  const auto blob = blob_of(blob_address);
  if (const auto removed = blob ? container_.remove(*blob, {}, {}) : Result<>{};
      !removed && removed.error().kind() != ErrorKind::gone) {
    log_failure(removed.error());
  }
}

void LentStorage::tell(Outcome outcome, std::string_view text) {
  const auto& queue = outcome == Outcome::failure ? failures_ : successes_;
  if (const auto told = queue.put(text, {}, {}); !told) {
    log_failure(told.error());
  }
}

auto LentStorage::blob_of(std::string_view address) const -> std::optional<std::string> {
  const auto url = http::Url::parse(address.substr(0, address.find(';')));
  const auto& root = container_.resource().url();
  const auto folder = root.path() + "/";
  if (!url || url->origin() != root.origin() || !url->path().starts_with(folder)) {
    return std::nullopt;
  }
  auto blob = http::percent_decoded(std::string_view{url->path()}.substr(folder.size()));
  return blob && !blob->empty() ? std::optional{*std::move(blob)} : std::nullopt;
}

auto LentStorage::holds(std::string_view blob_address) const -> bool {
  return blob_of(blob_address).has_value();
}

auto LentStorage::read_blob(std::string_view blob_address) const -> Result<std::string> {
  const auto blob = blob_of(blob_address);
  if (!blob) {
    return Error{ErrorKind::gone, "the address is not of the container that is lent"};
  }
  std::string bytes;
  azure::BlobCondition condition;
  for (std::uint64_t all = 1; bytes.size() < all;) {
    TRY(const auto part, container_.read(*blob, bytes.size(), part_bytes, condition, {}));
    if (part.blob_bytes > max_blob_bytes) {
      return Error{ErrorKind::invalid_input, "a blob is too large"};
    }
    all = part.blob_bytes;
    condition.if_match = part.etag;
    bytes += part.bytes;
    if (part.bytes.empty()) {
      break;
    }
  }
  return inflated(std::move(bytes));
}

} // namespace sluice::endpoint

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "azure/blob_container.hpp"
#include "azure/queue.hpp"
#include "azure/storage_account.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "endpoint/ingestion_place.hpp"
#include "http/client.hpp"

namespace sluice::endpoint {

/// A container and three queues of a storage account, which the endpoint lends to its clients in
/// place of its own: what they upload does not pass through it, and is not on its disk.
///
/// The client signs nothing and needs no right in the account: the addresses carry signatures for
/// a day, made anew whenever somebody asks. Blobs of other places are not fetched.
///
/// Threads: any.
class LentStorage final : public IngestionPlace {
public:
  static constexpr std::string_view container_name = "sluice-ingest";
  static constexpr std::string_view requests_name = "sluice-ingest-requests";
  static constexpr std::string_view failures_name = "sluice-ingest-failures";
  static constexpr std::string_view successes_name = "sluice-ingest-successes";

  /// Makes the container and the queues when they are missing. `client` and `clock` must outlive
  /// the object.
  /// Errors: invalid_input for a key that is none; those of storage.
  [[nodiscard]] static auto
  open(http::HttpClient& client, Clock& clock, azure::StorageAccount account, Secret key_base64)
      -> Result<std::unique_ptr<LentStorage>>;

  /// What is lent, by the service's names for the kinds, each with its signature; the container
  /// first.
  /// Errors: invalid_input when it cannot be signed.
  [[nodiscard]] auto addresses() const -> Result<std::vector<std::pair<std::string_view, Secret>>>;

  [[nodiscard]] auto take(const std::stop_token& stop) -> std::optional<Message> override;
  void finish(const Message& message, std::string_view blob_address) override;
  void tell(Outcome outcome, std::string_view text) override;
  [[nodiscard]] auto holds(std::string_view blob_address) const -> bool override;
  [[nodiscard]] auto read_blob(std::string_view blob_address) const -> Result<std::string> override;

private:
  /// `parts` are the container and the queues for requests, failures and successes.
  LentStorage(Clock& clock,
              azure::StorageAccount account,
              Secret key_base64,
              const std::vector<azure::StorageResource>& parts);
  /// The name of a blob of ours.
  [[nodiscard]] auto blob_of(std::string_view address) const -> std::optional<std::string>;

  Clock& clock_;
  const azure::StorageAccount account_;
  const Secret key_;
  const azure::BlobContainer container_;
  const azure::Queue requests_;
  const azure::Queue failures_;
  const azure::Queue successes_;
};

} // namespace sluice::endpoint

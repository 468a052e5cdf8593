// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <thread>

#include "base/result.hpp"
#include "endpoint/ingestion.hpp"
#include "endpoint/ingestion_place.hpp"
#include "endpoint/service.hpp"

namespace sluice::endpoint {

/// What a message of the ingestion queue asks for.
struct QueuedRequest {
  IngestRequest ingest;
  std::string id;
  std::string database;
  std::string blob_address;
  bool tells_success = false;
  /// The keys of the entity that is to tell what becomes of it; empty for none.
  std::string status_partition{};
  std::string status_row{};
};

/// Reads a message as all clients write it (observed): keys in any case, numbers and truths as such
/// or as texts.
/// Errors: malformed.
[[nodiscard]] auto parse_queued_request(std::string_view message) -> Result<QueuedRequest>;

/// Does what the messages ask for, one after another, on a thread of its own.
class QueuedIngestion {
public:
  /// Both must outlive the object.
  QueuedIngestion(Service& service, IngestionPlace& place);

private:
  void work(const std::stop_token& stop);
  void deal_with(const IngestionPlace::Message& message);
  void tell(const QueuedRequest& request, const tl::expected<Ingested, Failure>& outcome);

  Service& service_;
  IngestionPlace& place_;
  std::jthread worker_;
};

} // namespace sluice::endpoint

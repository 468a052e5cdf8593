// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/file.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "endpoint/ingestion_place.hpp"
#include "endpoint/request_queue.hpp"
#include "endpoint/status_table.hpp"
#include "endpoint/told_queue.hpp"
#include "endpoint/upload_folder.hpp"
#include "http/server.hpp"

namespace sluice::endpoint {

/// The little of Azure's blob and queue services that clients upload through when they ingest
/// (observed in their source): blobs, one queue of messages that name them, two queues and a
/// table that tell what became of them. All of it lies in a directory and survives the process.
///
/// Addresses carry a key made at the start, as Azure's carry a signature; nothing else lets one in.
/// One more container, `staging`, plays one of a client's own: who comes with a bearer token writes
/// into it (the token is believed, unless one was given), and nobody reads it but the ingestion, as
/// a managed identity of the cluster.
///
/// Threads: any.
class Storage final : public IngestionPlace {
public:
  static constexpr std::string_view account = "sluiceaccount";
  static constexpr std::string_view blobs = "tempstorage";
  static constexpr std::string_view staging = "staging";
  static constexpr std::string_view requests = "ingestrequests";
  static constexpr std::string_view failures = "failedingestions";
  static constexpr std::string_view successes = "successfulingestions";
  static constexpr std::string_view statuses = "ingestionsstatus";

  /// Makes the directory if need be, and takes up what an earlier process left.
  /// `token` is the one bearer token that opens `staging`; empty: any does.
  /// Errors: storage.
  [[nodiscard]] static auto open(const std::filesystem::path& directory,
                                 Clock& clock,
                                 Secret token = {}) -> Result<std::unique_ptr<Storage>>;
  /// Answers a request whose path begins with the account.
  [[nodiscard]] auto answer(const http::ServerRequest& request) -> http::ServerReply;
  /// The address of a container or queue under `origin`, with its key.
  [[nodiscard]] auto address(std::string_view origin, std::string_view name) const -> std::string;

  [[nodiscard]] auto take(const std::stop_token& stop) -> std::optional<Message> override;
  void finish(const Message& message, std::string_view blob_address) override;
  void tell(Outcome outcome, std::string_view text) override;
  /// Whatever host the address has, only our own blobs are read.
  [[nodiscard]] auto holds(std::string_view blob_address) const -> bool override;
  [[nodiscard]] auto read_blob(std::string_view blob_address) const -> Result<std::string> override;
  [[nodiscard]] auto requests_queue() noexcept -> RequestQueue& { return *requests_; }
  [[nodiscard]] auto status_table() noexcept -> StatusTable& { return *status_table_; }

private:
  Storage(Directory directory, Secret token);
  [[nodiscard]] auto is_let_in(const http::ServerRequest& request, std::string_view container) const
      -> bool;
  /// `name` is the container, queue or table, `rest` what follows it in the path.
  [[nodiscard]] auto dispatch(const http::ServerRequest& request,
                              std::string_view name,
                              std::string_view rest) -> Result<http::ServerReply>;

  const Directory directory_;
  const Secret token_;
  const std::string key_;
  UploadFolder uploads_;
  // There once it is open.
  std::optional<StatusTable> status_table_;
  std::unique_ptr<RequestQueue> requests_;
  std::unique_ptr<ToldQueue> failures_;
  std::unique_ptr<ToldQueue> successes_;
};

} // namespace sluice::endpoint

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "endpoint/lent_storage.hpp"

namespace sluice::endpoint {

struct EndpointOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;          ///< 0 takes any free port.
  std::filesystem::path store;     ///< The store's directory; made when it is missing.
  std::string database = "sluice"; ///< What clients call the one database.
  std::string version = "0";
  /// PEM files; both empty for plain HTTP.
  std::string certificate_file = {};
  std::string key_file = {};
  /// What clients must show as `Authorization: Bearer`; empty: anybody who can connect may ask.
  Secret token = {};
  /// Web pages that may ask, by origin.
  std::vector<std::string> origins = {};
  /// Clients that can are told to ingest over REST in place of the queues.
  bool prefers_rest = false;
  /// What clients upload through in place of the endpoint's own container and queues, if any.
  std::unique_ptr<LentStorage> lent = {};
  /// The largest body of a request. Bytes.
  std::size_t max_body_bytes = std::size_t{64} * 1024 * 1024;
  /// Requests that are served at once.
  std::size_t connections = 64;
};

/// The embedded store behind Azure Data Explorer's REST protocol, as its clients speak it
/// (documented; their source; tried with them).
///
/// Use:     `start`; it serves until its end.
/// Threads: any.
class Endpoint {
public:
  /// Listens at once. `clock` must outlive the endpoint.
  /// Errors: invalid_input when the address cannot be listened on, the certificate not be read, or
  /// the address is not this machine's own and there is no token; as `store::Store::open`.
  [[nodiscard]] static auto start(EndpointOptions options, Clock& clock)
      -> Result<std::unique_ptr<Endpoint>>;
  Endpoint(const Endpoint&) = delete;
  auto operator=(const Endpoint&) -> Endpoint& = delete;
  ~Endpoint();

  /// `http://127.0.0.1:8080`, without a slash at the end.
  [[nodiscard]] auto url() const -> std::string;

private:
  struct State;
  explicit Endpoint(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

} // namespace sluice::endpoint

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "azure/storage_account.hpp"
#include "azure/storage_resource.hpp"
#include "azure/table.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "http/curl_client.hpp"

/// For tests: Azurite, Microsoft's emulator of Blob, Queue and Table, as tests/services installs
/// it.
namespace sluice::azure {

/// An emulator with nothing in it and what is needed to speak to it. It ends with this object, and
/// with the test program.
///
/// Threads: any.
class Azurite {
public:
  enum class Transport : std::uint8_t {
    http,  ///< Takes keys and signatures.
    https, ///< Takes access tokens too, whoever signed them.
  };

  /// Starts one; a test that cannot have it fails.
  explicit Azurite(Transport transport = Transport::http);
  Azurite(const Azurite&) = delete;
  auto operator=(const Azurite&) -> Azurite& = delete;
  ~Azurite();

  /// The one that the tests of a program share.
  [[nodiscard]] static auto shared() -> Azurite&;

  [[nodiscard]] auto account() const -> const StorageAccount& { return *account_; }
  [[nodiscard]] auto client() -> http::HttpClient& { return *client_; }
  [[nodiscard]] auto clock() -> Clock& { return clock_; }
  /// The authority that vouches for it over https, PEM.
  [[nodiscard]] auto authority_file() const -> std::filesystem::path;

  /// The one account's key, which Azurite's documentation gives to the world.
  [[nodiscard]] static auto key() -> Secret;
  [[nodiscard]] static auto key_authorization() -> std::shared_ptr<Authorization>;

  /// A container or queue of a name that no other has, reached with the key; not created yet.
  [[nodiscard]] auto resource(StorageService service) -> StorageResource;
  [[nodiscard]] auto resource(StorageService service,
                              std::string_view name,
                              std::shared_ptr<Authorization> authorization) -> StorageResource;
  /// A table of a name that no other has, reached with the key; not created yet.
  [[nodiscard]] auto table() -> Table;
  /// A name for a container, queue or table that no other has.
  [[nodiscard]] static auto fresh_name() -> std::string;

private:
  void make_authority();
  void start(Transport transport);

  SystemClock clock_;
  std::filesystem::path directory_;
  std::unique_ptr<http::CurlClient> client_;
  std::unique_ptr<StorageAccount> account_;
  pid_t process_ = -1;
  int output_ = -1;
};

} // namespace sluice::azure

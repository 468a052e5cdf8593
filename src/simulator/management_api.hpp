// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "http/server.hpp"
#include "simulator/api_call.hpp"
#include "simulator/fault.hpp"
#include "simulator/feed.hpp"
#include "simulator/journal.hpp"
#include "simulator/subscriptions.hpp"
#include "simulator/token_mint.hpp"

namespace sluice::simulator {

struct ManagementApiOptions {
  std::string tenant_id;
  /// Audiences of tokens that are let in, besides the address that the client called.
  std::vector<std::string> resources;
  /// Refuse another tenant's id in the URL (documented); the service was seen not to care.
  bool check_tenant = true;
  bool gzip = true;
  /// Take webhooks at http://127.0.0.1, for tests.
  bool allow_plain_webhooks = false;
  std::chrono::milliseconds drip_pause{5};
  std::string trap; ///< `127.0.0.1:9999`, where the URLs of an attacker lead.
};

/// The Office 365 Management Activity API of one tenant: subscriptions, listings, retrieval and
/// their refusals, to the letter of the documentation and of what was observed.
///
/// Threads: any.
class ManagementApi {
public:
  struct Parts {
    TokenMint& mint;
    Subscriptions& subscriptions;
    const Feed& feed;
    FaultInjector& faults;
    Journal& journal;
    Clock& clock; ///< For pauses; the time of day comes with each request.
  };

  /// All parts must outlive the API.
  ManagementApi(ManagementApiOptions options, Parts parts)
      : options_{std::move(options)},
        parts_{parts} {}

  /// `base_url` is the address that the client called, without a path.
  [[nodiscard]] auto answer(const http::ServerRequest& request,
                            std::string_view base_url,
                            DateTime now) -> http::ServerReply;

private:
  struct Context;
  using Reply = ApiResult<http::ServerReply>;

  [[nodiscard]] auto authorize(Context& context) -> ApiResult<>;
  [[nodiscard]] auto require_role(const Context& context, ContentType type) const -> ApiResult<>;
  [[nodiscard]] auto check_type(Context& context) -> ApiResult<>;
  [[nodiscard]] auto perform(Context& context) -> Reply;
  [[nodiscard]] auto start(Context& context) -> Reply;
  [[nodiscard]] auto list_subscriptions(const Context& context) const -> Reply;
  [[nodiscard]] auto list_content(Context& context) -> Reply;
  [[nodiscard]] auto retrieve(Context& context) -> Reply;
  [[nodiscard]] auto row(Context& context, const Blob& blob) -> std::string;
  [[nodiscard]] auto withholds(const Blob& blob) -> bool;
  void add_next_page(Context& context,
                     const RequestWindow& window,
                     const BlobPage& page,
                     http::ServerReply& reply);
  void finish(Context& context, http::ServerReply& reply) const;
  void note_misuse(const http::ServerRequest& request, const ApiCall& call);

  const ManagementApiOptions options_;
  const Parts parts_;
  std::mutex mutex_;
  std::set<std::string> withheld_; ///< Ids of late blobs that a listing has left out once.
};

} // namespace sluice::simulator

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/clock.hpp"
#include "endpoint/lent_storage.hpp"
#include "endpoint/running_queries.hpp"
#include "endpoint/shared_store.hpp"
#include "endpoint/storage.hpp"

namespace sluice::endpoint {

/// What all requests work with. Private to this library.
struct Service {
  SharedStore& store;
  RunningQueries& queries;
  Storage& storage;
  Clock& clock;
  std::string database;        ///< The name of the one database.
  std::string version;         ///< Of the program.
  bool prefers_rest = false;   ///< Clients are told to hand in blobs over REST.
  std::string origin = {};     ///< Where this endpoint answers, for addresses that it gives out.
  LentStorage* lent = nullptr; ///< What clients upload through in place of `storage`, if any.
};

/// Names one request, in answers and for `.cancel query`.
struct RequestIds {
  std::string client_request_id;
  std::string activity_id; ///< A GUID.
};

} // namespace sluice::endpoint

// SPDX-License-Identifier: Apache-2.0
#include "endpoint/ingestion_place.hpp"

#include "base/gzip.hpp"

namespace sluice::endpoint {
namespace {

constexpr std::uint64_t max_inflated_bytes = std::uint64_t{512} * 1024 * 1024;

} // namespace

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

} // namespace sluice::endpoint

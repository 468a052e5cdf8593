// SPDX-License-Identifier: Apache-2.0
#include "destination/embedded/embedded_destination.hpp"

#include <vector>

#include "base/log.hpp"

namespace sluice::destination {

auto EmbeddedDestination::open(const std::filesystem::path& directory,
                               const store::Options& options)
    -> Result<std::unique_ptr<EmbeddedDestination>> {
  TRY(auto opened, store::Store::open(directory, options));
  if (opened.quarantined) {
    log(LogLevel::error,
        "store_quarantined",
        "the store did not open any more; a new one was made and is filled from the archive",
        {{"moved_to", opened.quarantined->string()}, {"reason", opened.reason}});
  }
  return std::unique_ptr<EmbeddedDestination>{
      new EmbeddedDestination{std::move(opened.store), std::move(opened.quarantined)}};
}

auto EmbeddedDestination::deliver(const Batch& batch) -> Result<> {
  return store_.append({.tenant = batch.tenant,
                        .content = batch.content,
                        .records = batch.records,
                        .ingested = batch.ingested});
}

auto EmbeddedDestination::deliver_cases(const CaseBatch& batch) -> Result<> {
  std::vector<store::StoredCase> cases;
  for (const auto& told : batch.cases) {
    cases.push_back({told.case_id, told.version, told.told_at, told.row});
  }
  return store_.put_cases({batch.epoch, cases});
}

auto EmbeddedDestination::flush() -> Result<Delivery> {
  TRY(const auto flushed, store_.flush());
  return Delivery{
      .batches = flushed.batches, .stored = flushed.stored, .duplicates = flushed.duplicates};
}

} // namespace sluice::destination

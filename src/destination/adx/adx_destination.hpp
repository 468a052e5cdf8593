// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "destination/destination.hpp"
#include "kusto/ingestor.hpp"

namespace sluice::destination {

/// Azure Data Explorer, or what speaks its protocol, as a destination.
///
/// What is flushed together goes out as one piece, under a tag made of the group's name, and
/// `flush` returns when the cluster has ingested it. A piece that the cluster refuses for what is
/// in it is cut in two, down to single batches, so that one bad batch holds up no other.
class AdxDestination final : public Destination {
public:
  struct Options {
    std::string identity; ///< Cluster and database: what was delivered to another is not there.
    std::stop_token stop;
  };

  /// `ingestor` must outlive the object.
  AdxDestination(kusto::Ingestor& ingestor, Options options);

  [[nodiscard]] auto name() const -> std::string_view override { return "adx"; }
  [[nodiscard]] auto identity() const -> std::string override { return options_.identity; }
  void begin(std::string_view group) override;
  [[nodiscard]] auto deliver(const Batch& batch) -> Result<> override;
  [[nodiscard]] auto deliver_cases(const CaseBatch& batch) -> Result<> override;
  [[nodiscard]] auto flush() -> Result<Delivery> override;

private:
  /// Where a batch ends in `rows_`, and how many records it has.
  struct Part {
    std::size_t end = 0;
    std::uint64_t records = 0;
  };
  [[nodiscard]] auto
  send(std::size_t first, std::size_t last, const std::string& tag, Delivery& delivery) -> Result<>;
  void clear();

  kusto::Ingestor& ingestor_;
  const Options options_;
  std::string group_;
  std::string rows_;
  std::vector<Part> parts_;
};

} // namespace sluice::destination

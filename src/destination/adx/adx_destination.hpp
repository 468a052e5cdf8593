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
/// What is flushed together goes out in pieces of some size, several at once, each under a tag made
/// of the group's name, and `flush` returns when the cluster has ingested them. The same batches
/// are cut into the same pieces. A piece that the cluster refuses for what is in it is cut in two,
/// down to single batches, so that one bad batch holds up no other.
class AdxDestination final : public Destination {
public:
  struct Options {
    std::string identity; ///< Cluster and database: what was delivered to another is not there.
    std::stop_token stop = {};
    /// A piece has no more, unless one batch alone has. Bytes.
    std::size_t piece_bytes = std::size_t{32} * 1024 * 1024;
    std::size_t pieces_at_once = 4;
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
  /// The batches from `first` to before `last`, as one piece.
  struct Piece {
    std::size_t first = 0;
    std::size_t last = 0;
    std::string tag;
  };
  [[nodiscard]] auto cut() const -> std::vector<Piece>;
  [[nodiscard]] auto send(const Piece& piece, Delivery& delivery) -> Result<>;
  void clear();

  kusto::Ingestor& ingestor_;
  const Options options_;
  std::string group_;
  std::string rows_;
  std::vector<Part> parts_;
};

} // namespace sluice::destination

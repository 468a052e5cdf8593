// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_time.hpp"
#include "base/random.hpp"
#include "simulator/traffic/content_type.hpp"
#include "simulator/traffic/people.hpp"

namespace sluice::simulator {

/// What one kind of everyday record looks like: its JSON text with places to fill in. A place is
/// `%name%`, or `%a|b|%` for a choice between texts, one of which may be empty. The names are in
/// the table of record_shape.cpp.
struct ShapeText {
  std::uint16_t record_type;
  std::uint16_t weight; ///< Its share among the shapes of its content type.
  std::string_view text;
};

/// The everyday records of a feed, in the proportions of a tenant with Defender and Purview
/// (observed: Audit.General is mostly Endpoint DLP where that is deployed).
[[nodiscard]] auto shapes_of(ContentType type) -> std::span<const ShapeText>;

/// What is particular to one record.
struct Draw {
  std::uint64_t number; ///< Different for every record of the tenant: its Id comes from it.
  DateTime created;
  std::string_view tenant_id;
  std::span<const Person> people;
};

/// A shape made ready: rendering only copies texts and fills places.
///
/// Threads: `append` may be called from any thread at once.
class RecordShape {
public:
  /// A place that is not in the table is a mistake in the shape, hence a CHECK.
  explicit RecordShape(const ShapeText& shape);

  /// Appends one record.
  void append(std::string& out, const Draw& draw) const;
  [[nodiscard]] auto record_type() const noexcept -> std::uint16_t { return record_type_; }

private:
  struct Piece;
  struct Drawn;
  using Filler = void (*)(std::string& out, const Drawn& drawn, const Piece& piece);
  struct Place;

  struct Piece {
    std::string_view before; ///< Copied as it is, then the place is filled.
    Filler filler = nullptr;
    std::uint64_t number = 0;                ///< The `15` of `%int:15%`.
    std::vector<std::string_view> choices{}; ///< The texts of `%a|b|%`.
  };

  static auto places() -> std::span<const Place>;
  static auto piece_for(std::string_view before, std::string_view place) -> Piece;

  std::uint16_t record_type_;
  std::vector<Piece> pieces_;
  std::string_view after_;
};

/// The Id of the record that has this number.
[[nodiscard]] auto record_id(std::uint64_t number) -> std::string;

} // namespace sluice::simulator

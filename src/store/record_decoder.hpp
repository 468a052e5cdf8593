// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kql/value.hpp"

namespace sluice::store {

/// Reads columns of the wide table out of a record.
///
/// Records do not keep to types, so a value is taken as its column wants it: a number from its
/// text, a text from any scalar, objects and arrays as their JSON text. `""` and JSON null are null
/// (for a string ""), and so is the year 1 that the service writes for "no time" (observed). A
/// dynamic column that got JSON as a string holds what the string says. A value that cannot be read
/// is null in its column and stands in AdditionalFields under its own name.
///
/// Threads: one at a time.
class RecordDecoder {
public:
  /// `columns` are positions in `wide_table_schema()`, RawRecord and the hidden one not among them.
  explicit RecordDecoder(std::span<const std::size_t> columns);
  ~RecordDecoder();

  /// The wanted columns in the order asked for; valid until the next call. A record that is no JSON
  /// object has nothing in any column; a value that nests more than 100 deep is not there.
  [[nodiscard]] auto decode(std::string_view record) -> std::span<const kql::Value>;

private:
  class Json;
  void take(std::string_view key, Json& json);

  std::unique_ptr<Json> json_;
  std::vector<kql::Value> empty_; ///< What a record without any of the columns gives.
  std::vector<kql::Value> values_;
  std::vector<std::int32_t> place_; ///< For each column of `record`: where it goes, or -1.
  std::int32_t additional_place_ = -1;
  std::string additional_;
};

} // namespace sluice::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "kql/predicate.hpp"
#include "kql/schema.hpp"

/// For tests.
namespace sluice::kql {

/// A record of the fields given; the other columns of the schema are absent.
class RecordOfFields final : public Row {
public:
  /// `schema` must outlive it.
  RecordOfFields(const Schema& schema, std::map<std::string, Value> fields)
      : schema_{schema},
        fields_{std::move(fields)} {}
  [[nodiscard]] auto column(std::size_t index) -> Value override {
    const auto& column = schema_.columns[index];
    const auto found = fields_.find(column.name);
    return found == fields_.end() ? Value::absent(column.type) : found->second;
  }

private:
  const Schema& schema_;
  std::map<std::string, Value> fields_;
};

} // namespace sluice::kql

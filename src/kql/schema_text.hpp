// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kql/schema.hpp"

namespace sluice::kql {

/// Tables that are known by their columns alone, so that queries can be checked without data.
class SchemaCatalog final : public Catalog {
public:
  void add(std::string name, Schema schema) { tables_[std::move(name)] = std::move(schema); }

  [[nodiscard]] auto table(std::string_view name) const -> const Schema* override;
  [[nodiscard]] auto table_names() const -> std::vector<std::string> override;

private:
  std::map<std::string, Schema, std::less<>> tables_;
};

/// Reads `{"Table": {"Column": "type", ...}, ...}`; columns keep their order, and each table has
/// its hidden ingestion time behind them.
/// Errors: invalid_input when the text is something else or names a type that there is not.
[[nodiscard]] auto parse_schemas(std::string_view json) -> Result<std::unique_ptr<SchemaCatalog>>;

} // namespace sluice::kql

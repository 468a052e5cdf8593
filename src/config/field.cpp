// SPDX-License-Identifier: Apache-2.0
#include "config/field.hpp"

#include "config/field_tables.hpp"

namespace sluice::config {

auto Field::key() const noexcept -> std::string_view {
  return path.substr(parent().size());
}

auto Field::parent() const noexcept -> std::string_view {
  const auto dot = path.rfind('.');
  return dot == path.npos ? std::string_view{} : path.substr(0, dot + 1);
}

auto Field::prefix() const -> std::string {
  return std::string{path} + (type == FieldType::list ? "[]." : ".");
}

auto fields() -> std::span<const Field> {
  static const auto all = [] {
    std::vector<Field> joined;
    for (const auto part : {tenant_fields(),
                            case_fields(),
                            azure_fields(),
                            place_fields(),
                            destination_fields(),
                            ledger_fields(),
                            running_fields()}) {
      joined.insert(joined.end(), part.begin(), part.end());
    }
    return joined;
  }();
  return all;
}

auto fields_in(std::string_view prefix) -> std::vector<const Field*> {
  std::vector<const Field*> found;
  for (const auto& field : fields()) {
    if (field.parent() == prefix) {
      found.push_back(&field);
    }
  }
  return found;
}

} // namespace sluice::config

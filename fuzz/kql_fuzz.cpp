// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kql/compile.hpp"

/// Compiles any bytes as a query and as a rule over a fixed schema, and renders what is wrong with
/// them. Nothing may crash, hang or read past the text.
namespace {

class FuzzCatalog final : public sluice::kql::Catalog {
public:
  [[nodiscard]] auto table(std::string_view name) const -> const sluice::kql::Schema* override {
    return name == "T" ? &schema() : nullptr;
  }
  [[nodiscard]] auto table_names() const -> std::vector<std::string> override { return {"T"}; }

  [[nodiscard]] static auto schema() -> const sluice::kql::Schema& {
    using sluice::kql::Type;
    static const sluice::kql::Schema columns{{{"RecordType", Type::int64},
                                              {"Name", Type::string},
                                              {"Data", Type::dynamic},
                                              {"CreationTime", Type::datetime},
                                              {"Size", Type::real},
                                              {"_IngestionTime", Type::datetime, true}}};
    return columns;
  }
};

} // namespace

extern "C" auto LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) -> int {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  if (const auto plan = sluice::kql::compile_query(text, FuzzCatalog{}, {})) {
    static_cast<void>(print_plan(*plan));
  } else {
    static_cast<void>(render(plan.error(), text, "fuzz.kql"));
  }
  static_cast<void>(sluice::kql::compile_predicate(text, FuzzCatalog::schema(), {}));
  return 0;
}

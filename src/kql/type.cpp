// SPDX-License-Identifier: Apache-2.0
#include "kql/type.hpp"

#include <array>
#include <utility>

#include "base/check.hpp"
#include "kql/open_type.hpp"

namespace sluice::kql {

auto to_text(Type type) noexcept -> std::string_view {
  if (type == unknown_type) {
    return "unknown";
  }
  switch (type) {
  case Type::boolean:
    return "bool";
  case Type::int32:
    return "int";
  case Type::int64:
    return "long";
  case Type::real:
    return "real";
  case Type::decimal:
    return "decimal";
  case Type::string:
    return "string";
  case Type::datetime:
    return "datetime";
  case Type::timespan:
    return "timespan";
  case Type::guid:
    return "guid";
  case Type::dynamic:
    return "dynamic";
  }
  CHECK(false);
}

auto parse_type(std::string_view name) noexcept -> std::optional<Type> {
  using Row = std::pair<std::string_view, Type>;
  static constexpr std::array rows{
      Row{"bool", Type::boolean},
      Row{"boolean", Type::boolean},
      Row{"int", Type::int32},
      Row{"int32", Type::int32},
      Row{"long", Type::int64},
      Row{"int64", Type::int64},
      Row{"real", Type::real},
      Row{"double", Type::real},
      Row{"decimal", Type::decimal},
      Row{"string", Type::string},
      Row{"datetime", Type::datetime},
      Row{"date", Type::datetime},
      Row{"timespan", Type::timespan},
      Row{"time", Type::timespan},
      Row{"guid", Type::guid},
      Row{"uuid", Type::guid},
      Row{"uniqueid", Type::guid},
      Row{"dynamic", Type::dynamic},
  };
  for (const auto& [text, type] : rows) {
    if (text == name) {
      return type;
    }
  }
  return std::nullopt;
}

} // namespace sluice::kql

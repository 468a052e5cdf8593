// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <cstdint>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "kql/function/arguments.hpp"
#include "kql/function/families.hpp"

/// Numbers that stand for values.
namespace sluice::kql {
namespace {

/// xxHash64 of a text's bytes, or of the eight bytes of a number or a time (observed).
auto hash_of(const Value& value) -> std::uint64_t {
  if (value.type() == Type::string) {
    return XXH64(value.text().data(), value.text().size(), 0);
  }
  auto rest = static_cast<std::uint64_t>(value.as_integer());
  std::array<unsigned char, sizeof rest> bytes{};
  for (auto& byte : bytes) { // The least first, whatever the machine does.
    byte = static_cast<unsigned char>(rest & 0xFFU);
    rest >>= 8U;
  }
  return XXH64(bytes.data(), bytes.size(), 0);
}

auto hash(Arguments a, EvaluationContext&) -> Value {
  const bool has_modulus = a.size() > 1;
  if (any_null(a) || (has_modulus && a[1].as_integer() <= 0)) {
    return Value::null(Type::int64);
  }
  const auto number = hash_of(a[0]);
  return Value::int64(static_cast<std::int64_t>(
      has_modulus ? number % static_cast<std::uint64_t>(a[1].as_integer()) : number));
}

} // namespace

auto hash_functions() -> std::vector<Function> {
  return {{"hash",
           {"hash_xxhash64"},
           Family::text,
           "string, [long] -> long; long, [long] -> long; datetime, [long] -> long; "
           "timespan, [long] -> long",
           "A number that stands for the value, below the second argument if there is one.",
           "hash(\"World\") => 1846988464401551951",
           hash}};
}

} // namespace sluice::kql

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "kql/diagnostic_code.hpp"
#include "kql/type.hpp"

namespace sluice::kql {

/// How a call fits a signature.
struct SignatureMatch {
  Type result = Type::dynamic;
  /// What each argument is to be converted to; a narrower number stays as it is.
  std::vector<Type> parameters;
};

/// Whether a dynamic argument may stand for a typed one (for functions, not for aggregates).
enum class DynamicArguments : bool { refused, converted };

/// Finds the form of `signature` (written as in `Function::signature`) that takes arguments of
/// these types with the fewest conversions.
[[nodiscard]] auto match_signature(std::string_view signature,
                                   std::span<const Type> arguments,
                                   DynamicArguments dynamic) -> std::optional<SignatureMatch>;

/// Why no form of `signature` takes so many arguments, or none of these types.
[[nodiscard]] auto
mismatch_code(bool is_operator, std::string_view signature, std::size_t arguments) -> Code;

/// The type that values of both can have: the wider number; of different kinds, dynamic.
[[nodiscard]] auto common_type(Type a, Type b) noexcept -> Type;

} // namespace sluice::kql

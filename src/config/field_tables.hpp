// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "config/config.hpp"
#include "config/field.hpp"

/// Private to this library: the option table, in parts. Defaults stand there and nowhere else.
namespace sluice::config {

[[nodiscard]] auto tenant_fields() -> std::span<const Field>;
[[nodiscard]] auto case_fields() -> std::span<const Field>;
[[nodiscard]] auto azure_fields() -> std::span<const Field>;
[[nodiscard]] auto place_fields() -> std::span<const Field>;
[[nodiscard]] auto destination_fields() -> std::span<const Field>;
[[nodiscard]] auto ledger_fields() -> std::span<const Field>;
[[nodiscard]] auto running_fields() -> std::span<const Field>;

inline constexpr std::array<std::string_view, 6> clouds{
    "enterprise", "gcc", "gcc_high", "dod", "china", "custom"};
inline constexpr std::array<std::string_view, 6> credential_types{"automatic",
                                                                  "client_secret",
                                                                  "client_certificate",
                                                                  "workload_identity",
                                                                  "managed_identity",
                                                                  "azure_cli"};
inline constexpr std::array<std::string_view, 2> assertion_forms{"PS256", "RS256"};

[[nodiscard]] inline auto as_credential_type(std::string_view name) -> Credential::Type {
  const auto* row = std::ranges::find(credential_types, name);
  return static_cast<Credential::Type>(row - credential_types.begin()); // The same order.
}

[[nodiscard]] inline auto as_form(std::string_view name) -> Credential::Form {
  return name == "RS256" ? Credential::Form::rs256 : Credential::Form::ps256;
}

[[nodiscard]] inline auto as_bytes(std::int64_t number) -> std::uint64_t {
  return static_cast<std::uint64_t>(number);
}

} // namespace sluice::config

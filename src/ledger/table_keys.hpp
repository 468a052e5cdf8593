// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/date_time.hpp"
#include "ledger/content.hpp"

/// How the entities of a ledger in Azure Table Storage are named.
///
///     ledger          one partition for what belongs to no tenant
///     tenant|ID       one for each tenant, so that all that changes with a content changes at once
///     cases|EPOCH     one for each history of cases
///     claims|ID|X     in a table of their own: sixteen for each tenant, by the first digit
namespace sluice::ledger::tables {

/// `text` as printable ASCII without what keys must not have; `unescaped` gives it back, whatever
/// bytes it has.
[[nodiscard]] auto escaped(std::string_view text) -> std::string;
[[nodiscard]] auto unescaped(std::string_view text) -> std::string;
/// `text` as a part of a key: escaped, and with a digest in place of its end when it is long.
[[nodiscard]] auto key_part(std::string_view text) -> std::string;
/// 64 digits that stand for `text`.
[[nodiscard]] auto digest_part(std::string_view text) -> std::string;
/// 19 digits that sort as the numbers do.
[[nodiscard]] auto number_part(std::int64_t number) -> std::string;

inline constexpr std::string_view ledger_partition = "ledger";
[[nodiscard]] auto tenant_partition(std::string_view tenant) -> std::string;

/// What the rows of a tenant's partition begin with.
namespace rows {
inline constexpr std::string_view feeds = "feed|";          ///< One for each content type.
inline constexpr std::string_view contents = "content|";    ///< One for each content, for good.
inline constexpr std::string_view waiting = "wait|";        ///< While a content is `listed`.
inline constexpr std::string_view undelivered = "deliver|"; ///< While it is `collected`.
/// While its staged object is to be correlated.
inline constexpr std::string_view uncorrelated = "relate|";
inline constexpr std::string_view owned = "owned|"; ///< Which record ids a content claimed.
} // namespace rows

[[nodiscard]] auto feed_row(std::string_view content_type) -> std::string;
/// Names a content within its tenant.
[[nodiscard]] auto content_mark(const ContentKey& key) -> std::string;
[[nodiscard]] auto content_row(const ContentKey& key) -> std::string;
/// In the order of expiration.
[[nodiscard]] auto waiting_row(DateTime expiration, const ContentKey& key) -> std::string;
/// In the order of creation, then content id. `family` is `rows::undelivered` or
/// `rows::uncorrelated`.
[[nodiscard]] auto staged_row(std::string_view family, DateTime created, const ContentKey& key)
    -> std::string;
[[nodiscard]] auto owned_row(const ContentKey& key, std::size_t piece) -> std::string;

/// A filter for the rows of `partition` that begin with `prefix`, which ends with `|`.
[[nodiscard]] auto rows_of(std::string_view partition, std::string_view prefix) -> std::string;

} // namespace sluice::ledger::tables

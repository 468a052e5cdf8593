// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "azure/table.hpp"
#include "base/result.hpp"
#include "ledger/table_rows.hpp"

namespace sluice::ledger::tables {

/// Changes that are made together or not at all, all of one partition.
using ChangeGroup = std::vector<azure::TableChange>;
/// The new ETags of a group's entities; nothing when another had changed one of them before, so
/// that nothing of the group was done.
using GroupOutcome = std::optional<std::vector<std::string>>;

/// Calls `work` for 0 to `count` - 1 on a few threads, since each call is a wait for the service.
/// Errors: the first that a call returned; further calls are then not begun.
[[nodiscard]] auto in_parallel(std::size_t count,
                               const std::function<auto(std::size_t)->Result<>>& work) -> Result<>;

/// The two tables of a ledger, and how many entities change in few requests.
///
/// Threads: any.
/// Errors:  of all: those of `azure::Table`.
class Space {
public:
  Space(azure::Table ledger, azure::Table claims)
      : ledger_{std::move(ledger)},
        claims_{std::move(claims)} {}

  [[nodiscard]] auto create() const -> Result<>;

  /// Makes the changes of each group, several groups in one request where they are of one
  /// partition. The outcomes are in the order of `groups`.
  [[nodiscard]] auto commit(std::span<const ChangeGroup> groups) const
      -> Result<std::vector<GroupOutcome>>;
  /// The same for one group.
  [[nodiscard]] auto commit(const ChangeGroup& group) const -> Result<GroupOutcome>;

  /// Nothing when it is not there.
  [[nodiscard]] auto find(std::string_view partition, std::string_view row) const
      -> Result<std::optional<azure::TableEntity>>;
  [[nodiscard]] auto find_facts(const ContentKey& key, std::string_view row) const
      -> Result<std::optional<ContentFacts>>;
  /// The content's own row. Errors: invalid_input when there is none.
  [[nodiscard]] auto content(const ContentKey& key) const -> Result<ContentFacts>;
  [[nodiscard]] auto
  each(const azure::TableQuery& query,
       const std::function<auto(const azure::TableEntity&)->Result<>>& visit) const -> Result<>;
  /// Rows about contents, until `visit` says false.
  [[nodiscard]] auto
  each_content(const azure::TableQuery& query,
               const std::function<auto(ContentFacts)->Result<bool>>& visit) const -> Result<>;

  /// Changes one entity by reading and replacing it, again when another was faster; made when it is
  /// not there. `change` gets an entity with keys and says whether to write it.
  [[nodiscard]] auto update(std::string_view partition,
                            std::string_view row,
                            const std::function<auto(azure::TableEntity&)->bool>& change) const
      -> Result<>;

  /// All tenants that the ledger knows, in order.
  [[nodiscard]] auto tenants() const -> Result<std::vector<std::string>>;
  /// `tenant` alone, or all.
  [[nodiscard]] auto tenants(const std::optional<std::string>& tenant) const
      -> Result<std::vector<std::string>>;
  [[nodiscard]] auto require_tenant(const std::string& tenant) -> Result<>;

  [[nodiscard]] auto claims() const -> const azure::Table& { return claims_; }

private:
  auto commit_pack(std::span<const ChangeGroup> groups,
                   std::span<const std::size_t> pack,
                   std::span<GroupOutcome> outcomes) const -> Result<>;

  azure::Table ledger_;
  azure::Table claims_;
  std::mutex mutex_;
  std::set<std::string, std::less<>> known_tenants_;
};

/// True when the request was right, but what it was about is gone or not as it was.
[[nodiscard]] auto is_overtaken(const Error& error) -> bool;

} // namespace sluice::ledger::tables

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/content.hpp"
#include "ledger/table_space.hpp"

/// Who owns a record id, in tables. There is one entity for each id of a tenant, which the first
/// content makes that brings it, so two contents never have one record however many workers claim
/// at once. A content first writes down what it is about to claim, so that every claim can be found
/// again by its owner.
namespace sluice::ledger::tables {

/// The ids of one content.
struct Claimant {
  const ContentKey* key = nullptr;
  bool owns = false; ///< It has claimed before.
  std::span<const std::string> record_ids;
};

/// The rows that say which ids `claimant` is about to claim, with those that it has, to be written
/// before `claim`.
[[nodiscard]] auto announce_claims(const Space& space, const Claimant& claimant, DateTime now)
    -> Result<ChangeGroup>;
/// Claims the ids of all. Gives for each claimant the positions that another content, or an earlier
/// position, owns.
[[nodiscard]] auto claim(const Space& space, std::span<const Claimant> claimants)
    -> Result<std::vector<std::vector<std::uint32_t>>>;
/// Gives up what `claimant` claimed before and does not claim now, and says so in its rows.
[[nodiscard]] auto give_up_others(const Space& space, const Claimant& claimant) -> Result<>;

/// Forgets the ids that contents which are delivered claimed before `before`. Returns how many.
[[nodiscard]] auto forget_claims(const Space& space, DateTime before) -> Result<std::uint64_t>;

} // namespace sluice::ledger::tables

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "relevance/cases/case_rules.hpp"
#include "relevance/cases/case_view.hpp"

/// Private to this library: why a case is what it is. All texts are those of the state and the
/// identity, and live as long.
namespace sluice::relevance {

struct Reason {
  std::string_view what;
  std::string_view detail;
  std::int64_t created = 0; ///< Of the record. Ticks.
  std::string_view record = {};
};

[[nodiscard]] auto reasons(const CaseView& view,
                           const CaseIdentity& identity,
                           const CaseVerdict& verdict) -> std::vector<Reason>;

/// The kinds of record that tie the two together.
[[nodiscard]] auto link_names(const CaseView& view) -> std::vector<std::string_view>;

/// The records that decide what the row says, in order, each once.
[[nodiscard]] auto record_ids(const CaseView& view, const std::vector<Reason>& why)
    -> std::vector<std::string_view>;

} // namespace sluice::relevance

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "record/record_scanner.hpp"
#include "relevance/cases/air_json.hpp"
#include "relevance/cases/case_facts.hpp"

namespace sluice::relevance {

/// Takes from a record what cases are made of.
///
/// Use:     scan with `fields()` as the wanted fields, then `read` each record.
/// Threads: one at a time.
class FactReader {
public:
  /// Nothing, when the record is of another type or lacks what it is known by (Id, AlertId or
  /// InvestigationId).
  using Facts = std::variant<std::monostate, AlertFacts, InvestigationFacts>;

  [[nodiscard]] static auto fields() -> const std::vector<std::string>&;

  /// `tenant` stands in for a missing OrganizationId. What cannot be read within the record is
  /// noted in the facts and left out. The facts are good until the next call, which reads into
  /// whatever their taker leaves of them.
  [[nodiscard]] auto read(const record::ScannedRecord& record, std::string_view tenant) -> Facts&;

private:
  [[nodiscard]] auto alert(const record::ScannedRecord& record, std::string_view tenant) -> Facts&;
  [[nodiscard]] auto investigation(const record::ScannedRecord& record, std::string_view tenant)
      -> Facts&;

  Facts nothing_;
  Facts alert_;
  Facts investigation_;
  AirJson json_;
  std::string unescaped_;
};

} // namespace sluice::relevance

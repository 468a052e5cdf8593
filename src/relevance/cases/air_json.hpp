// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "relevance/cases/case_facts.hpp"

namespace sluice::relevance {

class AirDocument;

/// Reads the JSON inside of records: `Data` of alerts and investigations, `Actions`.
///
/// All of it comes from outside and is read leniently: keys that stand there twice (the last one
/// counts), numbers as texts, objects where texts are usual and the other way round, `$ref` back
/// references, absent and empty values. What is no JSON at all is `false`, and the record stands
/// without it.
///
/// Threads: one at a time. Memory: some times the size of the largest text it has read.
class AirJson {
public:
  AirJson();
  AirJson(AirJson&&) noexcept;
  auto operator=(AirJson&&) noexcept -> AirJson&;
  ~AirJson();

  /// `raw` is the JSON value of `Data` in the record: a string with JSON in it (observed), or the
  /// object itself. An absent, null or empty one is read as nothing, which is no failure.
  /// False when there is something in it that is no object.
  [[nodiscard]] auto read_alert(std::string_view raw, AlertFacts& facts) -> bool;
  [[nodiscard]] auto read_investigation(std::string_view raw, InvestigationFacts& facts) -> bool;
  /// `raw` is the JSON value of `Actions`: an array of strings (observed) or objects, or absent.
  /// False when any element could not be read; the others were.
  [[nodiscard]] auto read_actions(std::string_view raw, InvestigationFacts& facts) -> bool;

  /// Takes off what is more than is kept of each list. True when there was any.
  [[nodiscard]] static auto cut(InvestigationFacts& facts) -> bool;

private:
  std::unique_ptr<AirDocument> document_;
  std::unique_ptr<AirDocument> actions_; ///< The list whose items are documents of their own.
};

/// A time as records have it: ISO 8601 with a `T` or a blank, any number of digits, or
/// `10/31/2024 4:24:41 PM`. 0 for anything else and for the year 1, which stands for "not set".
[[nodiscard]] auto ticks_of(std::string_view text) -> std::int64_t;

} // namespace sluice::relevance

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "record/record_scanner.hpp"
#include "relevance/rule.hpp"

namespace sluice::relevance {

/// Rules, compiled: says of a record which of them keep it.
///
/// A rule may name every column of the wide table, `RawRecord`, and keys that are no column as
/// `AdditionalFields.Key`. A record that lacks a field the rule names does not pass by accident: a
/// condition on an absent field is unknown, negated or not (see `kql/predicate.hpp`).
///
/// Use:     `compile` once; scan with `fields()` as the wanted fields; one `Matcher` per scan.
/// Threads: a rule set that nobody moves may be used by all at once; a matcher by one.
class RuleSet {
public:
  class Matcher;

  /// No rules: nothing is kept.
  RuleSet();
  RuleSet(RuleSet&&) noexcept;
  auto operator=(RuleSet&&) noexcept -> RuleSet&;
  ~RuleSet();

  /// `now` is what `now()` in a rule gives.
  /// Errors: invalid_input; the message shows every mistake with its place in the rule's text.
  [[nodiscard]] static auto compile(std::vector<Rule> rules, DateTime now = {}) -> Result<RuleSet>;

  [[nodiscard]] auto rules() const noexcept -> std::span<const Rule>;
  /// What the scanner must look for: `Id` first, then the fields that the rules read.
  [[nodiscard]] auto fields() const noexcept -> const std::vector<std::string>&;
  /// The content types that the rules need, without repetition.
  [[nodiscard]] auto content_types() const noexcept -> const std::vector<std::string>&;

private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

/// Judges records, one after another, and counts.
class RuleSet::Matcher {
public:
  /// `rules` must outlive the matcher.
  explicit Matcher(const RuleSet& rules);
  Matcher(Matcher&&) noexcept;
  auto operator=(Matcher&&) noexcept -> Matcher&;
  ~Matcher();

  /// Whether any rule keeps the record, which was scanned for `RuleSet::fields()`.
  [[nodiscard]] auto keeps(const record::ScannedRecord& record) -> bool;

  /// Which rules kept the record last asked about: positions in `RuleSet::rules()`.
  [[nodiscard]] auto kept_by() const noexcept -> std::span<const std::size_t>;
  /// How many records each rule has kept, in the order of `RuleSet::rules()`.
  [[nodiscard]] auto counts() const noexcept -> std::span<const std::uint64_t>;

private:
  class Row;
  const RuleSet* rules_;
  std::unique_ptr<Row> row_;
  std::vector<std::size_t> kept_by_;
  std::vector<std::uint64_t> counts_;
};

} // namespace sluice::relevance

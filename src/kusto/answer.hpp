// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "kql/schema.hpp"
#include "kql/value.hpp"

namespace sluice::kusto {

/// Takes the rows of an answer.
class AnswerSink {
public:
  AnswerSink() = default;
  AnswerSink(const AnswerSink&) = delete;
  auto operator=(const AnswerSink&) -> AnswerSink& = delete;
  virtual ~AnswerSink() = default;

  /// Once, before the first row, for an empty result too.
  virtual auto begin(const kql::Schema& schema) -> Result<> = 0;
  virtual auto row(std::span<const kql::Value> values) -> Result<> = 0;
};

/// Reads the frames of `/v2/rest/query` and gives the rows of the first primary table to `sink`:
/// nothing at all when any part of the answer tells of a failure.
/// Errors: what the service tells (see `refusal.hpp`); malformed; the sink's.
[[nodiscard]] auto read_frames(std::string_view json, AnswerSink& sink) -> Result<>;

/// The same for the first table of `/v1/rest/mgmt`.
[[nodiscard]] auto read_tables(std::string_view json, AnswerSink& sink) -> Result<>;

} // namespace sluice::kusto

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/date_time.hpp"
#include "base/result.hpp"
#include "store/query.hpp"

namespace sluice::endpoint {

/// Which of Kusto's forms of an answer is wanted (documented).
enum class ResultForm : std::uint8_t {
  v1,            ///< One object with tables: rows, properties, status, contents.
  v1_command,    ///< One object with one table: what a command gives.
  v2,            ///< An array of frames; every table is one frame.
  v2_fragmented, ///< The same with the rows in frames of their own, a line each.
};

/// How a query ended, for the part of the answer behind the rows.
struct Completion {
  DateTime now{};
  std::string client_request_id;
  std::string activity_id;
  /// Set when the rows are not all: the answer says so, and clients must not use them.
  std::optional<Error> failure;
  /// Tell the failure behind the rows (`deferpartialqueryfailures`), not among them.
  bool deferred = false;
};

/// Writes the rows of a query as the body of an answer.
///
/// Use:     `begin` once, `row` for each, `finish` once.
/// Threads: one at a time.
class ResultWriter : public store::RowSink {
public:
  /// Takes the body piece by piece; an error ends the writing and comes out of the call at hand.
  using Emit = std::function<Result<>(std::string&& piece)>;

  [[nodiscard]] virtual auto finish(const Completion& completion) -> Result<> = 0;
};

/// `max_bytes` is what the rows may have together; a row beyond gives invalid_input with the code
/// `E_QUERY_RESULT_SET_TOO_LARGE`. 0 for no bound.
[[nodiscard]] auto make_result_writer(ResultForm form,
                                      ResultWriter::Emit emit,
                                      std::uint64_t max_bytes) -> std::unique_ptr<ResultWriter>;

} // namespace sluice::endpoint

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "endpoint/command_text.hpp"
#include "endpoint/error_reply.hpp"
#include "endpoint/query_request.hpp"
#include "endpoint/result_writer.hpp"
#include "endpoint/service.hpp"
#include "kql/schema.hpp"
#include "kql/value.hpp"

namespace sluice::endpoint {

/// The rows that a command gives.
struct CommandResult {
  kql::Schema schema;
  std::vector<std::vector<kql::Value>> rows;
};

using CommandOutcome = tl::expected<CommandResult, Failure>;

/// What a command works with.
struct CommandCall {
  Service& service;
  const QueryRequest& request;
  const RequestIds& ids;
  CommandText& text; ///< What stands behind the command's words.
};

/// One management command: a row of a table.
struct Command {
  /// The words it begins with, such as `show tables`. The longest that fits is taken.
  std::string_view words;
  /// Whether it changes anything, and so is refused to a request that may only read.
  bool changes;
  auto (*run)(CommandCall& call) -> CommandOutcome;
};

/// The rows of the table, by family.
[[nodiscard]] auto show_commands() -> std::span<const Command>;
[[nodiscard]] auto schema_commands() -> std::span<const Command>;
[[nodiscard]] auto table_commands() -> std::span<const Command>;
[[nodiscard]] auto storage_commands() -> std::span<const Command>;
[[nodiscard]] auto result_commands() -> std::span<const Command>;

/// `.show table T ingestion mappings`
[[nodiscard]] auto show_mappings(CommandCall& call, const std::string& table_name)
    -> CommandOutcome;

/// Reads and runs a command; `request.text` begins with a dot.
[[nodiscard]] auto run_command(Service& service, const QueryRequest& request, const RequestIds& ids)
    -> CommandOutcome;

/// The result as the body of an answer.
[[nodiscard]] auto command_body(const CommandResult& result,
                                ResultForm form,
                                const Completion& completion) -> std::string;

/// A result of texts alone: one row for each element of `rows`.
[[nodiscard]] auto text_result(std::vector<std::string> columns,
                               std::vector<std::vector<std::string>> rows) -> CommandResult;

} // namespace sluice::endpoint

// SPDX-License-Identifier: Apache-2.0
#include "endpoint/command.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "endpoint/result_writer.hpp"
#include "kql/compile.hpp"
#include "kql/diagnostic.hpp"

namespace sluice::endpoint {
namespace {

/// Keeps the rows of a query.
class KeptRows final : public store::RowSink {
public:
  auto begin(const kql::Schema& schema) -> Result<> override {
    result.schema = schema;
    return {};
  }
  auto row(std::span<const kql::Value> values) -> Result<> override {
    auto& kept = result.rows.emplace_back();
    for (const auto& value : values) {
      kept.push_back(value.owned_copy());
    }
    return {};
  }

  CommandResult result;
};

auto find_command(CommandText& text) -> const Command* {
  const Command* found = nullptr;
  for (const auto family : {show_commands(),
                            schema_commands(),
                            table_commands(),
                            storage_commands(),
                            result_commands()}) {
    for (const auto& command : family) {
      auto probe = text;
      if (probe.accept(command.words) &&
          (found == nullptr || command.words.size() > found->words.size())) {
        found = &command;
      }
    }
  }
  if (found != nullptr) {
    static_cast<void>(text.accept(found->words));
  }
  return found;
}

/// The result as a table of the language, so that a query can follow it.
auto as_datatable(const CommandResult& result) -> std::string {
  std::string text = "datatable(";
  for (const auto& column : result.schema.columns) {
    text += fmt::format("{}[{}]: {}",
                        &column == result.schema.columns.data() ? "" : ", ",
                        json_quoted(column.name),
                        kql::to_text(column.type));
  }
  text += ")[";
  for (const auto& row : result.rows) {
    for (const auto& value : row) {
      text += kql::to_literal(value) + ",";
    }
  }
  return text + "]";
}

auto pipe(Service& service, const CommandResult& result, std::string_view query) -> CommandOutcome {
  const auto text = fmt::format("{} |{}", as_datatable(result), query);
  const kql::EmptyCatalog nothing;
  const auto now = service.clock.now();
  const auto plan = kql::compile_query(text, nothing, {.now = now});
  if (!plan) {
    return tl::unexpected{semantic_failure(kql::render(plan.error(), text, "command"))};
  }
  const auto lease = service.store.read({});
  if (!lease) {
    return tl::unexpected{to_failure(lease.error())};
  }
  KeptRows kept;
  const auto ran = (*lease)->run(*plan, kept, {.now = now}, service.clock);
  if (!ran) {
    return tl::unexpected{to_failure(ran.error())};
  }
  return std::move(kept.result);
}

} // namespace

auto run_command(Service& service, const QueryRequest& request, const RequestIds& ids)
    -> CommandOutcome {
  auto text = CommandText::parse(request.text);
  if (!text) {
    return tl::unexpected{syntax_failure(text.error().message())};
  }
  const auto* command = find_command(*text);
  if (command == nullptr) {
    return tl::unexpected{syntax_failure(
        fmt::format("this endpoint has no command `{}`", request.text.substr(0, 80)))};
  }
  if (command->changes && request.read_only) {
    return tl::unexpected{to_failure(Error{
        ErrorKind::forbidden, "the request may only read, and the command changes something"})};
  }
  const auto query = text->query();
  CommandCall call{service, request, ids, *text};
  auto outcome = command->run(call);
  return outcome && !query.empty() ? pipe(service, *outcome, query) : std::move(outcome);
}

auto command_body(const CommandResult& result, ResultForm form, const Completion& completion)
    -> std::string {
  std::string body;
  const auto emit = [&body](std::string&& piece) -> Result<> {
    body += piece;
    return {};
  };
  const auto writer = make_result_writer(form, emit, 0);
  static_cast<void>(writer->begin(result.schema)); // None of these can fail: `emit` does not.
  for (const auto& row : result.rows) {
    static_cast<void>(writer->row(row));
  }
  static_cast<void>(writer->finish(completion));
  return body;
}

auto text_result(std::vector<std::string> columns, std::vector<std::vector<std::string>> rows)
    -> CommandResult {
  CommandResult result;
  for (auto& column : columns) {
    result.schema.columns.push_back({std::move(column), kql::Type::string});
  }
  for (auto& row : rows) {
    auto& values = result.rows.emplace_back();
    for (auto& text : row) {
      values.push_back(kql::Value::string(std::move(text)));
    }
  }
  return result;
}

} // namespace sluice::endpoint

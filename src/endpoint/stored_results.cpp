// SPDX-License-Identifier: Apache-2.0
#include "endpoint/stored_results.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/json_text.hpp"
#include "endpoint/command.hpp"
#include "kql/compile.hpp"
#include "kql/diagnostic.hpp"
#include "kql/dynamic.hpp"
#include "kql/lexer.hpp"

namespace sluice::endpoint {
namespace {

using kql::Value;

/// Names that begin so are the service's own (documented).
constexpr std::string_view prefix = "__stored_query_result/";
/// `{"NAME":"when it ends",...}`
constexpr std::string_view note = "stored-results";
constexpr std::size_t most_columns = 500; // Documented.
constexpr auto longest_life = std::chrono::hours{24};
/// At a time, so that a client that forgets them does not fill the disk for ever.
constexpr std::size_t most_results = 100;
/// What is held before it is written.
constexpr std::size_t rows_at_once = 20'000;
constexpr std::size_t bytes_at_once = std::size_t{8} * 1024 * 1024;
/// What the command itself may give back.
constexpr std::uint64_t most_preview_rows = 500'000;
constexpr std::size_t most_preview_bytes = std::size_t{64} * 1024 * 1024;
/// The default of commands (documented).
constexpr auto time_to_run = std::chrono::minutes{10};

auto syntax(const Error& error) -> tl::unexpected<Failure> {
  return tl::unexpected{syntax_failure(error.message())};
}

auto read_ends(const store::Store& store) -> Result<std::map<std::string, std::string>> {
  TRY(const auto notes, store.recall(note));
  std::map<std::string, std::string> ends;
  const auto json = kql::canonical_json(notes.empty() ? "{}" : notes.front().second).value_or("{}");
  for (kql::JsonItems item{json}; item.next();) {
    ends[kql::json_unquoted(item.key())] = kql::json_to_text(item.value());
  }
  return ends;
}

auto write_ends(store::Store& store, const std::map<std::string, std::string>& ends) -> Result<> {
  std::string text;
  for (const auto& [name, end] : ends) {
    text += fmt::format("{}{}:\"{}\"", text.empty() ? "" : ",", json_quoted(name), end);
  }
  return store.remember(note, "{" + text + "}");
}

auto forget(store::Store& store, const std::string& name) -> Result<> {
  TRY_DO(store.drop_table(stored_result_table(name)));
  TRY(auto ends, read_ends(store));
  ends.erase(name);
  return write_ends(store, ends);
}

struct Wanted {
  std::string name;
  Ticks life = longest_life;
  std::uint64_t preview_rows = most_preview_rows;
};

/// `NAME [with (PROPERTY = VALUE, ...)]`; a preview of 0 rows means all (documented).
auto read_wanted(CommandText& text) -> Result<Wanted> {
  Wanted wanted;
  TRY(wanted.name, text.name());
  if (!text.accept("with")) {
    return wanted;
  }
  TRY_DO(text.expect("("));
  while (!text.accept(")")) {
    TRY(const auto property, text.name());
    TRY_DO(text.expect("="));
    const auto value = text.next();
    const auto type = value ? value->value.type() : kql::Type::string;
    if (property == "previewCount" && type == kql::Type::int64) {
      const auto rows = std::max<std::int64_t>(value->value.as_integer(), 0);
      wanted.preview_rows = rows == 0 ? most_preview_rows : static_cast<std::uint64_t>(rows);
    } else if (property == "expiresAfter" && type == kql::Type::timespan) {
      wanted.life = std::min<Ticks>(value->value.as_timespan(), longest_life);
    } else {
      return Error{ErrorKind::invalid_input, fmt::format("`{}` is not known here", property)};
    }
    static_cast<void>(text.accept(","));
  }
  return wanted;
}

/// Puts a query's rows into a table, some thousands at a time, and keeps the first for the answer.
class TableSink final : public store::RowSink {
public:
  TableSink(store::Store& store, std::string table, std::uint64_t preview_rows)
      : store_{store},
        table_{std::move(table)},
        preview_rows_{preview_rows} {}

  auto begin(const kql::Schema& schema) -> Result<> override {
    preview.schema = schema;
    if (schema.columns.size() > most_columns) {
      return Error{ErrorKind::invalid_input,
                   fmt::format("a stored result has at most {} columns", most_columns)};
    }
    return {};
  }
  auto row(std::span<const Value> values) -> Result<> override {
    auto& kept = waiting_.emplace_back();
    std::size_t bytes = 0;
    for (const auto& value : values) {
      kept.push_back(value.owned_copy());
      bytes += sizeof value + value.text().size();
    }
    waiting_bytes_ += bytes;
    if (preview.rows.size() < preview_rows_ && preview_bytes_ < most_preview_bytes) {
      preview_bytes_ += bytes;
      preview.rows.push_back(kept);
    }
    const bool is_full = waiting_.size() >= rows_at_once || waiting_bytes_ >= bytes_at_once;
    return is_full ? write() : Result<>{};
  }
  auto write() -> Result<> {
    TRY_DO(store_.append_rows({.table = table_, .rows = waiting_}));
    waiting_.clear();
    waiting_bytes_ = 0;
    return {};
  }

  CommandResult preview;

private:
  store::Store& store_;
  const std::string table_;
  const std::uint64_t preview_rows_;
  std::vector<std::vector<Value>> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::size_t preview_bytes_ = 0;
};

auto fill(store::Store& store,
          const kql::Plan& plan,
          const Wanted& wanted,
          const std::string& table,
          CommandCall& call) -> Result<CommandResult> {
  const RunningQuery running{call.service.queries, call.ids.client_request_id};
  auto& clock = call.service.clock;
  TRY(auto ends, read_ends(store));
  if (ends.size() >= most_results && !ends.contains(wanted.name)) {
    return Error{ErrorKind::throttled, "too many stored results"}.with_hint(
        ".drop stored_query_result those that are not needed any more");
  }
  ends[wanted.name] = to_iso8601(clock.now() + wanted.life, 7);
  TRY_DO(write_ends(store, ends));
  TRY_DO(store.put_table(table, plan.output));
  TableSink sink{store, table, wanted.preview_rows};
  TRY_DO(store.run(plan,
                   sink,
                   {.now = clock.now(),
                    .max_rows = std::numeric_limits<std::uint64_t>::max(),
                    .timeout = time_to_run,
                    .stop = running.stop()},
                   clock));
  TRY_DO(sink.write());
  return std::move(sink.preview);
}

auto put_result(CommandCall& call, bool replace) -> CommandOutcome {
  const auto wanted = read_wanted(call.text);
  if (!wanted) {
    return syntax(wanted.error());
  }
  auto lease = call.service.store.change({});
  if (!lease) {
    return tl::unexpected{to_failure(lease.error())};
  }
  auto& store = **lease;
  const auto now = call.service.clock.now();
  if (const auto forgotten = forget_ended_results(store, now); !forgotten) {
    return tl::unexpected{to_failure(forgotten.error())};
  }
  const auto table = stored_result_table(wanted->name);
  const bool is_there = store.catalog().table(table) != nullptr;
  if (is_there && !replace) {
    return tl::unexpected{
        Failure{.code = "BadRequest_EntityAlreadyExists",
                .message = fmt::format("a stored result `{}` is there already", wanted->name)}};
  }
  const auto text = with_stored_results(call.text.data()).value_or(std::string{call.text.data()});
  const auto plan = store.compile(text, now);
  if (!plan) {
    return tl::unexpected{semantic_failure(kql::render(plan.error(), text, "query"))};
  }
  if (const auto gone = is_there ? forget(store, wanted->name) : Result<>{}; !gone) {
    return tl::unexpected{to_failure(gone.error())};
  }
  auto filled = fill(store, *plan, *wanted, table, call);
  if (!filled) {
    static_cast<void>(forget(store, wanted->name)); // Nobody shall read half a result.
    return tl::unexpected{to_failure(filled.error())};
  }
  return *std::move(filled);
}

auto set_result(CommandCall& call) -> CommandOutcome {
  return put_result(call, false);
}

auto replace_result(CommandCall& call) -> CommandOutcome {
  return put_result(call, true);
}

auto drop_result(CommandCall& call) -> CommandOutcome {
  const auto name = call.text.name();
  if (!name) {
    return syntax(name.error());
  }
  auto lease = call.service.store.change({});
  if (!lease) {
    return tl::unexpected{to_failure(lease.error())};
  }
  const auto dropped = forget(**lease, *name);
  if (!dropped) {
    return tl::unexpected{dropped.error().kind() == ErrorKind::gone
                              ? not_found(fmt::format("there is no stored result `{}`", *name))
                              : to_failure(dropped.error())};
  }
  return text_result({"Name"}, {{*name}});
}

auto show_results(CommandCall& call) -> CommandOutcome {
  const auto lease = call.service.store.read({});
  if (!lease) {
    return tl::unexpected{to_failure(lease.error())};
  }
  const auto ends = read_ends(**lease);
  if (!ends) {
    return tl::unexpected{to_failure(ends.error())};
  }
  auto result = text_result({"Name", "DatabaseName", "ExpiresOn"}, {});
  for (const auto& [name, end] : *ends) {
    result.rows.push_back(
        {Value::string(name), Value::string(call.service.database), Value::string(end)});
  }
  return result;
}

constexpr std::array table{
    Command{"set stored_query_result", true, set_result},
    Command{"set-or-replace stored_query_result", true, replace_result},
    Command{"drop stored_query_result", true, drop_result},
    Command{"show stored_query_results", false, show_results},
};

} // namespace

auto result_commands() -> std::span<const Command> {
  return table;
}

auto stored_result_table(std::string_view name) -> std::string {
  return fmt::format("{}{}", prefix, name);
}

auto is_stored_result(std::string_view name) -> bool {
  return name.starts_with(prefix);
}

auto with_stored_results(std::string_view query) -> std::optional<std::string> {
  constexpr std::string_view function = "stored_query_result";
  if (query.find(function) == std::string_view::npos) {
    return std::nullopt;
  }
  kql::Diagnostics mistakes; // The compiler will tell of them.
  const auto tokens = kql::tokenize(query, mistakes);
  std::string text;
  std::size_t copied = 0;
  for (std::size_t i = 0; i + 3 < tokens.size(); ++i) {
    const auto& name = tokens[i + 2];
    if (tokens[i].text == function && tokens[i + 1].text == "(" &&
        name.kind == kql::TokenKind::literal && name.value.type() == kql::Type::string &&
        tokens[i + 3].text == ")") {
      text += query.substr(copied, tokens[i].span.begin - copied);
      text += fmt::format("[{}]",
                          kql::to_literal(Value::string(stored_result_table(name.value.text()))));
      copied = tokens[i + 3].span.end;
    }
  }
  return copied == 0 ? std::nullopt : std::optional{text.append(query.substr(copied))};
}

auto forget_ended_results(store::Store& store, DateTime now) -> Result<> {
  TRY(const auto ends, read_ends(store));
  for (const auto& [name, end] : ends) {
    if (parse_iso8601(end).value_or(now) > now) {
      continue;
    }
    if (const auto gone = forget(store, name); !gone && gone.error().kind() != ErrorKind::gone) {
      return gone.error();
    }
  }
  return {};
}

} // namespace sluice::endpoint

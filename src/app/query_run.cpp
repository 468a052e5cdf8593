// SPDX-License-Identifier: Apache-2.0
#include "app/query_run.hpp"

#include <array>
#include <chrono>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "app/terminal.hpp"
#include "base/check.hpp"
#include "base/clock.hpp"
#include "base/file.hpp"
#include "kql/compile.hpp"
#include "kql/plan.hpp"
#include "kql/schema_text.hpp"
#include "store/store.hpp"

namespace sluice::app {
namespace {

/// A query longer than this is no query.
constexpr std::size_t max_query_bytes = std::size_t{1024} * 1024;
constexpr std::size_t max_schema_bytes = std::size_t{16} * 1024 * 1024;
constexpr std::size_t max_copy_bytes = std::size_t{64} * 1024 * 1024;
/// Somebody else's delivery holds the store for a moment at a time.
constexpr auto busy_patience = std::chrono::seconds{20};
constexpr auto busy_wait = std::chrono::milliseconds{100};

auto read_standard_input() -> std::string {
  std::string text;
  std::array<char, 4096> buffer{};
  while (text.size() <= max_query_bytes) {
    const auto count = std::fread(buffer.data(), 1, buffer.size(), stdin);
    if (count == 0) {
      break;
    }
    text.append(buffer.data(), count);
  }
  return text;
}

/// Null when there is no file.
auto read_schemas(const std::filesystem::path& file)
    -> Result<std::unique_ptr<kql::SchemaCatalog>> {
  if (file.empty()) {
    return std::unique_ptr<kql::SchemaCatalog>{};
  }
  TRY(const auto text, read_file(file, max_schema_bytes).while_doing("reading the schemas"));
  return kql::parse_schemas(text);
}

using Copies = std::map<std::string, std::string, std::less<>>;

/// Reads `NAME=FILE`; the name is what stands before the last `=`.
auto read_copies(const std::vector<std::string>& pairs, std::string_view prefix, Copies& copies)
    -> Result<> {
  for (const auto& pair : pairs) {
    const auto at = pair.rfind('=');
    if (at == std::string::npos || at == 0) {
      return Error{ErrorKind::invalid_input, fmt::format("expected NAME=FILE, found `{}`", pair)};
    }
    TRY(auto text,
        read_file(pair.substr(at + 1), max_copy_bytes).while_doing("reading a local copy"));
    copies[fmt::format("{}{}", prefix, pair.substr(0, at))] = std::move(text);
  }
  return {};
}

/// With a schema, files that are not given are there and empty, as its tables are.
auto local_copies(const QueryRunOptions& options) -> Result<kql::LocalCopies> {
  auto copies = std::make_shared<Copies>();
  TRY_DO(read_copies(options.external, "", *copies));
  TRY_DO(read_copies(options.watchlists, "watchlist:", *copies));
  return kql::LocalCopies{[copies, are_empty = !options.schema.empty()](
                              std::string_view address) -> std::optional<std::string> {
    const auto found = copies->find(address);
    return found != copies->end() ? std::optional{found->second}
           : are_empty            ? std::optional<std::string>{""}
                                  : std::nullopt;
  }};
}

} // namespace

auto query_text(const std::string& text) -> std::string {
  return text == "-" ? read_standard_input() : text;
}

void tell_limit(std::uint64_t rows) {
  fmt::print(stderr, "only the first {} rows are shown; --limit 0 shows all\n", rows);
}

auto open_store_for_reading(const std::filesystem::path& directory,
                            Clock& clock,
                            const std::stop_token& stop) -> Result<store::Store> {
  store::Options options;
  options.memory_limit_bytes = std::size_t{512} * 1024 * 1024;
  options.threads = 2;
  if (directory.empty()) {
    return store::Store::open_empty(options);
  }
  options.read_only = true;
  const auto deadline = clock.steady() + busy_patience;
  for (;;) {
    auto opened = store::Store::open(directory, options);
    if (opened) {
      return std::move(opened->store);
    }
    if (opened.error().kind() != ErrorKind::unavailable || clock.steady() > deadline ||
        !clock.wait(busy_wait, stop)) {
      return std::move(opened).error();
    }
  }
}

auto run_query(const std::filesystem::path& directory,
               const std::string& text,
               const QueryRunOptions& options,
               const std::stop_token& stop) -> ExitCode {
  SystemClock clock;
  const auto query = query_text(text);
  const auto store = open_store_for_reading(directory, clock, stop);
  if (!store) {
    return report(store.error());
  }
  const auto tables = read_schemas(options.schema);
  if (!tables) {
    return report(tables.error());
  }
  const auto copies = local_copies(options);
  if (!copies) {
    return report(copies.error());
  }
  const auto now = clock.now();
  const kql::CompileOptions compiling{
      .now = now, .checks_alone = options.check, .local_copies = *copies};
  const auto plan = *tables == nullptr ? store->compile(query, compiling)
                                       : kql::compile_query(query, **tables, compiling);
  if (!plan) {
    fmt::print(stderr, "{}", kql::render(plan.error(), query, "query"));
    return ExitCode::usage;
  }
  if (options.check) {
    for (const auto& column : plan->output.columns) {
      fmt::print("{}: {}\n", column.name, kql::to_text(column.type));
    }
    return ExitCode::ok;
  }
  if (options.explain) {
    fmt::print("{}", kql::print_plan(*plan));
    return ExitCode::ok;
  }
  const TableLayout layout{.width = terminal_width(), .widest_cell = options.wide ? 0U : 48U};
  const auto printer = make_result_printer(options.format, stdout, layout);
  CHECK(printer != nullptr); // The command line let no other format in.
  const auto max_rows =
      options.max_rows == 0 ? std::numeric_limits<std::uint64_t>::max() : options.max_rows;
  PrintedRows<store::RowSink> sink{*printer, max_rows};
  const auto summary =
      store->run(*plan, sink, {.now = now, .max_rows = max_rows, .stop = stop}, clock);
  if (!summary) {
    return report(summary.error());
  }
  printer->end();
  if (summary->truncated) {
    tell_limit(summary->rows);
  }
  return ExitCode::ok;
}

} // namespace sluice::app

// SPDX-License-Identifier: Apache-2.0
#include "store/store.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "store/case_writer.hpp"
#include "store/computation.hpp"
#include "store/database.hpp"
#include "store/query_run.hpp"
#include "store/row_writer.hpp"
#include "store/store_tables.hpp"
#include "store/wide_table.hpp"
#include "store/writer.hpp"

namespace sluice::store {
namespace {

namespace fs = std::filesystem;

/// Records that wait for a flush, each of which writes the last row group anew.
constexpr std::size_t max_waiting_bytes = std::size_t{1024} * 1024;

class WideTableCatalog final : public kql::Catalog {
public:
  /// The tables that somebody made.
  std::unique_ptr<kql::SchemaCatalog> named = std::make_unique<kql::SchemaCatalog>();

  [[nodiscard]] auto table(std::string_view name) const -> const kql::Schema* override {
    if (is_case_table(name)) {
      return &case_schema();
    }
    return name == wide_table_name ? &wide_table_schema() : named->table(name);
  }
  [[nodiscard]] auto table_names() const -> std::vector<std::string> override {
    auto names = named->table_names();
    names.insert(names.begin(), {std::string{wide_table_name}, std::string{case_table_name}});
    return names;
  }
};

auto prepare_directory(const fs::path& directory, const Options& options) -> Result<> {
  std::error_code failure;
  if (options.read_only || fs::exists(directory, failure)) {
    return {};
  }
  fs::create_directories(directory, failure);
  if (!failure) {
    fs::permissions(directory, fs::perms::owner_all, failure);
  }
  if (failure) {
    return Error{ErrorKind::storage,
                 fmt::format("making {}: {}", directory.string(), failure.message())};
  }
  return {};
}

auto file_in(const fs::path& directory) -> fs::path {
  return directory / "store.duckdb";
}

/// The columns of both, those that only `more` has at the end.
auto merged_schema(kql::Schema schema, const kql::Schema& more) -> Result<kql::Schema> {
  for (const auto& column : more.columns) {
    const auto at = schema.find(column.name);
    if (!at) {
      schema.columns.push_back(column);
    } else if (schema.columns[*at].type != column.type) {
      return Error{ErrorKind::invalid_input,
                   fmt::format("column `{}` is there with type {}",
                               column.name,
                               kql::to_text(schema.columns[*at].type))};
    }
  }
  return schema;
}

auto copy_without(const kql::SchemaCatalog& tables, std::string_view name)
    -> std::unique_ptr<kql::SchemaCatalog> {
  auto rest = std::make_unique<kql::SchemaCatalog>();
  for (auto& other : tables.table_names()) {
    if (other != name) {
      rest->add(other, *tables.table(other));
    }
  }
  return rest;
}

/// The columns that lie on disk: `kql::parse_schemas` adds hidden ones for the checks of queries.
auto without_hidden(const kql::SchemaCatalog& tables) -> std::unique_ptr<kql::SchemaCatalog> {
  auto visible = std::make_unique<kql::SchemaCatalog>();
  for (auto& name : tables.table_names()) {
    auto schema = *tables.table(name);
    std::erase_if(schema.columns, [](const auto& column) { return column.hidden; });
    visible->add(name, std::move(schema));
  }
  return visible;
}

} // namespace

class Store::State {
public:
  explicit State(const Options& options) : options_{options} {}

  /// `file` is empty for a store in memory. Errors: as `Store::open`.
  auto open(const fs::path& file) -> Result<> {
    if (!options_.read_only && !file.empty()) {
      TRY_DO(replay_log_in_child(file, options_));
    }
    TRY(database_, open_database(file, options_));
    TRY_DO(register_functions(connection(), computations_));
    if (file.empty()) {
      return {};
    }
    directory_ = file.parent_path();
    if (!options_.read_only) {
      TRY_DO(make_tables(connection(), computations_));
      TRY_DO(sync_directory(directory_));
    }
    const auto ids =
        query_texts(connection(), "SELECT value FROM facts WHERE name = 'store_id'", {});
    if (!ids || ids->size() != 1) {
      return Error{ErrorKind::corrupt,
                   ids ? std::string{"the store has no id"} : ids.error().message()};
    }
    id_ = ids->front();
    return load_named_tables();
  }

  auto load_named_tables() -> Result<> {
    const auto key = parameters(text_value(named_tables_fact));
    TRY(const auto kept, query_texts(connection(), "SELECT value FROM facts WHERE name = $1", key));
    if (!kept.empty()) {
      TRY(const auto parsed, kql::parse_schemas(kept.front()));
      tables_.named = without_hidden(*parsed);
    }
    return {};
  }

  [[nodiscard]] auto may_change() const -> Result<> {
    if (options_.read_only || directory_.empty()) {
      return Error{ErrorKind::invalid_input, "the store was opened for reading"};
    }
    return {};
  }

  auto flush_some() -> Result<> {
    TRY_DO(may_change());
    TRY(const auto written, writer_.write(connection()));
    release_memory(connection(), options_);
    summary_.batches += written.batches;
    summary_.stored += written.stored;
    summary_.duplicates += written.duplicates;
    return sync_directory(directory_);
  }

  [[nodiscard]] auto connection() const -> duckdb_connection { return database_.connection.get(); }

  Options options_;
  fs::path directory_;
  Computations computations_; // Before the database, whose functions look into it.
  Database database_;
  std::string id_;
  Writer writer_;
  FlushSummary summary_;
  WideTableCatalog tables_;
  kql::EmptyCatalog no_tables_;
};

/// Runs what the compiler asks.
class Store::Probe final : public kql::DataProbe {
public:
  Probe(State& state, DateTime now) : state_{state}, now_{now} {}

  [[nodiscard]] auto rows(const kql::Plan& plan) const -> Result<Rows> override {
    constexpr std::uint64_t max_rows = 10'000; // More columns than a person would want.
    KeepingSink kept;
    SystemClock clock;
    TRY(const auto summary,
        run_plan(state_.database_.database.get(),
                 state_.computations_,
                 *state_.tables_.named,
                 plan,
                 kept,
                 {.now = now_, .max_rows = max_rows},
                 clock));
    if (summary.truncated) {
      return Error{ErrorKind::invalid_input, "there would be too many columns"};
    }
    return std::move(kept.rows);
  }

private:
  class KeepingSink final : public RowSink {
  public:
    auto begin(const kql::Schema&) -> Result<> override { return {}; }
    auto row(std::span<const kql::Value> values) -> Result<> override {
      auto& row = rows.emplace_back();
      for (const auto& value : values) {
        row.push_back(value.owned_copy());
      }
      return {};
    }
    Rows rows;
  };

  State& state_;
  DateTime now_;
};

Store::Store(std::unique_ptr<State> state) : state_{std::move(state)} {}
Store::Store(Store&&) noexcept = default;
auto Store::operator=(Store&&) noexcept -> Store& = default;
Store::~Store() = default;

auto Store::open(const fs::path& directory, const Options& options) -> Result<Opened> {
  TRY_DO(prepare_directory(directory, options));
  const auto file = file_in(directory);
  auto state = std::make_unique<State>(options);
  const auto opened = state->open(file);
  if (opened) {
    return Opened{Store{std::move(state)}, std::nullopt, {}};
  }
  if (opened.error().kind() != ErrorKind::corrupt || options.read_only) {
    return Error{opened.error()}.while_doing(fmt::format("opening {}", file.string()));
  }
  state = std::make_unique<State>(options); // Lets go of the damaged file.
  TRY(const auto aside, quarantine_database(file));
  TRY_DO(state->open(file).while_doing(fmt::format("making {} anew", file.string())));
  return Opened{Store{std::move(state)}, aside, opened.error().message()};
}

auto Store::open_empty(const Options& options) -> Result<Store> {
  auto state = std::make_unique<State>(options);
  TRY_DO(state->open({}));
  return Store{std::move(state)};
}

auto Store::id() const noexcept -> const std::string& {
  return state_->id_;
}

auto Store::append(const Batch& batch) -> Result<> {
  state_->writer_.add(batch);
  return state_->writer_.waiting_bytes() < max_waiting_bytes ? Result<>{} : state_->flush_some();
}

auto Store::flush() -> Result<FlushSummary> {
  TRY_DO(state_->flush_some());
  return std::exchange(state_->summary_, {});
}

auto Store::put_cases(const CaseBatch& batch) -> Result<> {
  TRY_DO(state_->may_change());
  TRY_DO(write_cases(state_->connection(), batch));
  release_memory(state_->connection(), state_->options_);
  return sync_directory(state_->directory_);
}

auto Store::put_table(std::string_view name, const kql::Schema& schema) -> Result<> {
  TRY_DO(state_->may_change());
  const auto* there = state_->tables_.table(name);
  const bool is_named = there == nullptr || state_->tables_.named->table(name) != nullptr;
  TRY(auto merged, merged_schema(there == nullptr ? kql::Schema{} : *there, schema));
  const auto columns_before = there == nullptr ? 0 : there->columns.size();
  if (there != nullptr && merged.columns.size() == columns_before) {
    return {};
  }
  if (!is_named) {
    return Error{ErrorKind::invalid_input, fmt::format("`{}` takes no further columns", name)};
  }
  const auto sql = named_table_sql(name, merged, columns_before);
  auto tables = copy_without(*state_->tables_.named, name);
  tables->add(std::string{name}, std::move(merged));
  TRY_DO(change_named_tables(state_->connection(), sql, *tables));
  state_->tables_.named = std::move(tables);
  return sync_directory(state_->directory_);
}

auto Store::drop_table(std::string_view name) -> Result<> {
  TRY_DO(state_->may_change());
  if (state_->tables_.named->table(name) == nullptr) {
    return Error{ErrorKind::gone, fmt::format("there is no table `{}` to drop", name)};
  }
  const auto sql = fmt::format(
      "DROP TABLE IF EXISTS {0}; DELETE FROM facts WHERE starts_with(name, 'source/{0}/')",
      named_table_on_disk(name));
  auto rest = copy_without(*state_->tables_.named, name);
  TRY_DO(change_named_tables(state_->connection(), sql, *rest));
  state_->tables_.named = std::move(rest);
  return sync_directory(state_->directory_);
}

auto Store::append_rows(const RowBatch& batch) -> Result<bool> {
  TRY_DO(state_->may_change());
  if (state_->tables_.named->table(batch.table) == nullptr) {
    return Error{ErrorKind::gone, fmt::format("there is no table `{}` to fill", batch.table)};
  }
  TRY(const bool stored, write_rows(state_->connection(), batch));
  TRY_DO(sync_directory(state_->directory_));
  return stored;
}

auto Store::remember(std::string_view name, std::string_view text) -> Result<> {
  TRY_DO(state_->may_change());
  return put_fact(state_->connection(), fmt::format("note/{}", name), text);
}

auto Store::recall(std::string_view prefix) const
    -> Result<std::vector<std::pair<std::string, std::string>>> {
  const auto texts = [&](std::string_view column) {
    const auto key = parameters(text_value(fmt::format("note/{}", prefix)));
    return query_texts(
        state_->connection(),
        fmt::format("SELECT {} FROM facts WHERE starts_with(name, $1) ORDER BY name", column),
        key);
  };
  TRY(const auto names, texts("substr(name, 6)"));
  TRY(const auto values, texts("value"));
  std::vector<std::pair<std::string, std::string>> kept;
  for (std::size_t i = 0; i < std::min(names.size(), values.size()); ++i) {
    kept.emplace_back(names[i], values[i]);
  }
  return kept;
}

auto Store::catalog() const noexcept -> const kql::Catalog& {
  if (state_->directory_.empty()) {
    return state_->no_tables_;
  }
  return state_->tables_;
}

auto Store::compile(std::string_view text, DateTime now) const
    -> tl::expected<kql::Plan, kql::Diagnostics> {
  return compile(text, kql::CompileOptions{.now = now});
}

auto Store::compile(std::string_view text, kql::CompileOptions options) const
    -> tl::expected<kql::Plan, kql::Diagnostics> {
  const Probe probe{*state_, options.now};
  options.probe = &probe;
  return kql::compile_query(text, catalog(), options);
}

auto Store::run(const kql::Plan& plan, RowSink& sink, const RunOptions& options, Clock& clock) const
    -> Result<RunSummary> {
  return run_plan(state_->database_.database.get(),
                  state_->computations_,
                  *state_->tables_.named,
                  plan,
                  sink,
                  options,
                  clock);
}

} // namespace sluice::store
